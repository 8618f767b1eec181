"""Written calls: finds the tool calls that a model wrote into its text, and takes them out of it.

Text is withheld only while it may be the beginning of a call. The forms are in `docs/models.md`.
"""

import re
from collections import deque
from collections.abc import Mapping, Set
from functools import lru_cache

from chats.engine.parts import Json, ModelError
from chats.engine.reading import call_markup
from chats.engine.reading.bare_calls import Bare
from chats.engine.reading.bare_heads import head_of
from chats.engine.reading.call_markup import SAME
from chats.engine.reading.call_shapes import LONGEST, CallReader, Written
from chats.engine.reading.calls import MOST_CALLS
from chats.engine.reading.candidates import Candidate, Ending
from chats.engine.reading.code import Code
from chats.engine.reading.marked_calls import (
    FUNCTOOLS,
    Fenced,
    Functools,
    LeftOver,
    Soft,
    Spanned,
    Tagged,
    Value,
    begins_call,
)
from chats.engine.reading.remainders import Remainder

_PIECE = 1000
"""Characters that are looked at together, however many come."""
_FENCE = re.compile(r"(?<![^\n]) {0,3}(?P<mark>`{3,}|~{3,})[ ]*(?P<language>[\w-]*)[ ]*\r?\n")
_SPAN_START = re.compile(r"(?<!`)`{1,2}\Z")
_FENCE_START = re.compile(r"(?<![^\n]) {0,3}(?:`{1,8}|~{1,8})[ ]{0,9}[\w-]{0,20}[ ]{0,9}\Z")
_LINE = r"(?<![^\n]) {0,3}(?=[\w*`\[>])"
_BRACE = r"""\{(?=\s*+(?:[\\"'\w .-]|\Z))|\[(?=\s*+(?:[A-Za-z_]|\Z|\{\s*+(?:[\\"'\w .-]|\Z)))"""
"""A brace with what it must have behind it if it begins a call."""
_OTHERS = (
    rf"(?P<junk>{call_markup.LEFT_OVER.pattern})|(?P<tag>{call_markup.OPENING.pattern})|(?P<fence>{_FENCE.pattern})|(?P<brace>{_BRACE})"
    rf"|(?P<span>`{{1,2}}(?=[{{\[<]))|(?P<functools>{FUNCTOOLS}(?=\[))"
)
_NESTED = re.compile(r"(?:[\"'\]}\d]\s*[:,]|[\[{])\s*\Z")
"""What stands before an object that is a part of another one."""
_LOOKED_BACK = 100
_TOKENS = (
    r"(?:<\|(?:im_end|im_start|eot_id|eom_id|endoftext|end_of_text|end_of_turn|end_of_sentence"
    r"|end_of_solution|end_response|end|return|call|eos)\|>|<(?:end_of_turn|eos|/s|/answer)>)"
)
_LEAKED = re.compile(rf"(?:{_TOKENS}\s*)+\Z", re.IGNORECASE)
"""Special tokens that a server lets through at the end of a text."""
_LONGEST_END = 300
_MARK = re.compile(r"[<`~\[]")
_UNCERTAIN = (call_markup.PARTIAL, _FENCE_START, _SPAN_START, _LEAKED)
"""What at the end of a text may become something else than text."""
_OPENED = re.compile(r"```|\*{1,3}|`|\[")
_CLOSED_BY = {"```": "```", "***": "***", "**": "**", "*": "*", "`": "`", "[": "]"}
"""What is closed behind a call if it was opened before it."""
_OBSERVATION = "Observation:"
"""How models begin the result that they wait for."""
_SPARE = 4 * LONGEST
"""Characters that candidates may cost that turn out to be none, beside twice the text so far."""


class WrittenCalls:
    """The sieve of one model call.

    ``calls`` are those that were found, ``attempts`` the first that names a tool and is none.
    """

    def __init__(self, tools: Mapping[str, Json]) -> None:
        """Begin; ``tools`` are the offered ones with the schemas of their arguments."""
        self.calls: list[Written] = []
        self.attempts: list[Written] = []
        self.has_dropped = False
        self._made: set[Written] = set()
        self._reader = CallReader(tools)
        self._candidates, self._candidates_in_line = _patterns(frozenset(tools))
        self._waiting = ""
        self._begin()

    @property
    def names(self) -> Set[str]:
        """The names of the offered tools."""
        return self._reader.names

    @property
    def said(self) -> list[str]:
        """The pieces of the text that is no call."""
        return self._left.said

    @property
    def is_open(self) -> bool:
        """Whether text without any sign of a call may be put to what was said without asking."""
        return not self._waiting and self._candidate is None and self._left.is_open

    @property
    def is_silent(self) -> bool:
        """Whether nothing was said but blanks."""
        return self._left.is_silent

    def feed(self, text: str) -> str:
        """Return what of the text so far is certain to be no call."""
        certain: list[str] = []
        self._catch_up()
        self._input.extend(_pieces(text))
        self._read(certain)
        return "".join(certain)

    def end(self) -> str:
        """Return the rest of the text."""
        certain: list[str] = []
        self._catch_up()
        has_leaked = False
        while self._candidate or self._waiting:
            if self._candidate:
                self._settle(self._candidate, self._candidate.end(), certain)
                self._read(certain)
            else:
                leaked = _LEAKED.search(self._waiting.translate(SAME))
                has_leaked = leaked is not None
                text, self._waiting = self._waiting[: leaked and leaked.start()], ""
                self._scan(text, certain, is_end=True)
        self._pass_lead(certain)
        certain.append(self._left.end(is_stripped=has_leaked))
        return "".join(certain)

    def forget(self) -> None:
        """Forget what was read: it was no part of the answer."""
        self.calls.clear()
        self.attempts.clear()
        self._made.clear()
        self._begin()

    def _begin(self) -> None:
        """Begin with a text of which nothing was read."""
        self._left = Remainder()
        self._code = Code()
        self._input: deque[str] = deque()
        self._waiting = ""
        self._candidate: Candidate | None = None
        self._recent = ""
        self._known = 0
        self._length = 0
        self._spent = 0
        self._lines_from = 0
        self._lead = ""
        self._owed: list[str] = []

    def _catch_up(self) -> None:
        """Take notice of what was put to the text that is left without asking."""
        text = "".join(self.said[self._known :])
        self._known = len(self.said)
        self._note(text)

    def _note(self, text: str) -> None:
        self._code.feed(text)
        self._recent = (self._recent + text)[-_LOOKED_BACK:]
        self._length += len(text)

    def _read(self, certain: list[str]) -> None:
        """Read all that has come."""
        while self._input:
            piece = self._input.popleft()
            if self._candidate is None:
                self._scan(self._waiting + piece, certain)
            elif ending := self._candidate.feed(piece):
                self._settle(self._candidate, ending, certain)
            else:
                _require_end(self._candidate)

    def _settle(self, candidate: Candidate, ending: Ending, certain: list[str]) -> None:
        """Take a candidate for a call or for text, and read what follows."""
        text, self._candidate = candidate.text, None
        if not ending.length:
            self._reject(candidate)
            self._pass(text[: candidate.first], certain)
        else:
            self._take(ending, text, certain)
        rest = text[ending.length or candidate.first :]
        self._input.extendleft(reversed(_pieces(rest)))

    def _reject(self, candidate: Candidate) -> None:
        """Note what a candidate has cost that is none, and where no line needs to be tried."""
        self._spent += candidate.length
        self._lines_from = max(self._lines_from, self._length + candidate.covered)

    def _scan(self, text: str, certain: list[str], *, is_end: bool = False) -> None:
        """Look for calls in ``text``; keep waiting for what is not certain yet."""
        text = self._paid(text, is_end=is_end)
        plain = text.translate(SAME)
        place = 0
        while match := self._next(plain, place):
            start = match.start()
            self._pass(text[place:start], certain)
            if match.lastgroup == "line":
                self._lines_from = self._length + 1
            if self._is_text(plain, match):
                place = start + _first(match)
                if not is_end and call_markup.PARTIAL.fullmatch(plain, start):
                    place = start
                    break
                self._pass(text[start:place], certain)
                continue
            candidate = self._candidate_of(match)
            ending = candidate.feed(text[start:])
            if ending is None:
                _require_end(candidate)
                self._candidate = candidate
                return
            place = start + (ending.length or candidate.first)
            if ending.length:
                self._take(ending, text[start:place], certain)
                text, place = self._paid(text[place:], is_end=is_end), 0
                plain = text.translate(SAME)
            else:
                self._reject(candidate)
                self._pass(text[start:place], certain)
        self._finish(text[place:], certain, is_end=is_end)

    def _paid(self, text: str, *, is_end: bool) -> str:
        """Return ``text`` without the signs that close what stood before a call."""
        self._waiting = ""
        while self._owed:
            stripped = text.lstrip()
            is_cut = stripped not in self._owed and not is_end
            if is_cut and any(one.startswith(stripped) for one in self._owed):
                self._waiting = text
                return ""
            owed = next((one for one in self._owed if stripped.startswith(one)), "")
            if not owed:
                self._owed.clear()
                return text
            self._owed.remove(owed)
            text = stripped[len(owed) :]
        return text

    def _next(self, plain: str, place: int) -> re.Match[str] | None:
        """Return the next candidate; the beginning of a line is one only once, and with tools."""
        start = place
        while match := self._candidates.search(plain, start):
            at = match.start()
            if match.lastgroup != "line":
                return match
            is_new = self._length + at - place >= self._lines_from
            if self.names and is_new and (at or self._code.is_line_start):
                return match
            if in_line := self._candidates_in_line.match(plain, at):
                return in_line
            start = at + 1
        return None

    def _is_text(self, plain: str, match: re.Match[str]) -> bool:
        """Return whether a candidate is surely none: it stands in code, or begins otherwise."""
        start = match.start()
        is_none = self._code.is_open or self._spent > 2 * self._length + _SPARE
        match match.lastgroup:
            case "line":
                is_none = is_none or head_of(plain[start : start + _PIECE], self.names) is None
            case "brace":
                is_none = is_none or not begins_call(plain[start : start + _PIECE], self._reader)
                is_none = is_none or _NESTED.search(self._recent) is not None
            case "fence":
                is_none = is_none or (not start and not self._code.is_line_start)
            case "functools":
                is_none = is_none or not self._code.is_line_start
            case "junk":
                is_none = is_none or ("_" not in match[0] and not self.calls)
        return is_none

    def _candidate_of(self, match: re.Match[str]) -> Candidate:
        """Return the candidate that begins with ``match``."""
        reader, opening = self._reader, match[0]
        candidate: Candidate
        match match.lastgroup:
            case "line":
                candidate = Bare(reader)
            case "junk":
                candidate = LeftOver(reader)
            case "soft":
                candidate = Soft(reader, opening)
            case "tag":
                candidate = Tagged(reader, opening, call_markup.closing(match))
            case "fence":
                candidate = Fenced(reader, opening, match["mark"], match["language"])
            case "span":
                candidate = Spanned(reader, opening)
            case "functools":
                candidate = Functools(reader)
            case _:
                candidate = Value(reader)
        candidate.first = _first(match)
        return candidate

    def _finish(self, text: str, certain: list[str], *, is_end: bool) -> None:
        """Pass on what is certain of a text without calls."""
        stop = len(text)
        if not is_end:
            plain = text[-_LONGEST_END:].translate(SAME)
            patterns = _UNCERTAIN if _MARK.search(plain) else ()
            ends = [match for pattern in patterns if (match := pattern.search(plain))]
            stop = min([stop, *(stop - len(match[0]) for match in ends)])
            if self._code.is_line_start and FUNCTOOLS.startswith(text or "-"):
                stop = 0
        self._pass(text[:stop], certain)
        self._waiting += text[stop:]

    def _pass(self, text: str, certain: list[str]) -> None:
        """Pass on ``text``, which is no call."""
        if text:
            text, self._lead = self._lead + text, ""
            self._note(text)
            certain.append(self._left.add(text))
            self._known = len(self.said)

    def _pass_lead(self, certain: list[str]) -> None:
        """Pass on what announced a call that did not come."""
        lead, self._lead = self._lead, ""
        self._pass(lead, certain)

    def _take(self, ending: Ending, text: str, certain: list[str]) -> None:
        """Keep the calls of a candidate, or the attempt at one where there are none."""
        if ending.is_lead:
            self._lead += text[: ending.length]
            return
        if not ending.calls and ending.attempt:
            named = next((name for name in self.names if name in ending.attempt), "")
            is_first = named and not self.attempts
            self.attempts += [Written(named, ending.attempt[:LONGEST])] if is_first else []
        for call in ending.calls:
            if call not in self._made:
                self._made.add(call)
                self.calls.append(call)
        if len(self.calls) > MOST_CALLS:
            raise ModelError("too_long", "the calls in the text do not end")
        self.has_dropped = True
        self._left.cut()
        self._code.end_line()
        self._recent = ""
        opened = self._lead + ending.opened
        self._owed = [_CLOSED_BY[mark] for mark in _OPENED.findall(opened)]
        self._owed += [_OBSERVATION] if "action" in opened.lower() else []
        self._lead = ""
        self._pass(ending.said, certain)


def _pieces(text: str) -> list[str]:
    """Return ``text`` in pieces that are short enough to be looked at again and again."""
    return [text[place : place + _PIECE] for place in range(0, len(text), _PIECE)]


def _require_end(candidate: Candidate) -> None:
    """Accept a candidate whose end is still to come.

    :raises ModelError: ``too_long``.
    """
    if candidate.length > LONGEST:
        raise ModelError("too_long", "a call in the text does not end")


def _first(match: re.Match[str]) -> int:
    """Return behind how many characters calls are looked for if a candidate is none."""
    return {"line": 0, "brace": 1}.get(match.lastgroup or "", len(match[0]))


@lru_cache(64)
def _patterns(names: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds candidates where tools have these ``names``: anywhere, and within lines."""
    soft = call_markup.soft_opening(names)
    candidates = rf"{_OTHERS}|(?P<soft>{soft})"
    return (
        re.compile(rf"(?P<line>{_LINE})|{candidates}", re.IGNORECASE),
        re.compile(candidates, re.IGNORECASE),
    )
