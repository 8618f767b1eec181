"""Address templates: placeholders in path and query, and values that stay in their place."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote, urlsplit

from chats.models.url_templates import PLACEHOLDER, placeholders

LONGEST = 8000
"""Characters of an address with its values."""
_LITERAL = "/:@!$&'()*+,;=%-._~"
_ROUNDS = 5
_SPLITTING = re.compile(r"[/\\]")


class UnsafeValueError(ValueError):
    """A value would lead to another address than the template's."""


def filled_path(path: str, values: Mapping[str, str], *, free: Callable[[str], bool]) -> str:
    """Return ``path`` with the values in it; none of them changes which path it is.

    ``free`` says of a name whether its value is anybody's, not one of an administrator's.

    :raises UnsafeValueError: a value is empty, would add segments, or would lead upwards.
    """

    def fill(name: str) -> str:
        _check(name, values[name], is_free=free(name))
        return quote(values[name], safe="")

    filled = _filled(path, fill)
    for segment in filled.split("/"):
        if _leads_away(segment):
            reason = f"The values make “{unquote(segment)}” of a part of the path."
            raise UnsafeValueError(reason)
    return filled


def filled_query(query: str, values: Mapping[str, str]) -> list[str]:
    """Return the pairs of ``query`` with the values in them, without pairs that lack one."""
    pairs = [pair for pair in query.split("&") if pair]
    whole = [pair for pair in pairs if all(name in values for name in placeholders(pair))]
    return [_filled(pair, lambda name: quote(values[name], safe="")) for pair in whole]


def host_part(url: str) -> str:
    """Return what stands before the path: scheme, host and port as they are written."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _filled(part: str, fill: Callable[[str], str]) -> str:
    """Return ``part`` with each name in braces replaced, all else encoded where it has to be."""
    pieces = PLACEHOLDER.split(part)
    literals = (quote(piece, safe=_LITERAL) for piece in pieces[::2])
    values = [fill(name) for name in pieces[1::2]] + [""]
    return "".join(literal + value for literal, value in zip(literals, values, strict=True))


def _check(name: str, value: str, *, is_free: bool) -> None:
    if not value.strip():
        reason = f"{name} is empty; it is a part of the address."
        raise UnsafeValueError(reason)
    plain = _plain(value)
    if any(unicodedata.category(character) == "Cc" for character in plain):
        reason = f"{name} holds a control character."
        raise UnsafeValueError(reason)
    # Many servers decode a path before they part it: an encoded slash is one to them.
    if is_free and _SPLITTING.search(plain):
        reason = f"{name} holds a slash; write it without one."
        raise UnsafeValueError(reason)


def _leads_away(segment: str) -> bool:
    """Return whether some server reads a segment, or a part of it, as ``.`` or ``..``."""
    parts = _SPLITTING.split(_plain(segment))
    return any(part.split(";")[0].strip() in {".", ".."} for part in parts)


def _plain(text: str) -> str:
    """Return ``text`` as a server could read it at worst: decoded to the end, in plain letters."""
    for _round in range(_ROUNDS):
        decoded = unquote(text)
        if decoded == text:
            break
        text = decoded
    return unicodedata.normalize("NFKC", text)
