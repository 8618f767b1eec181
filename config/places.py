"""Places: hosts with ports, as settings name them and URLs are compared with them."""

import re
from collections.abc import Iterable
from ipaddress import ip_address

_PLACE = re.compile(r"([^\s/:;@\[\]]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})", re.ASCII)
_PORTS = range(1, 65536)


def parse(words: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Return each host in the form in which it is compared, with its port.

    :raises ValueError: one of them is none.
    """
    return frozenset(_place(word) for word in words)


def _place(word: str) -> tuple[str, int]:
    found = _PLACE.fullmatch(word)
    if not found or not word.isascii() or int(found[2]) not in _PORTS:
        raise ValueError(word)
    try:
        return str(ip_address(found[1].strip("[]"))), int(found[2])
    except ValueError:
        if "[" in word:
            raise
        return found[1].lower().removesuffix("."), int(found[2])
