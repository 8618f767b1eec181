"""Thoughts: separates a model's reasoning from its answer where both are in one text.

The forms are in `docs/models.md`. A tag within code is text. What cannot be told yet is withheld.
"""

import re
from collections.abc import Callable, Sequence

from chats.engine.parts import ModelEvent, ReasoningDelta, TextDelta, TextRetracted
from chats.engine.reading.habits import Habit
from chats.engine.reading.openings import LOOKED_AT, Opening, opening_of
from chats.engine.reading.places import Place
from chats.engine.reading.quotations import Quotable

WAIT_SECONDS = 2.0
"""How long the text of a model of which nothing is known is withheld, unless it seems to think."""
_NAME = r"(?:[a-z]{1,12}[:_])?(?:think(?:ing)?|reasoning|thoughts?|reflection|inner_monologue)"
_HARMONY = r"<\|channel\|>\s*analysis\b[^<]{0,40}<\|message\|>"
_OPEN = re.compile(
    rf"<\s*{_NAME}\s*>|◁\s*think\s*▷|\[think\]|<\|start_thinking\|>|<\|begin_of_thought\|>"
    rf"|(?:<\|start\|>\s*assistant\s*)?{_HARMONY}",
    re.IGNORECASE,
)
_FINAL = r"(?:<\|start\|>\s*assistant\s*)?<\|channel\|>\s*final\b[^<]{0,40}<\|message\|>"
_CLOSE = re.compile(
    rf"<\s*/\s*{_NAME}\s*>|◁\s*/\s*think\s*▷|\[/think\]|<\|end_thinking\|>|<\|end_of_thought\|>"
    rf"|{_FINAL}",
    re.IGNORECASE,
)
_BARE = re.compile(r"analysis(?=[A-Z])")
"""How a channel begins whose marks a server took away, and how it ends."""
_BARE_END = re.compile(r"assistantfinal")
_BARE_LENGTH = len(_BARE_END.pattern)
_END_OF_CHANNEL = re.compile(
    rf"{_CLOSE.pattern}|<\|end\|>|<\|return\|>|(?=<\|start\|>|<\|channel\|>)", re.IGNORECASE
)
_BESIDE = re.compile(
    rf"{_FINAL}|<\|(?:start\|>\s*assistant\s*<\|)?channel\|>\s*commentary\s*<\|message\|>|<\|end\|>"
    r"|<\|begin_of_solution\|>|<\|start_response\|>|<\s*answer\s*>",
    re.IGNORECASE,
)
"""What may stand between the reasoning and the answer."""
_PARTIAL = re.compile(
    r"(?:<\s*/?\s*[a-z]{0,16}[:_]?[a-z_]{0,16}\s*|<\|?[a-z_]{0,20}\|?|\[/?(?:t(?:h(?:i(?:nk?)?)?)?)?"
    r"|◁\s*/?\s*(?:t(?:h(?:i(?:nk?)?)?)?)?\s*|<\|(?:channel|start)\|>(?:(?!<\|message\|>).){0,120})\Z",
    re.IGNORECASE | re.DOTALL,
)
"""What may become one of these, as far as it has come."""
_MARKS = re.compile(rf"(?P<open>{_OPEN.pattern})|(?P<close>{_CLOSE.pattern})", re.IGNORECASE)
_LOOKS = re.compile(
    r"\b(?:the (?:user|customer|human)(?:'s)?|user (?:is|wants|asks|says)|let me (?:think|see)|hmm"
    r"|i (?:need|should|have) to|we (?:need|should|have) to|i should|wait,|let's|first,)"
    r"|^\s*(?:okay|ok|alright|so)\b|用户|首先|好的|嗯|我需要",
    re.IGNORECASE,
)
"""How reasoning sounds. An answer that sounds so as well is only shown later."""
_LOOKED_AT = 600
_SENTENCES = re.compile(r"(?<=[.!?:\n\u3002\uff01\uff1f])\s*")
_LATEST = 60
"""Pieces of text among which the beginning of a sentence is looked for."""
_LATEST_LENGTH = 400
_MOST_AT_ONCE = 4096
_MOST_BLANKS = 1000
"""Blanks at the beginning of a text that are kept."""
MOST_ASIDE = 1000
"""Code points behind a tag within a sentence that are withheld until it is closed."""
_BOUNDARY = re.compile(r"(?:\A|\n|[.!?\u2026\u3002\uff01\uff1f][\"'*_)\]]{0,4})[ \t]*\Z")
"""What stands before the beginning of a line or a sentence."""
_MOST_BEFORE = 20
"""Pieces of text among which it is looked for."""


class Thoughts:
    """The sieve of one model call.

    ``said`` is the text since the reasoning ended; while it ``is_open``, text without any sign of
    reasoning may be put there and shown without asking.
    """

    def __init__(self, habit: Habit, clock: Callable[[], float], quotable: Quotable) -> None:
        """Begin; ``clock`` returns seconds, ``quotable`` is what the model was asked."""
        self.has_tags = False
        self.was_unopened = False
        self.seemed_to_think = False
        self._habit = habit
        self._clock = clock
        self._quotable = quotable
        self._take = self._start
        self._closers = _CLOSE
        self._waiting = ""
        self._opener = ""
        self._is_meant = False
        self._has_text_tags = False
        self._place = Place()
        self._followed = 0
        self.said: list[str] = []
        self._held: list[str] | None = None if habit == Habit.SEPARATE else []
        self._until = 0.0
        self._has_shown = False
        self._has_thought = False
        self._is_trusted = False
        self.is_open = False
        # Whether blanks stood before reasoning in the middle: those behind it are left out.
        self._is_apart = False

    def feed(self, text: str) -> list[ModelEvent]:
        """Return the events that ``text`` makes certain."""
        found: list[ModelEvent] = []
        for start in range(0, len(text), _MOST_AT_ONCE):
            rest = self._waiting + text[start : start + _MOST_AT_ONCE]
            self._waiting = ""
            while rest:
                rest = self._take(rest, found)
        self.is_open = self._has_shown and not self._is_apart and self._is_settled
        self.is_open = self.is_open and not self._waiting and not self._is_watched
        return found

    def trust(self) -> list[ModelEvent]:
        """Take the text for the answer from now on: the server separates reasoning itself."""
        self._is_trusted = True
        return self._release()

    def end(self, *, is_cut: bool, has_calls: bool) -> list[ModelEvent]:
        """Return what the end of the text makes certain; ``is_cut`` by the limit of its length."""
        found: list[ModelEvent] = []
        waiting, self._waiting = self._waiting, ""
        is_thought = self._take == self._thought or (self._take == self._start and is_cut)
        if self._take == self._start and self._has_thought:
            waiting = waiting.lstrip()
        if self._take == self._aside:
            is_thought = self._is_meant
            waiting = waiting if is_thought else self._opener + waiting
        if is_thought and waiting:
            found.append(ReasoningDelta(waiting))
        elif waiting:
            self._say(waiting, found)
        is_known = self._habit in {Habit.THINKS, Habit.SUSPECT}
        if self._held and is_known and (is_cut or has_calls) and self._seems_to_think():
            found += _reasoning("".join(self._held))
            self._held = None
            self.seemed_to_think = True
        return [*found, *self._release()]

    def broken(self) -> list[ModelEvent]:
        """Return what was withheld: the text that may be shown, now that the stream is broken."""
        if self._take in {self._thought, self._aside}:
            return [*self._release(), *_reasoning(self._waiting)]
        if self._held is None:
            return []
        if self._habit != Habit.SUSPECT and not self._seems_to_think():
            return self._release()
        held, self._held = self._held, None
        return _reasoning("".join(held) + self._waiting)

    def _start(self, text: str, found: list[ModelEvent]) -> str:
        """Look for reasoning at the beginning; return what is still to be read."""
        stripped = text.lstrip()
        if match := _OPEN.match(stripped) or _BARE.match(stripped):
            self.has_tags = True
            return self._think(match, stripped)
        if match := _CLOSE.match(stripped) or (_BESIDE.match(stripped)):
            if not self._has_thought and _CLOSE.match(stripped):
                self.was_unopened = "channel" not in match[0]
            self._has_thought = True
            self._held = None
            return stripped[match.end() :]
        is_partial = _PARTIAL.fullmatch(stripped) or "analysis".startswith(stripped)
        if not stripped or is_partial:
            self._waiting = text if stripped else text[-_MOST_BLANKS:]
            return ""
        self._take = self._answer
        if self._has_thought:
            self._held = None
            return stripped
        return text

    def _think(self, match: re.Match[str], text: str) -> str:
        is_channel = "channel" in match[0].lower()
        self._closers = _END_OF_CHANNEL if is_channel else _CLOSE
        if match.re is _BARE:
            self._closers = _BARE_END
        self._take = self._thought
        return text[match.end() :]

    def _thought(self, text: str, found: list[ModelEvent]) -> str:
        """Look for the end of the reasoning."""
        match = self._end_in(text)
        if match is None:
            thought, self._waiting = _cut(text)
            if self._closers is _BARE_END:
                thought, self._waiting = text[:-_BARE_LENGTH], text[-_BARE_LENGTH:]
            if thought:
                found.append(ReasoningDelta(thought))
            return ""
        if match.start():
            found.append(ReasoningDelta(text[: match.start()]))
        self._has_thought = True
        self._take = self._start
        return text[match.end() :]

    def _answer(self, text: str, found: list[ModelEvent]) -> str:
        """Look for reasoning behind the beginning: opened there, or closed without an opening."""
        match = None if self._habit == Habit.SEPARATE else _MARKS.search(text)
        if match is None:
            answer, self._waiting = _cut(text)
            self._say(answer, found)
            return ""
        before = text[: match.start()]
        is_code = self._is_code_behind(before)
        is_open = match["open"] is not None
        if not is_open and not self._is_written(before) and not self._is_quoted(before):
            self._retract(before, found)
            self.was_unopened = True
            return text[match.end() :]
        self._say(before, found)
        self._followed = len(self.said)
        recent = "".join(self.said[-_MOST_BEFORE:])[-_MOST_BEFORE:]
        self._is_meant = _BOUNDARY.search(recent) is not None
        if is_open and not is_code and (self._is_meant or not self._has_text_tags):
            self._opener, self._take, self._closers = match[0], self._aside, _CLOSE
        else:
            self._place.has_tag = self._place.has_tag or is_open
            self._say(match[0], found)
        return text[match.end() :]

    def _aside(self, text: str, found: list[ModelEvent]) -> str:
        """Look for the end of what was opened in the middle: without one it was text.

        At the beginning of a line or a sentence it is surely reasoning.
        """
        match = self._end_in(text)
        if match is None and self._is_meant:
            self.has_tags = True
            thought, self._waiting = _cut(text)
            found += _reasoning(thought)
            return ""
        if match is None and len(text) > MOST_ASIDE:
            self._say(self._opener, found)
            self._has_text_tags = True
            self._take = self._answer
            return text
        if match is None:
            self._waiting = text
            return ""
        found.append(ReasoningDelta(text[: match.start()]))
        self.has_tags = True
        self._take = self._answer
        self._is_apart = "".join(self.said[-1:])[-1:].isspace()
        return text[match.end() :]

    def _end_in(self, text: str) -> re.Match[str] | None:
        """Return the first closing tag that is no code."""
        for match in self._closers.finditer(text):
            if not (text[: match.start()].endswith("`") and text[match.end() :].startswith("`")):
                return match
        return None

    def _is_code_behind(self, before: str) -> bool:
        """Return whether what follows ``before``, which is not said yet, stands in code."""
        self._place.feed("".join(self.said[self._followed :]) + before)
        self._followed = len(self.said)
        return self._place.is_code

    def _is_written(self, before: str) -> bool:
        """Return whether a closing tag behind ``before`` is text: in code, or as its opening."""
        latest = before or "".join(self.said[-1:])
        return latest.endswith("`") or self._place.has_tag or self._has_text_tags

    def _is_quoted(self, before: str) -> bool:
        """Return whether a closing tag behind ``before`` is one that the model was asked for."""
        if self._habit == Habit.THINKS or not self._quotable.has_tags:
            return False
        head = _head([*self.said[:_LOOKED_AT], before])
        if self._habit == Habit.SUSPECT and _LOOKS.search(head):
            return False
        return opening_of(head[:LOOKED_AT]) != Opening.THOUGHT

    @property
    def _is_watched(self) -> bool:
        """Whether text that is shown may still turn out to be reasoning that nothing opened."""
        return self._habit == Habit.UNKNOWN and not (self._has_thought or self._is_trusted)

    @property
    def _is_settled(self) -> bool:
        return self._held is None and self._take == self._answer

    def _say(self, text: str, found: list[ModelEvent]) -> None:
        if self._is_apart:
            text = text.lstrip()
        if not text:
            return
        self._is_apart = False
        self.said.append(text)
        if self._held is None:
            self._has_shown = True
            found.append(TextDelta(text))
            if self._is_watched and self._begins_to_think():
                self._take_back(found)
            return
        if not self._held:
            self._until = self._clock() + WAIT_SECONDS
        self._held.append(text)
        if self._may_show():
            found += self._release()

    def _may_show(self) -> bool:
        """Return whether the text that is withheld may be shown already."""
        if self._habit == Habit.PLAIN:
            opening = opening_of("".join(self._held or ()))
            if opening == Opening.THOUGHT:
                self._habit = Habit.SUSPECT
            return opening == Opening.ANSWER
        is_over = self._habit == Habit.UNKNOWN and self._clock() >= self._until
        return is_over and not self._seems_to_think()

    def _release(self) -> list[ModelEvent]:
        held, self._held = self._held, None
        if not held:
            return []
        self._has_shown = True
        return [TextDelta("".join(held))]

    def _begins_to_think(self) -> bool:
        """Return whether the sentence that is being written begins as reasoning does."""
        recent = "".join(self.said[-_LATEST:])[-_LATEST_LENGTH:]
        return opening_of(_SENTENCES.split(recent)[-1]) == Opening.THOUGHT

    def _take_back(self, found: list[ModelEvent]) -> None:
        """Withhold what was shown already, and what follows, as that of a suspect."""
        self._habit = Habit.SUSPECT
        self._held = list(self.said)
        self._has_shown = False
        found.append(TextRetracted())

    def _retract(self, before: str, found: list[ModelEvent]) -> None:
        """Take all that was said for reasoning."""
        if self._has_shown:
            found.append(TextRetracted())
        thought = "".join([*self.said, before])
        if thought:
            found.append(ReasoningDelta(thought))
        self.said.clear()
        self._place, self._followed = Place(), 0
        self._held = None
        self._has_shown = False
        self._has_thought = True
        self._take = self._start

    def _seems_to_think(self) -> bool:
        """Return whether the text that is withheld may well be reasoning."""
        if self._habit == Habit.THINKS:
            return True
        return _LOOKS.search(_head(self._held or ())) is not None


def _head(texts: Sequence[str]) -> str:
    """Return the beginning of ``texts``, each of which has a code point at least."""
    return "".join(texts[:_LOOKED_AT])[:_LOOKED_AT]


def _reasoning(text: str) -> list[ModelEvent]:
    return [ReasoningDelta(text)] if text else []


def _cut(text: str) -> tuple[str, str]:
    """Return what is certain of ``text``, and its end where that may become a tag."""
    match = _PARTIAL.search(text[-160:])
    if match is None or not match[0]:
        return text, ""
    length = len(match[0])
    return text[:-length], text[-length:]
