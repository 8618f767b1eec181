"""Written calls: finds the tool calls that a model wrote into its text, and takes them out of it.

Text is withheld only while it may be the beginning of a call. The forms are in `docs/models.md`.
"""

import re
from collections.abc import Mapping, Set

from chats.engine.parts import Json, ModelError
from chats.engine.reading import call_markup, code
from chats.engine.reading.call_markup import SAME
from chats.engine.reading.call_shapes import (
    KEYS,
    LONGEST,
    CallReader,
    Written,
    end_of_braces,
    first_value,
)

_FENCE = re.compile(r"(?:^|(?<=\n)) {0,3}```[ ]*(?P<language>[\w-]*)[ ]*(?P<line>\r?\n|\Z)")
_SPAN_START = re.compile(r"(?<!`)`{1,2}\Z")
_FENCE_START = re.compile(r"(?:\A|(?<=\n)) {0,3}`{1,3}[ ]*[\w-]{0,20}[ ]*\Z")
_FENCE_END = re.compile(r"\n\s*```[ ]*(?=\n|\Z)")
_LANGUAGES = frozenset(
    {"", "json", "json5", "tool_call", "tool_calls", "tool_code", "tool", "tools", "xml"}
    | {"function_call", "function", "python", "py", "javascript", "plaintext", "text", "txt"}
)
"""Languages of fences in which models put calls."""
_CANDIDATES = re.compile(
    rf"(?P<tag>{call_markup.OPENING.pattern})|(?P<fence>{_FENCE.pattern})|(?P<brace>[{{\[])"
    r"|(?P<span>`{1,2}(?=[{\[<]))|(?P<functools>functools(?=\[))",
    re.IGNORECASE,
)
_NESTED = re.compile(r"(?:[\"'\]}\d]\s*[:,]|[\[{])\s*\Z")
"""What stands before an object that is a part of another one."""
_BEGINNING = re.compile(r"\[?\s*(?:\{\s*(?:([\"'])([\w .-]*)(?:\1\s*(:)?)?)?)?")
_LIST_OF_CALLS = re.compile(r"\[\s*([A-Za-z_]\w*)(\()?")
"""Calls as Llama and Gemma write them: ``[search(query="lamp")]``."""
_PYTHON = re.compile(r"\s*(?:print\s*\(\s*)?(?:[\w]+\.)?(\w*)\s*(\()?")
_LOOK = re.compile(r"[\"'](?:name|function|tool|tool_name)[\"']\s*:\s*[\"']([\w.:-]+)")
_LOOK_BESIDE = re.compile(r"[\"'](?:arguments|parameters|args)[\"']\s*:")
_TOKENS = (
    r"(?:<\|(?:im_end|im_start|eot_id|eom_id|endoftext|end_of_text|end_of_turn|end_of_sentence"
    r"|end_of_solution|end_response|end|return|call|eos)\|>|<(?:end_of_turn|eos|/s|/answer)>)"
)
_LEAKED = re.compile(rf"(?:\s*{_TOKENS})+\s*\Z", re.IGNORECASE)
"""Special tokens that a server lets through at the end of a text."""
_MOST_BLANKS = 200
"""Blanks that are left out before a call: as many are withheld."""

_UNCERTAIN = (call_markup.PARTIAL, _FENCE_START, _SPAN_START, _LEAKED)
"""What at the end of a text may become something else than text."""


class WrittenCalls:
    """The sieve of one model call.

    ``calls`` are those that were found, ``attempts`` those that name a tool and are none.
    """

    def __init__(self, tools: Mapping[str, Json]) -> None:
        """Begin; ``tools`` are the offered ones with the schemas of their arguments."""
        self.calls: list[Written] = []
        self.attempts: list[Written] = []
        self.has_dropped = False
        self._reader = CallReader(tools)
        self._keys = KEYS | self._reader.names
        self._waiting = ""
        self.said: list[str] = []
        self._gap: str | None = None

    @property
    def names(self) -> Set[str]:
        """The names of the offered tools."""
        return self._reader.names

    @property
    def is_open(self) -> bool:
        """Whether text without any sign of a call may be put to what was said without asking."""
        return not self._waiting and self._gap is None and bool(self.said)

    @property
    def is_silent(self) -> bool:
        """Whether nothing was said but blanks."""
        return not any(text.strip() for text in self.said)

    def feed(self, text: str) -> str:
        """Return what of the text so far is certain to be no call."""
        return self._read(self._waiting + text, is_end=False)

    def end(self) -> str:
        """Return the rest of the text."""
        return self._read(self._waiting, is_end=True)

    def forget(self) -> None:
        """Forget what was read: it was no part of the answer."""
        self.calls.clear()
        self.attempts.clear()
        self.said.clear()
        self._waiting, self._gap = "", None

    def _read(self, text: str, *, is_end: bool) -> str:
        """Take the calls out of ``text``; keep waiting for what is not certain yet."""
        self._waiting = ""
        certain: list[str] = []
        place = 0
        while match := _CANDIDATES.search(text.translate(SAME), place):
            start = match.start()
            before = text[:start]
            if self._is_text(text, match):
                place = self._past(match)
                continue
            end = self._end_of(text[start:], match, is_end=is_end)
            kept = before[: _end_of_lines(before)]
            if end is None:
                certain.append(self._say(kept))
                self._waiting = text[len(kept) :]
                self._check_length()
                return "".join(certain)
            if end:
                certain.append(self._say(kept))
                self._drop(before[len(kept) :])
                text, place = text[start + end :], 0
            else:
                place = self._past(match)
        certain.append(self._last(text, is_end=is_end))
        return "".join(certain)

    def _is_text(self, text: str, match: re.Match[str]) -> bool:
        """Return whether a candidate is surely none: it stands in code, or begins otherwise."""
        before = text[: match.start()]
        if match["brace"] and not self._begins_call(text[match.start() :]):
            return True
        if match["brace"] and _NESTED.search("".join([*self.said[-3:], before])[-100:]):
            return True
        said = "".join(self.said) + before
        if match["fence"] and said and not said.endswith("\n"):
            return True
        return code.is_open(said)

    def _past(self, match: re.Match[str]) -> int:
        """Return where to look on behind a candidate that is none."""
        return match.start() + 1 if match["brace"] else match.end()

    def _check_length(self) -> None:
        if len(self._waiting) > LONGEST:
            raise ModelError("too_long", "a call in the text does not end")

    def _last(self, text: str, *, is_end: bool) -> str:
        """Return what is certain of a text without calls."""
        if is_end:
            leaked = _LEAKED.search(text.translate(SAME))
            return self._say(text[: leaked.start()] if leaked else text)
        plain = text.translate(SAME)[-300:]
        ends = [match for pattern in _UNCERTAIN if (match := pattern.search(plain))]
        places = [len(text), *(len(text) - len(match[0]) for match in ends)]
        if not self.said and "functools".startswith(text.strip() or "-"):
            places.append(0)
        certain = _end_of_lines(text[: min(places)])
        self._waiting = text[certain:]
        return self._say(text[:certain])

    def _end_of(self, text: str, match: re.Match[str], *, is_end: bool) -> int | None:
        """Return where the call at the beginning of ``text`` ends: 0 for none, None for unknown."""
        if match["tag"]:
            return self._end_of_tag(text, is_end=is_end)
        if match["fence"]:
            return self._end_of_fence(text, match, is_end=is_end)
        if match["span"]:
            return self._end_of_span(text, len(match[0]), is_end=is_end)
        if match["functools"]:
            rest = self._end_of_value(text[len("functools") :], is_end=is_end)
            return rest and rest + len("functools")
        return self._end_of_value(text, is_end=is_end)

    def _end_of_tag(self, text: str, *, is_end: bool) -> int | None:
        plain = text.translate(SAME)
        opening = call_markup.OPENING.match(plain)
        if opening is None:
            return 0
        close = call_markup.closing(opening).search(plain, opening.end())
        if close is None and not is_end:
            return None
        end, after = (close.start(), close.end()) if close else (len(text), len(text))
        calls = call_markup.calls_in(opening[0], plain[opening.end() : end], self._reader)
        self._take(calls, text)
        return after

    def _end_of_span(self, text: str, ticks: int, *, is_end: bool) -> int | None:
        """Return where a code span ends that holds nothing but a call of an offered tool."""
        close = text.find(text[:ticks], ticks)
        inner = text[ticks : close if close > 0 else None]
        plain = inner.translate(SAME)
        opening = call_markup.OPENING.match(plain)
        may_be = opening or call_markup.PARTIAL.fullmatch(plain) or self._begins_call(inner)
        if close < 0 and not is_end:
            return None if may_be and "\n\n" not in inner else 0
        found = call_markup.tagged_calls(plain, self._reader) if opening else []
        found = found or self._reader.from_text(inner)
        if not may_be or not found or any(call.name not in self.names for call in found):
            return 0
        self._take(found, "")
        return close + ticks if close > 0 else len(text)

    def _end_of_fence(self, text: str, match: re.Match[str], *, is_end: bool) -> int | None:
        head = match[0]
        body = text[len(head) :]
        if not match["line"] and not is_end:
            return None
        if not self._may_be_call(body, match["language"].lower()):
            return 0
        close = _FENCE_END.search("\n" + body)
        if close is None and not is_end:
            return None
        inner = body[: close.start()] if close else body
        if not self._took_fenced(inner):
            return 0
        return len(head) + close.end() - 1 if close else len(text)

    def _took_fenced(self, inner: str) -> bool:
        """Take the calls in a fence; return whether there was nothing else in it."""
        plain = inner.translate(SAME)
        if call_markup.OPENING.match(plain.strip()):
            self._take(call_markup.tagged_calls(plain, self._reader), inner)
            return True
        calls = self._reader.from_text(inner)
        if not calls and not self._looks_like_call(inner):
            return False
        self._take(calls, inner)
        return True

    def _may_be_call(self, body: str, language: str) -> bool:
        """Return whether a fence's body may be a call, as far as it has come."""
        if language not in _LANGUAGES:
            return False
        start = body.lstrip()
        plain = start.translate(SAME)
        is_tag = call_markup.OPENING.match(plain) or call_markup.PARTIAL.fullmatch(plain)
        if not start or is_tag or self._begins_call(start):
            return True
        match = _PYTHON.match(start) if language.startswith(("tool", "py")) else None
        if match and match[2]:
            return match[1] in self._reader.names
        return match is not None and match.end() == len(start)

    def _begins_call(self, text: str) -> bool:
        """Return whether JSON may become a call, as far as it has come."""
        if called := _LIST_OF_CALLS.match(text):
            return self._begins_list(called, text)
        match = _BEGINNING.match(text)
        if match is None or not match[0]:
            return False
        key, colon = match[2], match[3]
        if colon:
            return key in self._keys
        if match.end() < len(text):
            return False
        return key is None or any(one.startswith(key) for one in self._keys)

    def _begins_list(self, called: re.Match[str], text: str) -> bool:
        names = self._reader.names
        if called[2]:
            return called[1] in names
        return called.end() == len(text) and any(one.startswith(called[1]) for one in names)

    def _end_of_value(self, text: str, *, is_end: bool) -> int | None:
        if not self._begins_call(text):
            return 0
        if not is_end and "}" not in text and ")" not in text:
            return None
        if value := first_value(text):
            calls = self._reader.calls_of(value[0])
            self._take(calls, "")
            return value[1] if calls else 0
        return self._end_of_other(text, is_end=is_end)

    def _end_of_other(self, text: str, *, is_end: bool) -> int | None:
        """Return where what is no JSON ends: an object as Python writes it, or a broken one."""
        is_closed = is_end or text.rstrip()[-1:] in {"}", "]"}
        end = end_of_braces(text) if is_closed else None
        if end is None and not is_end:
            return None
        written = text[:end]
        calls = self._reader.from_text(written) if end else []
        if not calls and not self._looks_like_call(written):
            return 0
        self._take(calls, written)
        return end or _paragraph(text)

    def _looks_like_call(self, text: str) -> bool:
        """Return whether text that is no JSON was meant as a call."""
        match = _LOOK.search(text)
        if match is None:
            return False
        return match[1] in self._reader.names or _LOOK_BESIDE.search(text) is not None

    def _take(self, calls: list[Written], text: str) -> None:
        """Keep ``calls``, or the attempt at one where there are none."""
        if not calls and text:
            named = next((name for name in self._reader.names if name in text), "")
            self.attempts += [Written(named, text[:LONGEST])] if named else []
            self.has_dropped = True
        self.calls += [call for call in calls if call not in self.calls]

    def _drop(self, blanks: str) -> None:
        """Note that something was taken out of the text, and what ``blanks`` stood before it."""
        self.has_dropped = True
        self._gap = (self._gap or "") + blanks

    def _say(self, text: str) -> str:
        """Return ``text``, joined to what was said before where something was taken out between."""
        if self._gap is not None:
            stripped = text.lstrip()
            if not stripped:
                self._gap += text
                return ""
            gap = self._gap + text[: len(text) - len(stripped)]
            self._gap = None
            text = self._joint(gap) + stripped
        if text:
            self.said.append(text)
        return text

    def _joint(self, gap: str) -> str:
        said = "".join(self.said[-3:])
        if not said.strip():
            return ""
        if "\n" in gap:
            return "\n\n"
        return "" if said[-1].isspace() else gap[:1]


def _paragraph(text: str) -> int:
    """Return where the first paragraph of ``text`` ends."""
    end = text.find("\n\n")
    return len(text) if end < 0 else end


def _end_of_lines(text: str) -> int:
    """Return where the empty lines at the end of ``text`` begin."""
    tail = text[-_MOST_BLANKS:]
    line = tail.find("\n", len(tail.rstrip()))
    return len(text) if line < 0 else len(text) - len(tail) + line
