"""The transport: each request checked, each answer bounded in time and size, redirects refused."""

import asyncio
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import cast

import httpcore2
import httpx2

from channels_layer.outgoing import targets
from channels_layer.outgoing.errors import (
    OutgoingFailedError,
    OutgoingRedirectError,
    OutgoingRefusedError,
)

MOST_CONNECTIONS = 20
ENCODINGS = ("gzip", "deflate")
"""How an answer may be packed; both are unpacked in pieces of bounded size."""


@dataclass(frozen=True)
class Caps:
    """How long a request may take with its whole answer, and how large the answer is, unpacked."""

    seconds: float
    most_bytes: int


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Sends requests that the rules allow by one pool of connections, without any proxy."""

    def __init__(
        self,
        backend: httpcore2.AsyncNetworkBackend,
        trust: ssl.SSLContext,
        allowed: targets.Allowed,
        caps: Caps,
    ) -> None:
        """Connect by ``backend``, which judges addresses."""
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trust, network_backend=backend, max_connections=MOST_CONNECTIONS
        )
        self._allowed = allowed
        self._caps = caps

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send ``request``.

        :raises OutgoingRefusedError: a rule is broken by the request, or by what is answered.
        :raises OutgoingFailedError: ``too_slow`` or ``unresolved``.
        :raises httpx2.TransportError: the connection fails.
        """
        clock = _Clock(self._caps.seconds)
        sent = self._prepared(request)
        async with clock.running():
            with _translated():
                answer = await self._pool.handle_async_request(sent)
        body = _Body(cast("AsyncIterable[bytes]", answer.stream))
        packed = httpx2.Response(answer.status, headers=answer.headers, stream=body)
        try:
            return _bounded(request, packed, clock, self._caps)
        except OutgoingRefusedError:
            await body.aclose()
            raise

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    def _prepared(self, request: httpx2.Request) -> httpcore2.Request:
        targets.target_of(request.url, self._allowed)
        # Whoever chose the headers does not choose the server behind the checked address.
        headers = httpx2.Headers(request.headers)
        headers["Host"] = request.url.netloc.decode("ascii")
        headers["Accept-Encoding"] = ", ".join(ENCODINGS)
        url = request.url
        return httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=headers.raw,
            content=request.stream,
            extensions={"timeout": request.extensions.get("timeout", {})},
        )


class _Clock:
    """The time of one request; it runs while something is waited for, and never starts again."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = asyncio.get_running_loop().time() + seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Bound what is waited for within.

        :raises OutgoingFailedError: ``too_slow``.
        """
        limit = asyncio.timeout_at(self._until)
        try:
            async with limit:
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            raise OutgoingFailedError("too_slow", seconds=f"{self._seconds:g}") from None


class _Body(httpx2.AsyncByteStream):
    """The bytes of an answer as they come, with the errors of the client's library."""

    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated():
            async for piece in self._pieces:
                yield piece

    async def aclose(self) -> None:
        if close := getattr(self._pieces, "aclose", None):
            with _translated():
                await close()


class _Bounded(httpx2.AsyncByteStream):
    """The body of an answer, unpacked, within time and size."""

    def __init__(self, packed: httpx2.Response, clock: _Clock, most: int) -> None:
        self._packed = packed
        self._clock = clock
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        room = self._most
        async with aclosing(self._packed.aiter_bytes()) as pieces:
            while True:
                async with self._clock.running():
                    piece = await anext(pieces, None)
                if piece is None:
                    return
                room -= len(piece)
                if room < 0:
                    raise OutgoingRefusedError("too_large", limit=self._most)
                yield piece

    async def aclose(self) -> None:
        await self._packed.aclose()


def _bounded(
    request: httpx2.Request, packed: httpx2.Response, clock: _Clock, caps: Caps
) -> httpx2.Response:
    """Return an answer whose body is bounded and unpacked.

    :raises OutgoingRefusedError: ``redirect``, ``encoding`` or ``too_large``.
    """
    if packed.has_redirect_location:
        raise OutgoingRedirectError(_location(request, packed))
    if packed.headers.get("Content-Encoding", "").strip().lower() not in {
        "",
        "identity",
        *ENCODINGS,
    }:
        raise OutgoingRefusedError("encoding")
    length = packed.headers.get("Content-Length", "")
    if request.method != "HEAD" and length.isdecimal() and int(length) > caps.most_bytes:
        raise OutgoingRefusedError("too_large", limit=caps.most_bytes)
    headers = packed.headers.copy()
    if headers.pop("Content-Encoding", None):
        # What the stream yields is unpacked already.
        headers.pop("Content-Length", None)
    return httpx2.Response(
        packed.status_code, headers=headers, stream=_Bounded(packed, clock, caps.most_bytes)
    )


def _location(request: httpx2.Request, packed: httpx2.Response) -> str:
    """Return the address that a redirect names, or what stands there if that is none."""
    named: str = packed.headers["Location"]
    try:
        return str(request.url.join(named))
    except httpx2.InvalidURL:
        return named


@contextmanager
def _translated() -> Iterator[None]:
    """Turn errors of connections into those of the client's library, which are called alike."""
    try:
        yield
    except (
        httpcore2.TimeoutException,
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.UnsupportedProtocol,
    ) as error:
        kind: type[httpx2.TransportError] = getattr(httpx2, type(error).__name__)
        raise kind(str(error)) from error
