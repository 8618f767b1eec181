"""AdaptiveCall: a server that refuses what one can do without is asked without it."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any

import orjson
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from chats.engine import retries
from chats.engine.parts import (
    Asked,
    Finish,
    Json,
    ModelError,
    ModelEvent,
    ModelRequest,
    ReasoningDelta,
    Restarted,
    TextDelta,
)
from chats.engine.provider import OpenAICompatible
from chats.engine.retries import Retries
from chats.engine.traits import Trait, Traits
from tests.chats.engine.test_adaptations import PICTURE, TOOL

ANSWER = b"".join(
    [
        b'data: {"choices": [{"index": 0, "delta": {"content": "Yes."}}]}\n\n',
        b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n',
        b"data: [DONE]\n\n",
    ]
)
Rule = Callable[[dict[str, Any]], str]


def _refusal(name: str, words: str, body: dict[str, Any]) -> str:
    return words if name in body else ""


class Server:
    """A model server that refuses what a rule has words for, and keeps what it is sent."""

    def __init__(self, httpserver: HTTPServer) -> None:
        self.rules: list[Rule] = []
        self.status = 400
        self.is_streamed = False
        self.bodies: list[dict[str, Any]] = []
        self.url = httpserver.url_for("/v1")
        httpserver.expect_request("/v1/chat/completions").respond_with_handler(self._answer)

    def refuse(self, *names: str) -> None:
        """Refuse parameters, the first that is there."""
        words = "Unsupported parameter: '{0}' is not supported with this model."
        for name in names:
            self.rules.append(partial(_refusal, name, words.format(name)))

    def _answer(self, request: Request) -> Response:
        body = orjson.loads(request.get_data())
        self.bodies.append(body)
        for rule in self.rules:
            if words := rule(body):
                refusal = orjson.dumps({"error": {"message": words}})
                if self.is_streamed:
                    return Response(b"data: " + refusal + b"\n\n", content_type="text/event-stream")
                return Response(refusal, status=self.status, content_type="application/json")
        return Response(ANSWER, content_type="text/event-stream")


@pytest.fixture
def server(httpserver: HTTPServer) -> Iterator[Server]:
    yield Server(httpserver)
    for request, _ in httpserver.log:
        request.close()


class Store:
    """Remembers what is learnt, and how often."""

    def __init__(self, *known: Trait) -> None:
        self.traits = Traits(known)
        self.learnt: list[list[tuple[str, str, str]]] = []

    async def known(self, model: str) -> Traits:
        return self.traits

    async def learn(self, model: str, traits: Any) -> None:
        self.traits = self.traits.extended(traits)
        self.learnt.append([(trait.kind, trait.subject, trait.value) for trait in traits])

    async def forget(self, model: str, kinds: Any) -> None:
        self.traits = self.traits.without(kinds)


async def ask(server: Server, store: Store, **more: Any) -> list[ModelEvent]:
    messages: list[Json] = more.pop("messages", [{"role": "user", "content": "Hello"}])
    request = ModelRequest("a-model", messages, **more)
    provider = OpenAICompatible(base_url=server.url, api_key="a-key", max_tokens=99, traits=store)
    try:
        return [event async for event in provider.stream(request)]
    finally:
        await provider.close()


async def test_every_call_carries_a_limit(server: Server) -> None:
    assert (await ask(server, Store()))[-1] == Finish("stop")
    await ask(server, Store(), options={"max_tokens": 7})
    assert [body["max_tokens"] for body in server.bodies] == [99, 7]


async def test_several_refusals_in_a_row_are_learnt_at_once(server: Server) -> None:
    server.refuse("stream_options", "temperature", "max_tokens")
    store = Store()
    for _ in range(2):
        events = await ask(server, store, options={"temperature": 0.3})
        assert events == [TextDelta("Yes."), Finish("stop")]
    assert len(server.bodies) == 5
    assert sorted(server.bodies[-1]) == ["max_completion_tokens", "messages", "model", "stream"]
    assert store.learnt == [
        [
            ("without", "stream_options", ""),
            ("without", "temperature", ""),
            ("renamed", "max_tokens", "max_completion_tokens"),
        ]
    ]


async def test_what_still_fails_is_not_learnt(server: Server) -> None:
    server.refuse("stream_options", "messages")
    store = Store()
    with pytest.raises(ModelError, match="'messages' is not supported") as failure:
        await ask(server, store)
    assert failure.value.code == "refused"
    assert len(server.bodies) == 2
    assert not store.learnt


async def test_a_server_that_refuses_all_is_not_asked_for_ever(server: Server) -> None:
    names = [f"top_{number}" for number in range(9)]
    server.refuse(*names)
    with pytest.raises(ModelError):
        await ask(server, Store(), options=dict.fromkeys(names, 1))
    assert len(server.bodies) == 6


async def test_a_refusal_within_the_stream_counts_like_any_other(server: Server) -> None:
    server.refuse("stream_options")
    server.is_streamed = True
    store = Store()
    assert (await ask(server, store))[-1] == Finish("stop")
    assert store.learnt == [[("without", "stream_options", "")]]


async def test_odd_statuses_count_where_the_words_say_it(server: Server) -> None:
    server.refuse("stream_options")
    server.status = 500
    assert (await ask(server, Store()))[-1] == Finish("stop")


async def test_a_too_long_request_is_shortened_once(server: Server) -> None:
    words = "This model's maximum context length is 2000 tokens."

    def too_long(body: dict[str, Any]) -> str:
        return words if len(orjson.dumps(body)) > 6000 else ""

    server.rules.append(too_long)
    said: list[Json] = [{"role": "system", "content": "Be kind."}]
    for number in range(40):
        said += [
            {"role": "user", "content": f"question {number} " + "word " * 60},
            {"role": "assistant", "content": f"answer {number} " + "word " * 60},
        ]
    said.append({"role": "user", "content": "And the newest?"})
    store = Store()
    assert (await ask(server, store, messages=said))[-1] == Finish("stop")
    assert len(server.bodies) == 2
    kept = server.bodies[-1]["messages"]
    assert kept[0] == said[0]
    assert kept[-1]["content"].endswith("And the newest?")
    assert "[Earlier messages were left out.]" in kept[1]["content"]
    assert "answer 39" in str(kept)
    assert "question 0 " not in str(kept)
    assert store.learnt == [[("window", "", "2000")]]


async def test_a_request_that_stays_too_long_fails_with_the_words(server: Server) -> None:
    server.rules.append(lambda _: "This model's maximum context length is 1000 tokens.")
    with pytest.raises(ModelError, match="maximum context length is 1000"):
        await ask(server, Store(), messages=[{"role": "user", "content": "word " * 900}])
    assert len(server.bodies) == 2


async def test_a_model_without_tools_is_told_of_them(server: Server) -> None:
    server.rules.append(lambda body: "x does not support tools" if "tools" in body else "")
    store = Store()
    await ask(server, store, tools=[TOOL])
    told = server.bodies[-1]["messages"][0]
    assert told["role"] == "system"
    assert '"name":"search_knowledge"' in told["content"]
    assert store.learnt == [[("no_tools", "", "")]]


async def test_a_request_that_needs_its_image_never_loses_it(server: Server) -> None:
    server.rules.append(lambda body: "does not support images" if "image_url" in str(body) else "")
    messages: list[Json] = [{"role": "user", "content": [{"type": "text", "text": "?"}, PICTURE]}]
    with pytest.raises(ModelError, match="does not support images"):
        await ask(server, Store(), messages=messages, may_lose_images=False)
    await ask(server, Store(), messages=messages)
    assert [len(server.bodies), "image_url" in str(server.bodies[-1])] == [3, False]


async def test_secrets_are_left_out_of_what_a_server_says(server: Server) -> None:
    server.rules.append(lambda _: "Incorrect API key provided: a-key-of-mine. sk-abcdef123456789")
    server.status = 401
    with pytest.raises(ModelError) as failure:
        await ask(server, Store())
    assert failure.value.detail == "Incorrect API key provided: … …"


OVERLOADED = "The service is overloaded. Tools are not available at the moment."


class Once:
    """A rule that is heeded as often as it has words."""

    def __init__(self, *words: str) -> None:
        self._words = list(words)

    def __call__(self, body: dict[str, Any]) -> str:
        return self._words.pop(0) if self._words else ""


@pytest.mark.parametrize("words", [OVERLOADED, "x does not support tools", "tools failed, unknown"])
async def test_a_passing_fault_teaches_nothing(server: Server, words: str) -> None:
    server.rules.append(Once(words))
    server.status = 503
    store = Store()
    provider = OpenAICompatible(base_url=server.url, api_key="a-key", traits=store)
    request = ModelRequest("a-model", [{"role": "user", "content": "Hello"}], [TOOL])
    for _ in range(3):
        events = retries.stream(provider, request, Retries(shortest=0, longest=0))
        assert [event async for event in events][-1] == Finish("stop")
    await provider.close()
    assert [len(body["tools"]) for body in server.bodies] == [1] * 4
    assert not store.learnt


async def test_what_a_template_refuses_as_a_fault_is_asked_once_more_as_it_is(
    server: Server,
) -> None:
    server.rules.append(lambda body: "tools param requires --jinja flag" if "tools" in body else "")
    server.status = 500
    store = Store()
    await ask(server, store, tools=[TOOL])
    assert ["tools" in body for body in server.bodies] == [True, True, False]
    assert store.learnt == [[("no_tools", "", "")]]


class Numbered:
    """A rule that says ``words`` with another id of a request each time, like many gateways."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._ids = (f"20261130-{chr(97 + number)}f{number}" for number in count())

    def __call__(self, body: dict[str, Any]) -> str:
        return f"{self._words} (request id: {next(self._ids)})" if "tools" in body else ""


@pytest.mark.parametrize("status", [500, 503])
async def test_the_id_of_a_request_is_no_other_fault(server: Server, status: int) -> None:
    server.rules.append(Numbered("The model does not support tools"))
    server.status = status
    store = Store()
    await ask(server, store, tools=[TOOL])
    assert ["tools" in body for body in server.bodies] == [True, True, False]
    assert store.learnt == [[("no_tools", "", "")]]


async def test_what_may_mean_something_else_counts_once_another_request_meets_it(
    server: Server,
) -> None:
    server.rules.append(Numbered("tool execution failed, unexpected"))
    store = Store()
    provider = OpenAICompatible(base_url=server.url, api_key="a-key", traits=store)
    request = ModelRequest("a-model", [{"role": "user", "content": "Hello"}], [TOOL])
    for times in range(3):
        assert bool(store.learnt) == (times == 2)
        assert [event async for event in provider.stream(request)][-1] == Finish("stop")
    await provider.close()
    assert store.learnt == [[("no_tools", "", "")]]


async def test_what_a_customer_wrote_teaches_nothing(server: Server) -> None:
    said = "Unsupported parameter: 'temperature' is not supported with this model."
    server.rules.append(lambda _: f"messages[0]: invalid: {said}")
    store = Store()
    for _ in range(2):
        with pytest.raises(ModelError):
            await ask(
                server,
                store,
                messages=[{"role": "user", "content": said}],
                options={"temperature": 0.3},
            )
    assert not store.learnt
    assert len(server.bodies) == 2


async def test_another_attempt_is_said_to_be_one(httpserver: HTTPServer) -> None:
    thought = b'data: {"choices": [{"index": 0, "delta": {"reasoning": "hm"}}]}\n\n'
    failed = b'data: {"error": {"message": "upstream down", "code": 502}}\n\n'
    kind = "text/event-stream"
    for body in (thought + failed, thought + ANSWER):
        expected = httpserver.expect_ordered_request("/v1/chat/completions")
        expected.respond_with_data(body, content_type=kind)
    provider = OpenAICompatible(base_url=httpserver.url_for("/v1"), api_key="a-key")
    request = ModelRequest("a-model", [{"role": "user", "content": "Hello"}])
    events = retries.stream(provider, request, Retries(shortest=0, longest=0))
    found = [event async for event in events]
    await provider.close()
    for asked, _ in httpserver.log:
        asked.close()
    again = ReasoningDelta("hm")
    first = [Asked(), again, Restarted()]
    assert found == [*first, Asked(), again, TextDelta("Yes."), Finish("stop")]
