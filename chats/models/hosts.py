"""Hosts as secrets are bound to them: in one form, with the port where it is not the usual one."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import idna

LONGEST = 260
_LONGEST_NAME = 253
USUAL_PORTS = {"https": 443, "http": 80}
_LABEL = re.compile(r"\A[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")


def normal(text: str) -> str:
    """Return a host, with its port unless that is the usual one of https.

    :raises ValueError: it is no host, or more than one.
    """
    host = text.strip()
    parts = urlsplit(f"https://{host}")
    if not host or parts.netloc != host or "@" in host or host.endswith(":"):
        raise ValueError(host)
    return of(parts)


def of(parts: SplitResult) -> str:
    """Return the host of an address, with its port unless that is the scheme's usual one.

    :raises ValueError: it has none, or one that cannot be.
    """
    name = _name(parts.hostname or "")
    port = parts.port
    return name if port is None or port == USUAL_PORTS.get(parts.scheme) else f"{name}:{port}"


def place_of(parts: SplitResult) -> tuple[str, int]:
    """Return the host and the port of an address, as ``OUTGOING_ALLOW`` names them.

    :raises ValueError: it has none, or one that cannot be.
    """
    port = parts.port or USUAL_PORTS.get(parts.scheme)
    if port is None:
        raise ValueError(parts.scheme)
    return _name(parts.hostname or "").strip("[]"), port


def _name(host: str) -> str:
    if ":" in host:
        return f"[{ip_address(host).compressed}]"
    name = host.rstrip(".").lower()
    if not name.isascii():
        name = idna.encode(name, uts46=True).decode()
    if len(name) > _LONGEST_NAME or not all(_LABEL.match(label) for label in name.split(".")):
        raise ValueError(host)
    return name
