"""``python -m tests.bench.references.stamped_model PORT``: a model whose tokens say their age.

It speaks OpenAI's chat completions. Every token is ``t<nanoseconds> ``, the monotonic clock when it
was written, which who reads it on the same machine subtracts from its own. The question says how
many tokens the answer has and how many come per second: ``[pace <rate> <tokens>]``; at rate 0 they
come as fast as they are read. The first token comes at once, as from a model with nothing to read.
"""

import asyncio
import re
import sys
import time
from typing import NamedTuple, cast

import orjson
import uvloop

END = b"\r\n\r\n"
AT_ONCE = 8
"""Tokens written without looking at other streams, when they come as fast as possible."""
PACE = re.compile(rb"\[pace (\d+) (\d+)\]")
STAMP = re.compile(r"t(\d+) ")
_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
_CHUNK = (
    'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,'
    '"model":"stamped","system_fingerprint":null,"choices":[{"index":0,"delta":{"content":"%s"},'
    '"logprobs":null,"finish_reason":%s}]}\n\n'
)
_WHOLE = {
    "id": "chatcmpl-2",
    "object": "chat.completion",
    "created": 1760000000,
    "model": "stamped",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "A short title"},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}


class Pace(NamedTuple):
    """Tokens per second, 0 for as fast as possible, and how many in all."""

    rate: int
    tokens: int

    @property
    def question(self) -> str:
        """What makes the model answer at this pace."""
        return f"How are you? [pace {self.rate} {self.tokens}]"


class Stream:
    """One answer that is being written."""

    def __init__(self, transport: asyncio.Transport, pace: Pace) -> None:
        self._transport = transport
        self._pace = pace
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()
        self._written = 0
        self._is_held = False
        transport.write(_HEAD)
        self._go_on()

    def hold(self) -> None:
        """Wait: the reader is behind."""
        self._is_held = True

    def resume(self) -> None:
        """Go on."""
        self._is_held = False
        self._go_on()

    def _go_on(self) -> None:
        if self._is_held or self._transport.is_closing():
            return
        for _ in range(1 if self._pace.rate else AT_ONCE):
            if self._written == self._pace.tokens:
                self._end()
                return
            self._write(f"t{time.monotonic_ns()} ")
            self._written += 1
        if self._pace.rate:
            self._loop.call_at(self._begun + self._written / self._pace.rate, self._go_on)
        else:
            self._loop.call_soon(self._go_on)

    def _end(self) -> None:
        self._write("", '"stop"')
        done = b"data: [DONE]\n\n"
        self._transport.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(done), done))

    def _write(self, content: str, reason: str = "null") -> None:
        event = (_CHUNK % (content, reason)).encode()
        self._transport.write(b"%x\r\n%s\r\n" % (len(event), event))


class Connection(asyncio.Protocol):
    """One connection, which asks one thing after the other."""

    def __init__(self) -> None:
        self._buffer = b""
        self._stream: Stream | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def pause_writing(self) -> None:
        """Hold the stream: its reader is behind."""
        if self._stream:
            self._stream.hold()

    def resume_writing(self) -> None:
        """Let it go on."""
        if self._stream:
            self._stream.resume()

    def data_received(self, data: bytes) -> None:
        """Answer when a request is whole."""
        self._buffer += data
        head, found, rest = self._buffer.partition(END)
        if not found:
            return
        stated = re.search(rb"content-length: *(\d+)", head.lower())
        size = int(stated[1]) if stated else 0
        if len(rest) >= size:
            self._buffer = rest[size:]
            self._answer(rest[:size])

    def _answer(self, body: bytes) -> None:
        asked = orjson.loads(body) if body else {}
        if asked.get("stream"):
            paces = PACE.findall(body) or [(b"0", b"8")]
            self._stream = Stream(self._transport, Pace(*map(int, paces[-1])))
            return
        whole = orjson.dumps(_WHOLE)
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(whole)}"
        self._transport.write(head.encode() + END + whole)


async def serve(port: int) -> None:
    """Serve until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
