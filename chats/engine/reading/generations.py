"""Generations: what a model wrote that its server could not read, and sends with its error.

Groq does so with calls that its models write in forms of their own, and with answers that it took
for calls; gateways pack its error into texts of theirs.
"""

import re
from collections.abc import Iterable, Iterator, Set

from chats.engine.reading.call_shapes import values_in
from chats.engine.reading.shapes import json_of, text_of

CODES = frozenset({"tool_use_failed", "output_parse_failed", "json_validate_failed"})
"""Codes of errors that are the model's: it may do better the next time."""
_NOT_JSON = "json_validate_failed"
"""What was wanted was JSON: a text is no answer."""
_FIELD = "failed_generation"
_DEEPEST = 8
_MOST = 50
_SERVERS_OWN = re.compile(r"\s*tool (?:use|call)s?\b.{0,40}\bfailed\b", re.IGNORECASE)
"""What stands there in place of what the model wrote, where the server did not keep it."""
_LED = re.compile(r"\s*([A-Za-z_][\w.-]*)\s*[({]")


def generation_in(error: object) -> str | None:
    """Return what the model wrote, from wherever it stands in ``error``.

    It is empty where the model failed and nothing of what it wrote is there, None for other errors.
    """
    return max(_found(error, 0), key=len, default=None)


def as_call(text: str, names: Set[str]) -> str:
    """Return ``text`` with the tag that it lacks where it begins with one of ``names``."""
    led = _LED.match(text)
    return f"<function={text.lstrip()}" if led and led[1] in names else text


def _found(value: object, depth: int) -> Iterator[str]:
    """Yield what each object says that reports a failure of the model's, within ``value``."""
    if isinstance(value, dict):
        code = value.get("code")
        if _FIELD in value or (isinstance(code, str) and code in CODES):
            yield "" if code == _NOT_JSON else _kept(value.get(_FIELD))
    for one in _parts(value) if depth < _DEEPEST else ():
        yield from _found(one, depth + 1)


def _parts(value: object) -> Iterable[object]:
    """Return what lies within ``value``; of a text the object that is packed in it."""
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, list):
        return value[:_MOST]
    if isinstance(value, str) and (_FIELD in value or any(code in value for code in CODES)):
        start, end = value.find("{"), value.rfind("}") + 1
        return values_in(value[start:end]) if 0 <= start < end else ()
    return ()


def _kept(generation: object) -> str:
    text = json_of(generation) if isinstance(generation, dict | list) else text_of(generation)
    return "" if _SERVERS_OWN.match(text) else text
