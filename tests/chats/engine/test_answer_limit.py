"""The limit of an answer's length: sent with every call, by the name that the server takes."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from chats.engine.parts import Finish, ModelError, ModelEvent, ModelRequest
from chats.engine.provider import OpenAICompatible

ANSWER = b"".join(
    [
        b'data: {"choices": [{"index": 0, "delta": {"content": "Yes."}}]}\n\n',
        b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n',
        b"data: [DONE]\n\n",
    ]
)


class Server:
    """A model server that refuses the parameters in ``refused``, and keeps what it is sent."""

    def __init__(self, httpserver: HTTPServer) -> None:
        self.refused: set[str] = set()
        self.words = "Unsupported parameter: '{name}' is not supported with this model."
        self.bodies: list[dict[str, Any]] = []
        self.url = httpserver.url_for("/v1")
        httpserver.expect_request("/v1/chat/completions").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        body = orjson.loads(request.get_data())
        self.bodies.append(body)
        for name in sorted(self.refused & set(body)):
            message = self.words.format(name=name)
            return Response(
                orjson.dumps({"error": {"message": message, "param": name}}),
                status=400,
                content_type="application/json",
            )
        return Response(ANSWER, content_type="text/event-stream")


@pytest.fixture
def server(httpserver: HTTPServer) -> Iterator[Server]:
    yield Server(httpserver)
    for request, _ in httpserver.log:
        request.close()


async def ask(provider: OpenAICompatible, **options: Any) -> list[ModelEvent]:
    request = ModelRequest("a-model", [{"role": "user", "content": "Hello"}], options=options)
    return [event async for event in provider.stream(request)]


async def test_every_call_carries_a_limit(server: Server) -> None:
    provider = OpenAICompatible(base_url=server.url, api_key="k", max_tokens=99)
    try:
        assert (await ask(provider))[-1] == Finish("stop")
        await ask(provider, max_tokens=7)
    finally:
        await provider.close()

    assert [body["max_tokens"] for body in server.bodies] == [99, 7]


async def test_a_server_that_calls_it_otherwise_is_asked_so_from_then_on(server: Server) -> None:
    server.refused = {"max_tokens"}
    provider = OpenAICompatible(base_url=server.url, api_key="k", max_tokens=99)
    try:
        for _ in range(2):
            assert (await ask(provider))[-1] == Finish("stop")
    finally:
        await provider.close()

    names = [sorted(name for name in body if name.startswith("max_")) for body in server.bodies]
    assert names == [["max_tokens"], ["max_completion_tokens"], ["max_completion_tokens"]]
    assert server.bodies[-1]["max_completion_tokens"] == 99


async def test_any_other_refusal_stays_one(server: Server) -> None:
    server.refused = {"stream_options"}
    provider = OpenAICompatible(base_url=server.url, api_key="k")
    try:
        with pytest.raises(ModelError, match="stream_options"):
            await ask(provider)
    finally:
        await provider.close()

    assert len(server.bodies) == 1


async def test_a_refused_value_is_no_refused_name(server: Server) -> None:
    server.refused = {"max_tokens"}
    server.words = "{name} is too large: 4096. This model has 2048 tokens left."
    provider = OpenAICompatible(base_url=server.url, api_key="k")
    try:
        with pytest.raises(ModelError, match="too large"):
            await ask(provider)
    finally:
        await provider.close()

    assert len(server.bodies) == 1
