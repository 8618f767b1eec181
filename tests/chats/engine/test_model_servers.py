"""Model servers: each answers a whole conversation with tools, and a second one without a no."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from chats.engine.limits import Limits
from chats.engine.loop import Ending
from chats.engine.provider import OpenAICompatible, Timeouts
from tests.chats.engine.shop import Conversation, calls_made, counted
from tests.fakes.model_servers import PROFILES, script
from tests.fakes.model_servers.server import ModelServers, model_servers

TIMEOUTS = Timeouts(connect=1, first=3, idle=3, total=10)
AT_THE_LIMIT = (
    "openai-gpt-4o",
    "anthropic",
    "mistral",
    "bedrock-gateway",
    "litellm",
    "sglang",
    "cloudflare",
    "vllm-hermes-text",
)
"""Servers that want tools beside calls, ids of their own form, or that give one id twice."""


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def servers() -> Iterator[ModelServers]:
    with model_servers(PROFILES) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def provider(servers: ModelServers) -> AsyncIterator[OpenAICompatible]:
    """Yield a provider that learns of each of them by itself."""
    provider = OpenAICompatible(
        base_url=servers.url, api_key="none", timeouts=TIMEOUTS, max_tokens=500
    )
    yield provider
    await provider.close()


async def had(name: str, provider: OpenAICompatible) -> Conversation:
    """Have a whole conversation with ``name``; see that each answer is right."""
    profile = PROFILES[name]
    conversation = Conversation(provider, name, profile.options)
    answer = f"{script.LEAD}\n\n{script.LAMP_ANSWER}" if profile.has_tools else script.UNAIDED
    assert await conversation.ask(script.LAMP) == Ending("stop", answer)
    assert await conversation.ask(*script.PARCEL) == Ending("stop", script.PARCEL_ANSWER)
    conversation.say("agent", "I have asked the courier.")
    assert await conversation.ask(script.THANKS) == Ending("stop", script.THANKS_ANSWER)
    return conversation


@pytest.mark.parametrize("name", PROFILES)
async def test_answers_a_whole_conversation_and_learns_what_is_refused(
    name: str, provider: OpenAICompatible, servers: ModelServers
) -> None:
    profile = PROFILES[name]
    calls = 5 if profile.has_tools else 3
    servers.taken(name)

    first = await had(name, provider)
    requests = servers.taken(name)
    refused = [one.words for one in requests if one.is_refused]
    assert len(refused) <= profile.refusals, refused
    assert len(requests) == calls + len(refused)

    second = await had(name, provider)
    assert [one.words for one in servers.taken(name)] == [""] * calls

    for conversation in (first, second):
        assert conversation.shop.calls == (calls_made() if profile.has_tools else [])
        counts = counted(profile.shape.usage, calls=calls)
        assert [step.usage for step in conversation.steps] == counts


@pytest.mark.parametrize("name", AT_THE_LIMIT)
async def test_answers_when_the_limit_of_calls_is_reached(
    name: str, provider: OpenAICompatible
) -> None:
    conversation = Conversation(provider, name, PROFILES[name].options, Limits(steps=3))
    ending = await conversation.ask(script.ENDLESS)
    assert ending == Ending("limit", script.ENDLESS_ANSWER)
    assert len(conversation.shop.calls) == 2


async def test_the_table_says_what_is_peculiar_to_each() -> None:
    for name, profile in PROFILES.items():
        assert profile.source, name
        assert profile.quirks, name
