"""Refusals: what a server says when it does not answer, in whichever form it says it."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson

LONGEST = 1000
"""Code points of the words that are kept."""
_DEEPEST = 8
_SHORTEST_SECRET = 6
_MOST_READ = 100_000
_SPOKEN = ("message", "msg", "error", "detail", "details", "errors", "error_message", "reason")
_FURTHER = ("description", "error_description", "title", "metadata", "raw", "body", "cause")
_CODES = ("code", "type", "error_type", "status")
_COUNTS = ("n_ctx", "n_prompt_tokens")
_HIDDEN = frozenset({"script", "style", "head", "svg"})
_TAG = re.compile(r"<(/?)([a-z!?][\w-]*)[^<>]{0,2000}>", re.I)
_COMMENT = ("<!--", "-->")
_MARKUP = re.compile(r"^\s*<(!doctype|html|head|body|\?xml|center|h1)\b", re.I)
_NOT_KEPT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SECRETS = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|nvapi|hf|pplx|csk|fw|tgp|r8|key|AIza|ya29|AKIA|ABSK)[-_.*]?"
    r"(?=[\w*.-]*[\d*])[\w*.-]{10,}"
    r"|(?<=bearer )[^\s\"',;]{6,}"
    r"|(?<=api[-_]key[=:])\s*[^\s\"',;&]{6,}|(?<=[?&]key=)[^\s\"',;&]{6,}"
    r"|(?<=key provided: )[^\s\"',;]+|(?<=api key: )[^\s\"',;]{6,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{4,}[\w.-]*|(?<=://)[^\s/@]+:[^\s/@]+(?=@)|\b[0-9a-f]{32,}\b",
    re.I,
)


@dataclass(frozen=True)
class Refusal:
    """What a server answered in place of what it was asked for.

    ``words`` are its own, without secrets; ``names`` the parameters that it names in a field made
    for that, ``paths`` all names on the way to them; ``counts`` are figures in fields of their own.
    """

    status: int
    words: str
    codes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)


def parsed(status: int, body: bytes, *, secrets: Iterable[str] = ()) -> Refusal:
    """Return what an answer with ``status`` says; ``secrets`` are left out of its words."""
    text = body[:_MOST_READ].decode("utf-8", "replace").strip()
    value = _json(text)
    if isinstance(value, dict | list):
        return stated(status, value, text, secrets=secrets)
    words = str(value) if isinstance(value, str) else text
    return Refusal(status, cleaned(words, secrets=secrets) or _phrase(status))


def stated(
    status: int, value: dict[str, Any] | list[Any], text: str, *, secrets: Iterable[str] = ()
) -> Refusal:
    """Return what the JSON ``value`` of ``text`` says that came with ``status``."""
    found = _Found()
    found.look(value)
    words = " ".join(dict.fromkeys(found.words)) or text
    return Refusal(
        status,
        cleaned(words, secrets=secrets) or _phrase(status),
        frozenset(found.codes),
        frozenset(found.names),
        frozenset(found.paths),
        found.counts,
    )


def cleaned(words: str, *, secrets: Iterable[str] = ()) -> str:
    """Return ``words`` as one bounded line of text, without markup and secrets."""
    words = words[:_MOST_READ]
    if _MARKUP.match(words):
        words = _text_of_page(words)
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            words = _without_start(words.replace(secret, "…"), secret)
    line = " ".join(_NOT_KEPT.sub(" ", words).split())[: 2 * LONGEST]
    line = _SECRETS.sub("…", line)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _without_start(words: str, secret: str) -> str:
    """Return ``words`` without the start of ``secret`` at their end, where they were cut."""
    for length in range(min(len(secret), len(words)), _SHORTEST_SECRET - 1, -1):
        if words.endswith(secret[:length]):
            return f"{words[:-length]}…"
    return words


class _Found:
    """What was found in the JSON of a refusal."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.codes: set[str] = set()
        self.names: set[str] = set()
        self.paths: set[str] = set()
        self.counts: dict[str, int] = {}

    def look(self, value: Any, depth: int = 0) -> None:
        """Look through ``value``, but for what it echoes of the request."""
        if depth > _DEEPEST:
            return
        if isinstance(value, list):
            for one in value[:50]:
                self.look(one, depth + 1)
        elif isinstance(value, dict):
            self._look_at_object(value, depth)
        elif isinstance(value, str) and value.strip():
            self._say(value, depth)

    def _say(self, text: str, depth: int) -> None:
        inner = _json(text)
        if isinstance(inner, dict | list):
            self.look(inner, depth + 1)
        else:
            self.words.append(text.strip())

    def _look_at_object(self, value: dict[str, Any], depth: int) -> None:
        self._name(value)
        self.codes |= {str(value[key]) for key in _CODES if isinstance(value.get(key), str)}
        for key in _COUNTS:
            if isinstance(value.get(key), int):
                self.counts[key] = value[key]
        for key in (*_SPOKEN, *_FURTHER):
            self.look(value.get(key), depth + 1)

    def _name(self, value: dict[str, Any]) -> None:
        path = [str(part) for part in _path(value.get("param")) or _path(value.get("loc"))]
        names = [part for part in path if part not in {"body", ""} and not part.isdigit()]
        if names:
            self.names.add(names[0])
            self.paths |= set(names)
            if value.get("loc"):
                self.words.append(f"{'.'.join(path)}:")


def _path(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part for part in re.split(r"[.\[\]]+", value) if part]
    return value if isinstance(value, list) else []


def _json(text: str) -> Any:
    if not text.lstrip().startswith(("{", "[", '"')):
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _text_of_page(page: str) -> str:
    """Return what a page says, such as a proxy's: its title, and a text that says more."""
    titles: list[str] = []
    texts: list[str] = []
    is_title, hidden, end = False, "", 0
    page = _without_comments(page)
    for tag in _TAG.finditer(page):
        if is_title or not hidden:
            (titles if is_title else texts).append(page[end : tag.start()])
        end, name, is_closing = tag.end(), tag[2].lower(), bool(tag[1])
        if name == "title":
            is_title = not is_closing
        elif hidden == name and is_closing:
            hidden = ""
        elif name in _HIDDEN and not hidden and not is_closing:
            hidden = name
    texts.append("" if hidden else page[end:])
    said = (html.unescape(" ".join(one)) for one in (titles[:1], texts))
    return " ".join(_once(" ".join(one.split()) for one in said))


def _without_comments(page: str) -> str:
    kept, at = [], 0
    start, end = _COMMENT
    while (first := page.find(start, at)) >= 0 and (last := page.find(end, first)) >= 0:
        kept.append(page[at:first])
        at = last + len(end)
    return "".join([*kept, page[at:]])


def _once(texts: Iterable[str]) -> Iterator[str]:
    said = ""
    for text in texts:
        if text and text not in said:
            said += text
            yield text


def _phrase(status: int) -> str:
    """Return the name of a status for an answer that says nothing."""
    try:
        return f"{status} {HTTPStatus(status).phrase}, without a word"
    except ValueError:
        return f"status {status}, without a word"
