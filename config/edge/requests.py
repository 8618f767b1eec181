"""HTTP as daphne reads it, with limits: large bodies, slow senders, headers meant for daphne."""

from functools import partial
from typing import Any
from urllib.parse import unquote

from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web import http

from config.edge import bodies, draining, hosts

HEADER_SECONDS = 15.0
# A body has to come on by this much in this time.
PACE_SECONDS = 20.0
PACE_BYTES = 10 * 1024
# For so long a refused client may go on sending, so that it comes to read the refusal.
_LINGER_SECONDS = 5.0


class LimitedRequest(WebRequest):
    """A request whose body is counted, and which cannot say where the application is mounted."""

    limit = 0
    received = 0

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Refuse a body whose declared length is too large."""
        if length is not None and length > self.limit:
            self.requestHeaders.removeHeader(b"Expect")
            super().gotLength(0)
            self.channel.refuse(b"413 Content Too Large", bodies.REFUSAL)
        else:
            super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Count the bytes, whatever was declared; keep them until they are too many."""
        self.received += len(data)
        if self.received <= self.limit:
            super().handleContentChunk(data)
        else:
            self.channel.refuse(b"413 Content Too Large", bodies.REFUSAL)

    def process(self) -> Any:
        """Process the request without the header that would set daphne's root path."""
        self.requestHeaders.removeHeader(b"Daphne-Root-Path")
        if not hosts.are_served(self.requestHeaders.getRawHeaders(b"Host", [])):
            return self.channel.refuse(b"400 Bad Request", hosts.REFUSAL)
        if self.server.is_draining and self.requestHeaders.hasHeader(b"Upgrade"):
            # A proxy tries the next process.
            return self.channel.refuse(b"503 Service Unavailable", draining.REFUSAL)
        return super().process()


class LimitedChannel(http.HTTPChannel):
    """A connection that has 15 s for a request's headers, and has to keep a body coming."""

    transport: Any
    callLater: Any  # noqa: N815 - Twisted's name
    _path: Any
    _is_refused = False
    _awaits_headers = True
    _clock: Any = None

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        """Begin to wait for the first request."""
        super().connectionMade()
        self._expect_headers()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Read on, unless the connection is refused."""
        if self._is_refused:
            return
        if self._awaits_headers and self._clock is None:
            self._expect_headers()
        super().dataReceived(data)

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Pass the body on, unless it was refused."""
        if not self._is_refused:
            super().rawDataReceived(data)

    def allHeadersReceived(self) -> None:  # noqa: N802 - Twisted's name
        """Set the request's limit before its size is checked."""
        self._awaits_headers = False
        self._stop_clock()
        request = self.requests[-1]
        request.limit = bodies.limit_of(unquote(self._path.partition(b"?")[0].decode("latin-1")))
        super().allHeadersReceived()
        if not self._is_refused:
            self._expect_body(request)

    def allContentReceived(self) -> None:  # noqa: N802 - Twisted's name
        """Pass the request on, unless it was refused."""
        self._stop_clock()
        if not self._is_refused:
            super().allContentReceived()

    def checkPersistence(self, request: Any, version: bytes) -> bool:  # noqa: N802 - Twisted's name
        """Keep the connection for another request, but not while the server stops."""
        if request.server.is_draining:
            request.responseHeaders.setRawHeaders(b"Connection", [b"close"])
            return False
        return bool(super().checkPersistence(request, version))

    def requestDone(self, request: Any) -> None:  # noqa: N802 - Twisted's name
        """Wait for another request; its time begins with its first byte."""
        self._awaits_headers = True
        super().requestDone(request)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        """Stop the clock."""
        self._stop_clock()
        super().connectionLost(reason)

    def refuse(self, status: bytes, body: bytes) -> None:
        """Answer in the application's place, read nothing more, and close."""
        if self._is_refused:
            return
        self._is_refused = True
        self._stop_clock()
        length = str(len(body)).encode()
        self.transport.write(
            b"HTTP/1.1 " + status + b"\r\nContent-Type: application/json\r\n"
            b"Cache-Control: no-store\r\nConnection: close\r\nContent-Length: "
            + length
            + b"\r\n\r\n"
            + body
        )
        self.transport.loseWriteConnection()
        self._clock = self.callLater(_LINGER_SECONDS, self.transport.abortConnection)

    def _expect_headers(self) -> None:
        self._clock = self.callLater(HEADER_SECONDS, self._time_out)

    def _expect_body(self, request: Any) -> None:
        self._clock = self.callLater(PACE_SECONDS, self._check_pace, request, request.received)

    def _check_pace(self, request: Any, before: int) -> None:
        if request.received - before < PACE_BYTES:
            self._time_out()
        else:
            self._expect_body(request)

    def _time_out(self) -> None:
        self._clock = None
        self.refuse(b"408 Request Timeout", b'{"code":"timeout","detail":"This took too long."}')

    def _stop_clock(self) -> None:
        if self._clock is not None and self._clock.active():
            self._clock.cancel()
        self._clock = None


class LimitedFactory(HTTPFactory):
    """Makes connections with these limits."""

    protocol = LimitedChannel

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        """Return a connection with these limits."""
        channel = super().buildProtocol(addr)
        # Twisted would read whole forms in the loop, and answer bad ones without a word.
        channel.requestFactory = partial(LimitedRequest, parsePOSTFormSubmission=False)
        return channel
