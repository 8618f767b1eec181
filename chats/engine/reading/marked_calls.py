"""Marked calls: candidates that begin with a tag, a fence, a span or a brace."""

import re
from dataclasses import replace

from chats.engine.reading import call_markup
from chats.engine.reading.bare_calls import bare_calls
from chats.engine.reading.bare_heads import head_of
from chats.engine.reading.braces import Braces
from chats.engine.reading.call_markup import SAME
from chats.engine.reading.call_shapes import KEYS, CallReader, first_value
from chats.engine.reading.call_yaml import begins_yaml, yaml_calls
from chats.engine.reading.calls import tool_name
from chats.engine.reading.candidates import HEAD, LONGEST_CLOSE, NONE, Candidate, Ending

YAML = frozenset({"yaml", "yml"})
FUNCTOOLS = "functools"
_LANGUAGES = frozenset(
    {"", "json", "json5", "tool_call", "tool_calls", "tool_code", "tool", "tools", "xml"}
    | YAML
    | {"function_call", "function", "python", "py", "javascript", "plaintext", "text", "txt"}
)
"""Languages of fences in which models put calls."""
_BEGINNING = re.compile(r"\[?\s*(?:\{\s*(?:(\\?[\"']|\\|)([\w .-]*)(?:\1\s*(:)?)?)?)?")
_LIST_OF_CALLS = re.compile(r"\[\s*([A-Za-z_]\w*)(\()?")
"""Calls as Llama and Gemma write them: ``[search(query="lamp")]``."""
_PYTHON = re.compile(r"\s*(?:print\s*\(\s*)?(?:[\w]+\.)?(\w*)\s*(\()?")
_IN_PYTHON = re.compile(r"\((?!\s*(?:\{|\Z))")
_LOOK = re.compile(r"[\"'](?:name|function|tool|tool_name)\\?[\"']\s*:\s*\\?[\"']([\w.:-]+)")
_LOOK_BESIDE = re.compile(r"[\"'](?:arguments|parameters|args)\\?[\"']\s*:")


class Tagged(Candidate):
    """A call between tags: it ends with the closing one, or with the text."""

    def __init__(self, reader: CallReader, opening: str, closing: re.Pattern[str]) -> None:
        """Begin with the ``opening`` tag, as it was found in text whose signs are ``SAME``."""
        super().__init__(reader)
        self._opening = opening
        self._closing = closing

    def end(self) -> Ending:
        """Take the rest of the text for the call."""
        return self._ending(self.length, self.length)

    def _may_be(self, start: str) -> bool:
        return True

    def _look(self, piece: str) -> Ending | None:
        close = self._find(self._closing, piece, len(self._opening))
        return self._ending(close[0], close[1]) if close else None

    def _ending(self, stop: int, length: int) -> Ending:
        text = self.text
        body = text[len(self._opening) : stop].translate(SAME)
        calls = call_markup.calls_in(self._opening, body, self._reader)
        return Ending(length, tuple(calls), text[:length])


class Soft(Tagged):
    """A call between tags whose names are words as well, or that of a tool: else it is text."""

    def __init__(self, reader: CallReader, opening: str) -> None:
        """Begin with the ``opening`` tag."""
        name = call_markup.name_of(opening)
        super().__init__(reader, opening, re.compile(rf"</{re.escape(name)}>", re.IGNORECASE))
        self._name = tool_name(name, reader.names)

    def end(self) -> Ending:
        """Take the rest of the text for the call, if it is one."""
        return self._ending(self.length, self.length)

    def _may_be(self, start: str) -> bool:
        body = start[len(self._opening) :].lstrip().translate(SAME)
        if self._opening.endswith("/>") or not body:
            return True
        if self._name in self._reader.names:
            return body[0] in "<{"
        is_tag = call_markup.OPENING.match(body) or call_markup.PARTIAL.fullmatch(body)
        is_named = head_of(body, self._reader.names) is not None
        return bool(is_tag) or is_named or begins_call(body, self._reader)

    def _look(self, piece: str) -> Ending | None:
        if self._opening.endswith("/>"):
            return self._ending(len(self._opening), len(self._opening))
        return super()._look(piece)

    def _ending(self, stop: int, length: int) -> Ending:
        if self._name in self._reader.names:
            body = self.text[len(self._opening) : stop]
            call = call_markup.own_call(self._name, self._opening, body, self._reader)
            return Ending(length, (call,)) if call else NONE
        ending = super()._ending(stop, length)
        return replace(ending, attempt="") if ending.calls else NONE


class LeftOver(Candidate):
    """A mark that a call has left: it is no part of the answer."""

    def end(self) -> Ending:
        """Take the mark alone."""
        return Ending(self.first)

    def _may_be(self, start: str) -> bool:
        return True

    def _look(self, piece: str) -> Ending | None:
        return Ending(self.first)


class Fenced(Candidate):
    """A fence that holds nothing but a call."""

    def __init__(self, reader: CallReader, head: str, mark: str, language: str) -> None:
        """Begin with the line ``head``: ``mark`` opens the fence."""
        super().__init__(reader)
        self._head = len(head)
        self._mark = mark
        self._language = language.lower()
        self._line = ""
        self._is_head = head.endswith("\n")

    def end(self) -> Ending:
        """Take the text for a fence that is not closed."""
        closed = self._line if self._closes(self._line) else ""
        return self._ending(self.length - len(closed), self.length)

    def _may_be(self, start: str) -> bool:
        """Return whether a fence's body may be a call, as far as it has come."""
        if self._language not in _LANGUAGES:
            return False
        body = start[self._head :].lstrip()
        plain = body.translate(SAME)
        is_tag = call_markup.OPENING.match(plain) or call_markup.PARTIAL.fullmatch(plain)
        if not body or is_tag or begins_call(body, self._reader) or self._begins_bare(body):
            return True
        match = _PYTHON.match(body) if self._language.startswith(("tool", "py")) else None
        if match and match[2]:
            return match[1] in self._reader.names
        return match is not None and match.end() == len(body)

    def _begins_bare(self, body: str) -> bool:
        """Return whether a call may stand there without anything around it."""
        if self._language in YAML:
            return begins_yaml(body, self._reader.names)
        head = head_of(body, self._reader.names)
        return head is not None and not _IN_PYTHON.match(body, max(head.place, 0))

    def _look(self, piece: str) -> Ending | None:
        first, *more = piece.split("\n")
        place = self.length - len(piece) - len(self._line)
        line = self._line + first
        for following in more:
            if not self._is_head and self._closes(line):
                return self._ending(place, place + len(line))
            self._is_head = False
            place += len(line) + 1
            line = following
        self._line = line[: LONGEST_CLOSE + self._head]
        return None

    def _closes(self, line: str) -> bool:
        run = line.strip(" \t\r")
        return len(run) >= len(self._mark) and not run.strip(self._mark[0])

    def _ending(self, stop: int, length: int) -> Ending:
        inner = self.text[self._head : stop]
        inner = inner.rstrip().removesuffix(self._mark)
        plain = inner.translate(SAME)
        if call_markup.OPENING.match(plain.strip()):
            return Ending(length, tuple(call_markup.tagged_calls(plain, self._reader)), inner)
        if self._language in YAML:
            calls = yaml_calls(inner, self._reader)
        else:
            calls = self._reader.from_text(inner) or bare_calls(inner, self._reader)
        is_call = calls or looks_like_call(inner, self._reader)
        return Ending(length, tuple(calls), inner) if is_call else NONE


class Spanned(Candidate):
    """A code span that holds nothing but a call of an offered tool."""

    def __init__(self, reader: CallReader, ticks: str) -> None:
        """Begin with the ``ticks`` that open the span."""
        super().__init__(reader)
        self._ticks = ticks
        self._closing = re.compile(rf"{ticks}|\n\n")

    def end(self) -> Ending:
        """Take the text for a span that is not closed."""
        return self._ending(self.text[len(self._ticks) :], self.length)

    def _may_be(self, start: str) -> bool:
        inner = start[len(self._ticks) :].partition(self._ticks)[0]
        plain = inner.translate(SAME)
        is_tag = call_markup.OPENING.match(plain) or call_markup.PARTIAL.fullmatch(plain)
        return bool(is_tag) or begins_call(inner, self._reader)

    def _look(self, piece: str) -> Ending | None:
        close = self._find(self._closing, piece, len(self._ticks))
        if close is None:
            return None
        start, end, found = close
        return self._ending(self.text[len(self._ticks) : start], end) if found.strip() else NONE

    def _ending(self, inner: str, length: int) -> Ending:
        plain = inner.translate(SAME)
        found = []
        if call_markup.OPENING.match(plain):
            found = call_markup.tagged_calls(plain, self._reader)
        found = found or self._reader.from_text(inner)
        if not found or any(call.name not in self._reader.names for call in found):
            return NONE
        return Ending(length, tuple(found))


class Value(Candidate):
    """A call in JSON or in Python's notation, which begins with a brace."""

    def __init__(self, reader: CallReader) -> None:
        """Begin before the brace."""
        super().__init__(reader)
        self._braces = Braces()

    def end(self) -> Ending:
        """Take the first paragraph for a call where it was meant as one."""
        text = self.text
        if not looks_like_call(text, self._reader):
            return NONE
        end = text.find("\n\n")
        return Ending(self.length if end < 0 else end, attempt=text)

    def _may_be(self, start: str) -> bool:
        return begins_call(start, self._reader)

    def _look(self, piece: str) -> Ending | None:
        end = self._braces.feed(piece)
        if end is None:
            return None
        length = self.length - len(piece) + end
        return self._ending(self.text[:length])

    def _ending(self, written: str) -> Ending:
        if value := first_value(written):
            calls = self._reader.calls_of(value[0])
            said = self._reader.said_beside(value[0])
            return Ending(value[1], tuple(calls), said=said) if calls else NONE
        calls = self._reader.from_text(written)
        is_call = calls or looks_like_call(written, self._reader)
        return Ending(len(written), tuple(calls), written) if is_call else NONE


class Functools(Candidate):
    """A list of calls behind the word ``functools``."""

    def __init__(self, reader: CallReader) -> None:
        """Begin before the word."""
        super().__init__(reader)
        self._value = Value(reader)

    def end(self) -> Ending:
        """Take the rest for the list."""
        return self._whole(self._value.end())

    def _may_be(self, start: str) -> bool:
        return True

    def _look(self, piece: str) -> Ending | None:
        before = self.length - len(piece)
        ending = self._value.feed(piece[max(len(FUNCTOOLS) - before, 0) :])
        return ending and self._whole(ending)

    def _whole(self, ending: Ending) -> Ending:
        longer = ending.length and ending.length + len(FUNCTOOLS)
        return replace(ending, length=longer)


def begins_call(text: str, reader: CallReader) -> bool:
    """Return whether JSON may become a call, as far as it has come."""
    if called := _LIST_OF_CALLS.match(text):
        is_cut = called.end() == len(text)
        is_begun = is_cut and any(one.startswith(called[1]) for one in reader.names)
        return called[1] in reader.names if called[2] else is_begun
    match = _BEGINNING.match(text)
    if match is None or not match[0]:
        return False
    keys, key = KEYS | reader.names, (match[2] or "").strip()
    if match[3]:
        return key in keys
    is_cut = match.end() == len(text) < HEAD or text[match.end() :] == "\\"
    return is_cut and any(one.startswith(key) for one in keys)


def looks_like_call(text: str, reader: CallReader) -> bool:
    """Return whether text that is no JSON was meant as a call."""
    match = _LOOK.search(text)
    if match is None:
        return False
    is_named = match[1] in reader.names and first_value(text.strip()) is None
    return is_named or _LOOK_BESIDE.search(text) is not None
