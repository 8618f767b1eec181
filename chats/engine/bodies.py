"""Bodies: what a server sends whole, read no further than makes sense."""

from collections.abc import AsyncIterator

import httpx2
from openai import AsyncAPIResponse, DefaultAsyncHttpxClient

from chats.engine.parts import ModelError

MOST_OF_REFUSAL = 100_000
"""Bytes of a refusal that are read; the SDK reads all that comes."""
MOST_OF_TRANSCRIPT = 10_000_000
"""Bytes of the transcript of a recording."""


def client() -> httpx2.AsyncClient:
    """Return a client that reads refusals to a limit."""
    return DefaultAsyncHttpxClient(event_hooks={"response": [_bound]})


async def whole(response: AsyncAPIResponse[object]) -> bytes:
    """Return the body of ``response``.

    :raises ModelError: ``too_long``.
    """
    body = bytearray()
    async for piece in response.iter_bytes():
        body += piece
        if len(body) > MOST_OF_TRANSCRIPT:
            raise ModelError("too_long", "the transcript does not end")
    return bytes(body)


async def _bound(response: httpx2.Response) -> None:
    if response.is_error and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Bounded(response.stream)


class _Bounded(httpx2.AsyncByteStream):
    """The beginning of a stream of bytes."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        room = MOST_OF_REFUSAL
        async for piece in self._stream:
            yield piece[:room]
            room -= len(piece)
            if room <= 0:
                return

    async def aclose(self) -> None:
        await self._stream.aclose()
