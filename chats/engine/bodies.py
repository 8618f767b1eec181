"""Bodies: what a server sends whole, read no further than makes sense."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx2
from openai import AsyncAPIResponse, DefaultAsyncHttpxClient

from chats.engine.parts import ModelError

MOST_OF_REFUSAL = 100_000
"""Bytes of a refusal that are read, once unpacked; the SDK reads all that comes."""
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
        response.stream = _Bounded(response)
        # What the stream yields is unpacked already.
        response.headers.pop("Content-Encoding", None)


class _Bounded(httpx2.AsyncByteStream):
    """The beginning of the body of a response, unpacked."""

    def __init__(self, response: httpx2.Response) -> None:
        self._packed = httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=response.stream,
            request=response.request,
        )

    async def __aiter__(self) -> AsyncIterator[bytes]:
        room = MOST_OF_REFUSAL
        async with aclosing(self._packed.aiter_bytes()) as pieces:
            async for piece in pieces:
                yield piece[:room]
                room -= len(piece)
                if room <= 0:
                    return

    async def aclose(self) -> None:
        await self._packed.aclose()
