"""The client's address where proxies have forwarded a request; for any ASGI server."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from config.edge.types import Application, Receive, Scope, Send

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FOR = b"x-forwarded-for"
_SCHEME = b"x-forwarded-proto"


class Forwarded:
    """An application that takes the address from trusted proxies alone.

    The address is the rightmost of ``X-Forwarded-For`` that is no trusted proxy's: what stands
    left of it was written by the client. The scheme is taken from trusted proxies and from this
    machine, where it does no harm; the ``X-Forwarded-Proto`` of all others is dropped.
    """

    def __init__(self, application: Application, trusted: Sequence[Network]) -> None:
        """Wrap ``application``."""
        self._application = application
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] in {"http", "websocket"}:
            scope = self._corrected(scope)
        await self._application(scope, receive, send)

    def _corrected(self, scope: Scope) -> Scope:
        peer = _address((scope.get("client") or [""])[0])
        is_proxy = peer is not None and self._trusts(peer)
        headers = [header for header in scope["headers"] if header[0] != _SCHEME]
        schemes = _words(scope, _SCHEME)
        if schemes and peer is not None and (is_proxy or peer.is_loopback):
            headers.append((_SCHEME, schemes[-1].encode("latin-1")))
        client = scope.get("client")
        if is_proxy and (origin := self._origin(_words(scope, _FOR))):
            client = [str(origin), 0]
        return {**scope, "headers": headers, "client": client}

    def _origin(self, hops: Sequence[str]) -> Address | None:
        """Return the nearest hop that is no trusted proxy; None where a hop cannot be parsed."""
        found = None
        for hop in reversed(hops):
            address = _address(hop)
            if address is None:
                break
            found = address
            if not self._trusts(address):
                break
        return found

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _words(scope: Scope, name: bytes) -> list[str]:
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return [word.strip() for word in ",".join(lines).split(",") if word.strip()]


def _address(text: str) -> Address | None:
    """Parse an address, with or without a port; an IPv4-mapped IPv6 address becomes IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
