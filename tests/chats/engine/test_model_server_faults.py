"""Model servers' faults: what any of them may do on top of its own ways."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from chats.engine.loop import Ending
from chats.engine.parts import InterruptedStreamError, ModelError
from chats.engine.provider import OpenAICompatible, Timeouts
from tests.chats.engine.shop import Conversation, calls_made
from tests.fakes.model_servers import script
from tests.fakes.model_servers.faults import (
    FAULTS,
    LONG,
    ODD,
    SHAPES,
    THINKING,
    UNREAD,
    VAGUE,
    WRITTEN,
)
from tests.fakes.model_servers.rules import tokens_of
from tests.fakes.model_servers.server import ModelServers, model_servers

TIMEOUTS = Timeouts(connect=1, first=3, idle=3, total=10)
IMPATIENT = Timeouts(connect=1, first=0.25, idle=0.25, total=5)
LAMP_ANSWER = f"{script.LEAD}\n\n{script.LAMP_ANSWER}"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def servers() -> Iterator[ModelServers]:
    with model_servers(FAULTS) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def provider(servers: ModelServers) -> AsyncIterator[OpenAICompatible]:
    """Yield a provider that has met none of the models."""
    provider = OpenAICompatible(base_url=servers.url, api_key="none", timeouts=TIMEOUTS)
    yield provider
    await provider.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def impatient(servers: ModelServers) -> AsyncIterator[OpenAICompatible]:
    """Yield a provider that waits a quarter of a second."""
    provider = OpenAICompatible(base_url=servers.url, api_key="none", timeouts=IMPATIENT)
    yield provider
    await provider.close()


@pytest.mark.parametrize("name", THINKING)
async def test_shows_no_reasoning_of_a_model_met_for_the_first_time(
    name: str, provider: OpenAICompatible
) -> None:
    conversation = Conversation(provider, name)
    assert await conversation.ask(*script.PARCEL) == Ending("stop", script.PARCEL_ANSWER)
    assert await conversation.ask(script.THANKS) == Ending("stop", script.THANKS_ANSWER)


@pytest.mark.parametrize("name", WRITTEN)
async def test_makes_the_calls_that_a_model_writes_as_a_text(
    name: str, provider: OpenAICompatible
) -> None:
    conversation = Conversation(provider, name)
    assert await conversation.ask(script.LAMP) == Ending("stop", LAMP_ANSWER)
    assert conversation.shop.calls == calls_made()


@pytest.mark.parametrize("name", UNREAD)
async def test_makes_the_calls_that_a_server_could_not_read(
    name: str, provider: OpenAICompatible, servers: ModelServers
) -> None:
    conversation = Conversation(provider, name)
    assert await conversation.ask(script.LAMP) == Ending("stop", LAMP_ANSWER)
    assert conversation.shop.calls == calls_made()
    assert [one.is_refused for one in servers.taken(name)] == [True, True, False]


@pytest.mark.parametrize("what", ODD)
async def test_shows_what_is_meant_for_the_customer_and_no_more(
    what: str, provider: OpenAICompatible
) -> None:
    shown = ODD[what][1]
    conversation = Conversation(provider, f"says {what}", never=("launch_rocket", "order_status"))
    ending = await conversation.ask(script.LAMP)
    assert (ending.reason, ending.text.strip()) == ("stop", shown)
    assert conversation.shop.calls == []


@pytest.mark.parametrize("name", SHAPES)
async def test_reads_a_stream_of_odd_form(name: str, provider: OpenAICompatible) -> None:
    conversation = Conversation(provider, name)
    assert await conversation.ask(script.LAMP) == Ending("stop", LAMP_ANSWER)
    assert conversation.shop.calls == calls_made()


@pytest.mark.parametrize("kind", ["comments", "blank lines"])
async def test_waits_for_a_model_that_reads_for_long_as_long_as_anything_comes(
    kind: str, impatient: OpenAICompatible
) -> None:
    conversation = Conversation(impatient, f"reads for long, with {kind}")
    assert await conversation.ask(script.THANKS) == Ending("stop", script.THANKS_ANSWER)


async def test_gives_up_a_model_that_reads_in_silence_beyond_the_limit(
    provider: OpenAICompatible, impatient: OpenAICompatible
) -> None:
    name = "reads for long in silence"
    with pytest.raises(ModelError) as failure:
        await Conversation(impatient, name).ask(script.THANKS)
    assert failure.value.code == "timeout"
    answer = await Conversation(provider, name).ask(script.THANKS)
    assert answer == Ending("stop", script.THANKS_ANSWER)


async def test_calls_an_answer_that_breaks_off_no_answer(provider: OpenAICompatible) -> None:
    with pytest.raises(ModelError) as failure:
        await Conversation(provider, "is cut").ask(*script.PARCEL)
    assert isinstance(failure.value, InterruptedStreamError) or failure.value.code == "cut"


async def told_at_length(name: str, provider: OpenAICompatible) -> Conversation:
    """Have a conversation that is too long for ``name``, and get an answer nevertheless."""
    conversation = Conversation(provider, name)
    for number in range(20):
        conversation.say("customer", f"Question {number}: {'about the lamp ' * 20}")
        conversation.say("assistant", f"Answer {number}: {'about the shade ' * 20}")
    ending = await conversation.ask(*script.PARCEL)
    assert ending == Ending("stop", script.PARCEL_ANSWER)
    return conversation


@pytest.mark.parametrize("name", LONG)
async def test_shortens_what_is_too_long_and_remembers_the_window(
    name: str, provider: OpenAICompatible, servers: ModelServers
) -> None:
    conversation = await told_at_length(name, provider)
    refused, *others = servers.taken(name)
    assert refused.is_refused
    assert [one.words for one in others] == [""]
    assert tokens_of(others[0].body) > 500
    assert others[0].body["messages"][0] == refused.body["messages"][0]

    assert await conversation.ask(script.THANKS) == Ending("stop", script.THANKS_ANSWER)
    assert [one.is_refused for one in servers.taken(name)] == [False]


@pytest.mark.parametrize("name", VAGUE)
async def test_tries_how_much_a_model_reads_that_does_not_say_it(
    name: str, provider: OpenAICompatible, servers: ModelServers
) -> None:
    conversation = await told_at_length(name, provider)
    *refused, answered = servers.taken(name)
    assert 1 <= len(refused) <= 3
    assert tokens_of(answered.body) > 150
    for _ in range(2):
        assert await conversation.ask(script.THANKS) == Ending("stop", script.THANKS_ANSWER)
