"""The provider: streams over real HTTP, and how they fail."""

import asyncio
import time
from dataclasses import replace

import pytest

from chats.engine import retries
from chats.engine.completion import complete
from chats.engine.parts import (
    Asked,
    Finish,
    InterruptedStreamError,
    Json,
    ModelError,
    ModelEvent,
    ModelRequest,
    TextDelta,
    UsageReport,
)
from chats.engine.provider import OpenAICompatible, Timeouts
from chats.engine.reading.habits import Habits
from chats.engine.retries import Retries
from tests.chats.engine.reading import streams
from tests.chats.servers import DemoModelServer
from tests.servers import waiting

HASTY = Retries(attempts=3, shortest=0.01, longest=0.02)
SAID: list[Json] = [
    {"role": role, "content": "a line about the lamp " * 4} for role in ("user", "assistant")
] * 500


def call_of(text: str, model: str = "demo") -> ModelRequest:
    return ModelRequest(model, [{"role": "user", "content": text}])


async def cpu_seconds(provider: OpenAICompatible, request: ModelRequest) -> float:
    """Return how long this thread computes for one answer."""
    began = time.thread_time()
    await events_of(provider, request)
    return time.thread_time() - began


async def collect(
    seen: list[ModelEvent], provider: OpenAICompatible, request: ModelRequest
) -> None:
    async for event in retries.stream(provider, request, HASTY):
        seen.append(event)  # noqa: PERF401 - what came before a failure counts


async def events_of(provider: OpenAICompatible, request: ModelRequest) -> list[ModelEvent]:
    seen: list[ModelEvent] = []
    await collect(seen, provider, request)
    return seen


async def test_streams_text_usage_and_finish(
    provider: OpenAICompatible, demo_model: DemoModelServer
) -> None:
    events = await events_of(provider, call_of("hello"))
    text = [event.text for event in events if isinstance(event, TextDelta)]
    assert "".join(text).startswith("Hello! I am the assistant.")
    assert isinstance(events[-2], UsageReport)
    assert events[-2].output == demo_model.last()["tokens"] >= 40
    assert events[-1] == Finish("stop")


class TinyServer:
    """A model server that counts its connections; the ``end`` follows the last word, if any."""

    def __init__(self, *words: str, end: bytes = b"0\r\n\r\n") -> None:
        self.connections = 0
        self.serving: list[asyncio.Task[None] | None] = []
        events = [streams.event(streams.chunk({"content": word})) for word in words]
        stop = streams.event(streams.chunk({}, "stop"))
        self._body = b"".join([*events, stop, streams.DONE])
        self._end = end

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.serving.append(asyncio.current_task())
        while (head := await reader.readline()).strip():
            length = 0
            while (line := await reader.readline()).strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            await reader.readexactly(length)
            assert head.startswith(b"POST")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
            writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
            writer.write(b"%x\r\n%s\r\n" % (len(self._body), self._body) + self._end)
            await writer.drain()
        writer.close()
        await writer.wait_closed()


async def answers_of(tiny: TinyServer, count: int = 2) -> list[list[ModelEvent]]:
    """Return the events of answers that a server gives one after the other."""
    server = await asyncio.start_server(tiny.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    provider = OpenAICompatible(
        base_url=f"http://127.0.0.1:{port}/v1",
        api_key="none",
        habits=Habits("http://127.0.0.1", is_plain=True),
    )
    found = [await events_of(provider, call_of("hello")) for _ in range(count)]
    await provider.close()
    await asyncio.gather(*filter(None, tiny.serving))
    server.close()
    return found


async def test_what_comes_together_goes_on_together_over_one_connection() -> None:
    tiny = TinyServer("Good ", "day, ", "Victor!")
    answers = await answers_of(tiny)
    assert answers == [[Asked(), TextDelta("Good day, Victor!"), Finish("stop")]] * 2
    assert tiny.connections == 1


async def test_an_answer_ends_without_the_end_of_its_body() -> None:
    tiny = TinyServer("Good day!", end=b"")
    answers = await answers_of(tiny)
    assert answers == [[Asked(), TextDelta("Good day!"), Finish("stop")]] * 2
    assert tiny.connections == 2


async def test_sends_the_messages_and_tools_as_they_are(
    provider: OpenAICompatible, demo_model: DemoModelServer
) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    call = {"id": "abcdefgh1", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    messages: list[Json] = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "hello"}, picture]},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "abcdefgh1", "content": "nothing"},
    ]
    tools: list[Json] = [{"type": "function", "function": {"name": "find", "parameters": {}}}]
    options = {"temperature": 0.5, "max_tokens": 90}
    await events_of(provider, ModelRequest("demo", messages, tools, options))
    assert demo_model.log()[0]["body"] == {
        "model": "demo",
        "messages": messages,
        "tools": tools,
        "stream": True,
        "stream_options": {"include_usage": True},
        **options,
    }


async def test_a_long_history_costs_hardly_more_than_a_short_one(
    provider: OpenAICompatible,
) -> None:
    short = call_of("hello [demo:rate=0]")
    long = replace(short, messages=[*SAID, *short.messages])
    await events_of(provider, short)
    assert await cpu_seconds(provider, long) < 8 * await cpu_seconds(provider, short)


async def test_needs_no_usage_report(provider: OpenAICompatible) -> None:
    events = await events_of(provider, call_of("hello [demo:no-usage]"))
    assert not any(isinstance(event, UsageReport) for event in events)


@pytest.mark.parametrize("status", ["429", "500", "503"])
async def test_asks_again_before_anything_is_visible(
    provider: OpenAICompatible, demo_model: DemoModelServer, status: str
) -> None:
    events = await events_of(provider, call_of(f"hello [demo:{status}=1]"))
    assert events[-1] == Finish("stop")
    assert [entry["status"] for entry in demo_model.log()] == [int(status), 200]


async def test_gives_up_after_three_attempts(
    provider: OpenAICompatible, demo_model: DemoModelServer
) -> None:
    with pytest.raises(ModelError) as failure:
        await events_of(provider, call_of("hello [demo:500]"))
    assert failure.value.code == "unavailable"
    assert len(demo_model.log()) == 3


async def test_waits_as_long_as_the_provider_asks(provider: OpenAICompatible) -> None:
    start = time.monotonic()
    await events_of(provider, call_of("hello [demo:429=1]"))
    assert 0.2 <= time.monotonic() - start < 0.6


async def test_does_not_repeat_a_bad_request(
    provider: OpenAICompatible, demo_model: DemoModelServer
) -> None:
    with pytest.raises(ModelError) as failure:
        await events_of(provider, ModelRequest("demo", [], [{"type": "function"}]))
    assert failure.value.code == "refused"
    assert len(demo_model.log()) == 1


@pytest.mark.parametrize("fault", ["cut=0", "drop=0", "bad-json=0", "error=0"])
async def test_asks_again_when_a_stream_breaks_before_its_first_token(
    provider: OpenAICompatible, demo_model: DemoModelServer, fault: str
) -> None:
    with pytest.raises(ModelError) as failure:
        await events_of(provider, call_of(f"hello [demo:{fault}]"))
    assert not isinstance(failure.value, InterruptedStreamError)
    assert len(demo_model.log()) == 3


@pytest.mark.parametrize("fault", ["cut=4", "drop=4", "bad-json=4", "error=4", "stall-mid=4"])
async def test_calls_a_stream_that_breaks_after_visible_text_interrupted(
    provider: OpenAICompatible, demo_model: DemoModelServer, fault: str
) -> None:
    seen: list[ModelEvent] = []
    with pytest.raises(InterruptedStreamError):
        await collect(seen, provider, call_of(f"hello [demo:{fault}]"))
    assert len(seen) == 1 + 4
    assert len(demo_model.log()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["stall-headers", "stall-first"])
async def test_waits_for_the_first_byte_only_so_long(
    provider: OpenAICompatible, fault: str
) -> None:
    start = time.monotonic()
    with pytest.raises(ModelError) as failure:
        await events_of(provider, call_of(f"hello [demo:{fault}]"))
    assert failure.value.code == "timeout"
    assert 0.5 <= time.monotonic() - start < 1.0


@pytest.mark.slow
async def test_ends_an_endless_stream(demo_model: DemoModelServer) -> None:
    timeouts = Timeouts(total=1.5)
    habits = Habits(demo_model.url, is_plain=True)
    provider = OpenAICompatible(
        base_url=demo_model.url, api_key="none", timeouts=timeouts, habits=habits
    )
    with pytest.raises(InterruptedStreamError):
        await events_of(provider, call_of("hello [demo:endless,rate=200]"))
    await provider.close()
    assert demo_model.closed() > 0


async def test_reports_a_provider_that_is_not_there() -> None:
    provider = OpenAICompatible(base_url="http://127.0.0.1:9/v1", api_key="none")
    with pytest.raises(ModelError) as failure:
        await events_of(provider, call_of("hello"))
    await provider.close()
    assert failure.value.code == "unavailable"


@pytest.mark.parametrize("fault", ["stall-headers", "stall-first", "stall-mid=3", "slow=5"])
async def test_closes_upstream_at_once_when_cancelled(
    demo_model: DemoModelServer, fault: str
) -> None:
    provider = OpenAICompatible(base_url=demo_model.url, api_key="none")
    task = asyncio.create_task(events_of(provider, call_of(f"hello [demo:{fault}]")))
    await waiting.eventually(lambda: bool(demo_model.log()))
    await waiting.awhile(0.1)
    cancelled = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    closed = await asyncio.to_thread(demo_model.closed)
    await provider.close()
    assert closed - cancelled < 0.5


async def test_completes_a_piece_of_work(provider: OpenAICompatible) -> None:
    order = "Write a short title for this conversation."
    request = ModelRequest(
        "demo-utility",
        [
            {"role": "system", "content": order},
            {"role": "user", "content": "<question>Where is my parcel?</question>"},
        ],
    )
    completion = await complete(provider, request)
    assert completion.text == "Parcel"
    (attempt,) = completion.attempts
    assert attempt.usage
