"""Documents: the JSON in a stream of server-sent events, of lines, or in a plain body."""

import json
import re
from contextlib import suppress

import orjson

from chats.engine.parts import Json, ModelError
from chats.engine.reading.lines import LONGEST, LineReader

WORDS = 500
"""Bytes that are kept of lines that are neither events nor JSON, to say what came instead."""
_DONE = re.compile(rb'\s*"?\[DONE\]"?\s*', re.IGNORECASE)
_FIELDS = (b"event:", b"id:", b"retry:", b":")
_FAILED = b"error:"
"""What older servers of llama.cpp write in place of ``data:``."""
_OPENING = (b"{", b"[")
_CLOSING = (b"}", b"]")
_TRIES = 20
"""How often a body of many lines is tried before its end: each try reads all of it."""
_HEAD = b"data: {"
_HIGH = re.compile("[\\ud800-\\udbff]")
_LOW = re.compile("[\\udc00-\\udfff]")
"""The two halves of a sign as JSON escapes it."""
_ERROR_EVENTS = frozenset({b"error", b"exception"})


class DocumentReader:
    """Reads JSON objects from bytes that are cut anywhere.

    ``is_done`` is set by ``[DONE]``; ``is_whole`` says that the last object was a body of its own
    rather than an event; ``words`` is the beginning of what was neither, ``failure`` is what
    ended the reading behind the last object.
    """

    def __init__(self) -> None:
        """Start with nothing read."""
        self.is_done = False
        self.is_whole = False
        self.failure: ModelError | None = None
        self._lines = LineReader()
        self._event = b""
        self._data: list[bytes] = []
        self._body: list[bytes] = []
        self._length = 0
        self._tries = 0
        self._words = b""
        self._is_between = False
        self._half = ""

    @property
    def words(self) -> str:
        """The beginning of what was no JSON."""
        return self._words.decode("utf-8", "replace").strip()

    def feed(self, data: bytes) -> list[Json]:
        """Return the objects that ``data`` completes.

        A failure is ``malformed`` for an event that is no JSON, or ``too_long``.
        """
        # Most that arrives is one event of one line, with one object.
        if self._is_between and data.startswith(_HEAD) and data.find(b"\n") == len(data) - 2:
            try:
                value: Json = orjson.loads(data[5:])
            except orjson.JSONDecodeError:
                pass
            else:
                self.is_whole = False
                return [value]
        found: list[Json] = []
        try:
            for line in self._lines.feed(data):
                if line.startswith(_HEAD):
                    self._take_data(line[5:], found)
                elif line or self._data or self._event:
                    self._take(line, found)
        except ModelError as error:
            self.failure = error
        is_waiting = self._data or self._body or self._event
        self._is_between = not is_waiting and self._lines.is_between
        return found

    def rest(self) -> list[Json]:
        """Return the objects that the end of the stream completes."""
        found: list[Json] = []
        try:
            self._take(self._lines.rest(), found)
            self._close_event(found)
            if self._body:
                values = self._joined(_all_of(b"\n".join(self._body)))
                self._add(values, found, is_whole=True)
        except ModelError as error:
            self.failure = error
        return found

    def _take(self, line: bytes, found: list[Json]) -> None:
        if line.startswith(b"data:"):
            self._take_data(line[5:], found)
        elif not line or line.isspace():
            if self._data or self._event:
                self._close_event(found)
        elif line.startswith(_FAILED):
            self._close_event(found)
            self._event = b"error"
            self._take_data(line[len(_FAILED) :], found)
        elif line.startswith(_FIELDS):
            if line.startswith(b"event:"):
                self._event = line[6:].strip()
        else:
            self._take_body(line, found)

    def _take_data(self, data: bytes, found: list[Json]) -> None:
        """Process one ``data`` line: most are a whole object, and are not kept waiting."""
        if not self._data:
            try:
                value = orjson.loads(data)
            except orjson.JSONDecodeError:
                if self._ends(data):
                    return
            else:
                if value.__class__ is dict and self._event not in _ERROR_EVENTS:
                    self.is_whole = False
                    found.append(value)
                elif not self._ends(data):
                    self._add(value, found)
                return
        self._data.append(data)
        self._count(data)

    def _close_event(self, found: list[Json]) -> None:
        if self._data:
            lines = self._data.copy()
            self._data.clear()
            self._length = 0
            self._add_lines(lines, found)
        self._event = b""

    def _add_lines(self, lines: list[bytes], found: list[Json]) -> None:
        """Collect the objects of an event: all its lines are one, or some are one each."""
        data = b"\n".join(lines)
        is_json = data.strip().startswith(_OPENING)
        try:
            values = _all_of(data) if is_json else []
        except ModelError:
            values = _alone(lines)
            if not values:
                raise
        values = values or _alone(lines)
        if not is_json:
            self._note(b"\n".join(line for line in lines if not line.strip().startswith(_OPENING)))
        self._add(self._joined(values), found)

    def _joined(self, values: list[object]) -> list[object]:
        """Return ``values`` as they can be kept, with a sign that was split between two of them."""
        kept = []
        for value in values:
            text = json.dumps(value, ensure_ascii=False)
            if self._half and (low := _LOW.search(text)):
                sign = (self._half + low[0]).encode("utf-16", "surrogatepass").decode("utf-16")
                text = text[: low.start()] + sign + text[low.end() :]
                self._half = ""
            highs = _HIGH.findall(text)
            self._half = highs[-1] if highs else self._half
            one: object = json.loads(text.encode("utf-8", "ignore"))
            kept.append(one)
        return kept

    def _take_body(self, line: bytes, found: list[Json]) -> None:
        """Process a line that is no event's: JSON of its own, or a part of it."""
        if not self._body and not self._begins_body(line, found):
            return
        self._body.append(line)
        self._count(line)
        if len(self._body) > 1:
            if not line.startswith(_CLOSING) or self._tries >= _TRIES:
                return
            self._tries += 1
        try:
            value: object = orjson.loads(b"\n".join(self._body))
        except orjson.JSONDecodeError:
            value = self._joined(_alone([line])) if len(self._body) == 1 else None
            if not value:
                return
        self._body.clear()
        self._length = 0
        self._add(value, found, is_whole=True)

    def _begins_body(self, line: bytes, found: list[Json]) -> bool:
        """Process a line outside of events; return whether it may be the first of an object."""
        if line.startswith(b"{") and not self.is_done:
            try:
                value = orjson.loads(line)
            except orjson.JSONDecodeError:
                return True
            self._add(value, found, is_whole=True)
            return False
        if self._ends(line):
            return False
        if line.strip().startswith(_OPENING):
            return True
        self._note(line)
        return False

    def _add(self, value: object, found: list[Json], *, is_whole: bool = False) -> None:
        """Collect the objects of ``value``; servers wrap some in lists, and send mere values."""
        self.is_whole = is_whole
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                named = self._event in _ERROR_EVENTS and "error" not in one
                found.append({"error": one} if named else one)
            elif isinstance(one, str) and self._event in _ERROR_EVENTS:
                found.append({"error": one})

    def _ends(self, data: bytes) -> bool:
        """Note ``[DONE]``; return whether it is that."""
        self.is_done = self.is_done or _DONE.fullmatch(data) is not None
        return self.is_done

    def _note(self, data: bytes) -> None:
        if len(self._words) < WORDS:
            self._words = (self._words + b"\n" + data)[:WORDS]

    def _count(self, data: bytes) -> None:
        self._length += len(data)
        if self._length > LONGEST:
            raise ModelError("too_long", "an event of the answer does not end")


def _all_of(data: bytes) -> list[object]:
    """Return all JSON values in ``data``, which stand one behind the other.

    :raises ModelError: ``malformed``.
    """
    text = data.decode("utf-8", "replace").strip()
    decoder = json.JSONDecoder()
    found: list[object] = []
    place = 0
    try:
        while place < len(text):
            value, place = decoder.raw_decode(text, place)
            found += value if isinstance(value, list) else [value]
            while place < len(text) and text[place] in " \t\r\n,":
                place += 1
    except (ValueError, RecursionError) as error:
        why = f"a chunk is no JSON: {text[:200]}"
        raise ModelError("malformed", why, is_retryable=True) from error
    return found


def _alone(lines: list[bytes]) -> list[object]:
    """Return the lines that are JSON objects of their own."""
    found: list[object] = []
    for line in lines:
        if line.strip().startswith(_OPENING):
            with suppress(ModelError):
                found += _all_of(line)
    return found
