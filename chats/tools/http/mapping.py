"""The answer to a call: as JSON, as text, or in words, and the parts of it that a model gets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from conversations.files import charsets
from conversations.files.readers import pages

MOST = 256 * 1024
"""Characters of an answer that are kept."""
SHORT = 300
"""Characters of an answer that a sentence quotes."""
DOTS = "•••"
_LEAST_SECRET = 6
_TEXTS = ("text/", "application/xml", "application/x-www-form-urlencoded", "+xml")
_PAGES = ("text/html", "application/xhtml+xml")
_Tree = dict[str, "_Tree"]


def content(data: bytes, content_type: str) -> Any:
    """Return what an answer says: JSON as values, a page's words, text, or what kind of file."""
    kind, _, rest = content_type.partition(";")
    kind = kind.strip().lower()
    if not data.strip():
        return {"status": "done"}
    if "json" in kind or not kind:
        found = _parsed(data)
        if found is not None:
            return found
    charset = rest.partition("charset=")[2].strip(' "').split(";")[0]
    if kind in _PAGES:
        return "\n".join(pages.lines_of(pages.markup_of(data, charset).text))[:MOST]
    if not kind or "json" in kind or any(word in kind for word in _TEXTS):
        return charsets.decoded(data, declared=charset).text[:MOST]
    return {"file": kind, "bytes": len(data)}


def picked(value: Any, paths: Sequence[str]) -> Any:
    """Return the parts of ``value`` that ``paths`` name, in their places; no paths: all of it."""
    if not paths or not isinstance(value, dict | list):
        return value
    tree: _Tree = {}
    for path in paths:
        place = tree
        for name in path.split("."):
            place = place.setdefault(name, {})
    return _pruned(value, tree)


def without(value: Any, secrets: Iterable[str]) -> Any:
    """Return ``value`` with dots for every secret in it: some servers repeat what they got."""
    words = sorted({word for secret in secrets for word in _words(secret)}, key=len, reverse=True)
    return _hidden(value, words) if words else value


def short(value: Any) -> str:
    """Return an answer in one short line, for a sentence."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def _parsed(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


def _pruned(value: Any, tree: _Tree) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        numbers = [int(name) for name in tree if name.isdecimal()]
        if numbers:
            return [_pruned(value[at], tree[str(at)]) for at in numbers if at < len(value)]
        return [_pruned(item, tree) for item in value]
    if isinstance(value, dict):
        return {name: _pruned(value[name], sub) for name, sub in tree.items() if name in value}
    return None


def _words(secret: str) -> list[str]:
    """Return a secret and its words, since ``Bearer`` stands before many."""
    return [word for word in (secret, *secret.split()) if len(word) >= _LEAST_SECRET]


def _hidden(value: Any, words: Sequence[str]) -> Any:
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, DOTS)
        return value
    if isinstance(value, Mapping):
        return {_hidden(name, words): _hidden(item, words) for name, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item, words) for item in value]
    return value
