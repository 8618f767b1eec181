"""Targets: where a URL leads, read by the library that connects, and what is refused of it."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

import httpx2

from channels_layer.outgoing.errors import OutgoingRefusedError

SCHEMES = {"http": 80, "https": 443}
PORTS = frozenset({80, 443, *range(8000, 9000)})
"""Ports of servers that speak HTTP; others serve mail, databases, shells."""
_LONGEST_NAME = 253
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?")
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)\.?")

Allowed = frozenset[tuple[str, int]]
"""Hosts and ports that may be reached although they are private, or their port is not HTTP's."""


@dataclass(frozen=True)
class Target:
    """A server by its name, or its address, and a port."""

    host: str
    port: int


def target_of(url: httpx2.URL, allowed: Allowed) -> Target:
    """Return where ``url`` leads; nothing is looked up.

    :raises OutgoingRefusedError: ``scheme``, ``credentials``, ``host`` or ``port``.
    """
    if url.scheme not in SCHEMES:
        raise OutgoingRefusedError("scheme")
    if url.userinfo:
        raise OutgoingRefusedError("credentials")
    host = host_of(url)
    port = SCHEMES[url.scheme] if url.port is None else url.port
    if port not in PORTS and (host, port) not in allowed:
        raise OutgoingRefusedError("port", host=shown(host), port=port)
    return Target(host, port)


def parsed(url: str) -> httpx2.URL:
    """Parse ``url``.

    :raises OutgoingRefusedError: ``url``.
    """
    try:
        return httpx2.URL(url)
    except httpx2.InvalidURL:
        raise OutgoingRefusedError("url") from None


def host_of(url: httpx2.URL) -> str:
    """Return the host that is connected to, as it is compared.

    :raises OutgoingRefusedError: ``host``.
    """
    host = url.raw_host.decode("ascii")
    name = compared(host)
    if is_address(name):
        return name
    is_number = _NUMBER.fullmatch(name.rpartition(".")[2])
    if len(name) > _LONGEST_NAME or is_number or not _NAME.fullmatch(host):
        raise OutgoingRefusedError("host", host=host)
    return name


def compared(host: str) -> str:
    """Return ``host`` as it is compared: an address in its usual form, a name without the root."""
    try:
        return str(ip_address(host))
    except ValueError:
        return host.lower().removesuffix(".")


def is_address(host: str) -> bool:
    """Return whether ``host`` is an address, and not one of a zone that only a machine knows."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return not (isinstance(address, IPv6Address) and address.scope_id is not None)


def shown(host: str) -> str:
    """Return ``host`` as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
