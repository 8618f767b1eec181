"""The network: the client for everything whose address is not the operator's own."""

import ssl
from dataclasses import dataclass, field
from functools import cache

import httpcore2
import httpx2
from django.conf import settings

from channels_layer.outgoing import targets
from channels_layer.outgoing.connections import CheckedBackend, Resolve, resolve
from channels_layer.outgoing.errors import OutgoingError, OutgoingFailedError
from channels_layer.outgoing.transport import Caps, CheckedTransport

CONNECT_SECONDS = 5.0
TIMEOUTS = httpx2.Timeout(20.0, connect=CONNECT_SECONDS)
"""Seconds: for each read and write, and to connect."""
SECONDS = 60.0
"""Seconds that a request and its whole answer take at most."""
MOST_BYTES = 5_000_000
"""Bytes of an answer, once unpacked."""
_NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)


@dataclass(frozen=True)
class Fetched:
    """An answer, whole and unpacked."""

    status: int
    headers: httpx2.Headers
    body: bytes


@cache
def own_trust() -> ssl.SSLContext:
    """Return the certificates that this machine trusts, read once."""
    return httpx2.create_ssl_context()


@dataclass(frozen=True, kw_only=True)
class Network:
    """How names are resolved and connections made; what may be reached beside what is public."""

    resolve: Resolve = resolve
    backend: httpcore2.AsyncNetworkBackend = field(default_factory=httpcore2.AnyIOBackend)
    trust: ssl.SSLContext | None = None
    allowed: targets.Allowed = frozenset()
    """Beside those of ``OUTGOING_ALLOW``."""

    def client(
        self,
        headers: dict[str, str] | None = None,
        timeout: httpx2.Timeout | None = None,
        auth: httpx2.Auth | None = None,
        *,
        seconds: float = SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> httpx2.AsyncClient:
        """Return a client for addresses that others choose; libraries may be given it.

        ``timeout`` bounds each wait, ``seconds`` a request with its whole answer, a stream of
        events too; ``most_bytes`` is the size of an answer, unpacked. What a rule refuses raises
        ``OutgoingRefusedError``, what does not work another ``httpx2.TransportError``.
        """
        allowed: targets.Allowed = self.allowed | settings.OUTGOING_ALLOW
        transport = CheckedTransport(
            CheckedBackend(self.resolve, self.backend, allowed),
            self.trust or own_trust(),
            allowed,
            Caps(seconds, most_bytes),
        )
        return httpx2.AsyncClient(
            transport=transport,
            headers=headers,
            timeout=timeout or TIMEOUTS,
            auth=auth,
            trust_env=False,
            follow_redirects=False,
        )

    async def fetch(
        self,
        method: str,
        url: str,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
        *,
        seconds: float = SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> Fetched:
        """Send one request and return its whole answer, whatever its status.

        :raises OutgoingRefusedError: a rule refuses the address or the answer.
        :raises OutgoingFailedError: there is no whole answer; ``may_have_arrived`` tells whether
            the request was sent.
        """
        address = self.check(url)
        timeout = httpx2.Timeout(seconds, connect=CONNECT_SECONDS)
        client = self.client(headers, timeout, seconds=seconds, most_bytes=most_bytes)
        async with client:
            try:
                answer = await client.request(method, address, content=content)
            except OutgoingError:
                raise
            except (httpx2.HTTPError, httpx2.StreamError) as error:
                raise _failed(error, address) from error
        return Fetched(answer.status_code, answer.headers, answer.content)

    def check(self, url: str) -> httpx2.URL:
        """Return ``url``, parsed, if it may be asked for; its name is looked up later, at each use.

        :raises OutgoingRefusedError: ``url``, ``scheme``, ``credentials``, ``host`` or ``port``.
        """
        address = targets.parsed(url)
        targets.target_of(address, self.allowed | settings.OUTGOING_ALLOW)
        return address


def _failed(error: Exception, address: httpx2.URL) -> OutgoingFailedError:
    if _is_of_certificate(error):
        code = "certificate"
    else:
        code = "unreachable" if isinstance(error, _NEVER_SENT) else "no_answer"
    return OutgoingFailedError(code, host=address.netloc.decode("ascii"))


def _is_of_certificate(error: BaseException | None) -> bool:
    """Return whether a certificate is what an error was made of."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None
