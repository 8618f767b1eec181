"""Thoughts: separates a model's reasoning from its answer where both are in one text.

The forms are in `docs/models.md`. A tag within code is text. What cannot be told yet is withheld.
"""

import re
from collections.abc import Callable

from chats.engine.parts import ModelEvent, ReasoningDelta, TextDelta, TextRetracted
from chats.engine.reading import thought_markup as markup
from chats.engine.reading.code import Code
from chats.engine.reading.first_words import FirstWords, Parts, Wrapped
from chats.engine.reading.habits import Habit
from chats.engine.reading.openings import LOOKED_AT, LOOKS, SEARCHED, Opening, head_of, opening_of
from chats.engine.reading.quotations import Quotable

WAIT_SECONDS = 2.0
"""How long the text of a model of which nothing is known is withheld, unless it seems to think."""
_LATEST = 60
"""Pieces of text among which the beginning of a sentence is looked for."""
_LATEST_LENGTH = 400
_MOST_AT_ONCE = 4096
_MOST_BLANKS = 1000
"""Blanks at the beginning of a text that are kept."""
MOST_ASIDE = 1000
"""Code points behind a tag within a sentence that are withheld until it is closed."""
_MOST_BEFORE = 20
"""Pieces of text among which the end of a line or a sentence is looked for."""


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
        self._is_separate = habit == Habit.SEPARATE
        self._clock = clock
        self._quotable = quotable
        self._take = self._start
        self._form = markup.TAGGED_FORM
        self._waiting = ""
        self._first: FirstWords | Wrapped | None = None
        self._wrapper = ""
        self._behind = " "
        self._nested = 0
        self._opener = ""
        self._is_meant = False
        self._has_text_tags = False
        self._code = Code()
        self._followed = 0
        self.said: list[str] = []
        self._held: list[str] | None = None if habit == Habit.SEPARATE else []
        self._until = 0.0
        self._has_shown = False
        self._has_thought = False
        self._is_trusted = False
        self.is_open = False
        self._is_apart = False  # Blanks before reasoning in the middle replace those behind it.

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
        is_mark = waiting.lstrip()[:1] in {"<", "[", "◁"}
        is_thought = self._take == self._thought or (
            self._take == self._start and is_cut and is_mark
        )
        if self._take == self._start and self._has_thought:
            waiting = waiting.lstrip()
        if self._first:
            parts = self._first.end(is_unfinished=is_cut or has_calls)
            waiting, is_thought = self._part(parts, found), False
            while waiting and parts.wrapper is not None:
                waiting = self._take(waiting, found)
            waiting, self._waiting = waiting or self._waiting, ""
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
        if self._first:
            text = self._first.text
            is_text = self._is_separate or isinstance(self._first, Wrapped)
            return [TextDelta(text)] if is_text else _reasoning(text)
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
        plain = markup.plain(stripped)
        if match := markup.OPENING.match(plain):
            return self._think(match, stripped)
        is_closed = markup.CLOSE.match(plain)
        if is_closed and not self._has_thought:
            self.was_unopened = "channel" not in is_closed[0]
        if match := is_closed or markup.BESIDE.match(plain) or self._header_in(plain):
            return self._begin_answer(match, stripped)
        if not stripped or markup.may_begin(plain):
            self._waiting = text if stripped else text[-_MOST_BLANKS:]
            return ""
        self._take = self._answer
        if self._has_thought:
            self._held = [] if self._nested else None
            return stripped
        return text

    def _header_in(self, text: str) -> re.Match[str] | None:
        wrapper = markup.WRAPPER.match(text) if self._has_thought else None
        return wrapper or markup.HEADER.match(text)

    def _begin_answer(self, match: re.Match[str], text: str) -> str:
        """Take a mark that stands before the answer; one that closes ends what was nested."""
        if match.re is markup.HEADER:
            return text[match.end() :]
        if wrapper := markup.WRAPPER.fullmatch(match[0]):
            self._wrapper = wrapper["name"].lower()
            if not self._has_thought:
                self._opener, self._take = match[0], self._words
                self._first = Wrapped(self._opener, self._wrapper, most=MOST_ASIDE)
                return text[match.end() :]
        self._has_thought, self._held, self._nested = True, None, 0
        return text[match.end() :]

    def _think(self, match: re.Match[str], text: str) -> str:
        self._form = markup.form_of(match)
        self._opener, self._nested, self._behind = text[: match.end()], 0, " "
        if self._form.is_words or self._may_repeat:
            most = MOST_ASIDE if self._is_separate else None
            self._take, self._first = self._words, FirstWords(self._opener, self._form, most=most)
        else:
            self._take, self.has_tags = self._thought, True
        return text[match.end() :]

    def _thought(self, text: str, found: list[ModelEvent]) -> str:
        """Look for the end of the reasoning."""
        match = markup.end_in(self._form, text, self._behind)
        if match is None:
            thought, self._waiting = markup.cut(text, self._form)
            self._think_aloud(thought, found)
            return ""
        self._think_aloud(text[: match.start()], found)
        self._has_thought = True
        self._take = self._start
        return text[match.end() :]

    def _think_aloud(self, text: str, found: list[ModelEvent]) -> None:
        """Pass on reasoning; count what is opened in it, which may be closed within the answer."""
        if self._form is markup.TAGGED_FORM:
            tags = markup.TAG.finditer(markup.plain(text))
            self._nested += sum(text[max(tag.start() - 1, 0)] != "`" for tag in tags)
        self._behind = text[-1:] or self._behind
        found += _reasoning(text)

    def _words(self, text: str, found: list[ModelEvent]) -> str:
        """Look for what proves that the words of the beginning were reasoning."""
        parts = self._first.feed(text) if self._first else None
        return self._part(parts, found) if parts else ""

    def _part(self, parts: Parts, found: list[ModelEvent]) -> str:
        """Take the first words as what they are; return what is still to be read."""
        self._first, self._take = None, self._answer
        if parts.thought is not None:
            self._think_aloud(parts.thought, found)
            self.has_tags = self._has_thought = True
            self._take = self._start
            self._held = None
        elif parts.wrapper is None:
            self._wrapper, self._has_text_tags = "", self._may_repeat
            self._say(self._opener, found)
            return parts.rest[len(self._opener) :]
        else:
            self._wrapper, self._has_thought, self._take = parts.wrapper, True, self._start
            self._held = None
        return parts.rest

    def _answer(self, text: str, found: list[ModelEvent]) -> str:
        """Look for reasoning behind the beginning: opened there, or closed without an opening."""
        match = markup.MARKS.search(markup.plain(text))
        if match is None:
            answer, self._waiting = markup.cut(text)
            self._say(answer, found)
            return ""
        before = text[: match.start()]
        is_code = self._is_code_behind(before)
        if match["close"] is not None and self._is_end(before):
            self.was_unopened = self.was_unopened or not self._nested
            self._retract(before, found)
            return text[match.end() :]
        self._say(before, found)
        self._followed = len(self.said)
        if match["open"] is not None:
            self._open(match, found, is_code=is_code)
        elif is_code or match["close"] is not None or not self._is_dropped(match):
            self._say(text[match.start() : match.end()], found)
        return text[match.end() :]

    def _is_end(self, before: str) -> bool:
        """Return whether a closing tag behind ``before`` ends a reasoning that nothing opened."""
        if self._is_written(before):
            return False
        return bool(self._nested) or not (self._is_separate or self._is_quoted(before))

    def _is_dropped(self, match: re.Match[str]) -> bool:
        """Return whether a mark is no part of the answer: that of a box, or of its wrapper."""
        if match["box"]:
            return True
        is_open = match["name"].lower() == self._wrapper
        self._wrapper = "" if is_open else self._wrapper
        return is_open

    def _open(self, match: re.Match[str], found: list[ModelEvent], *, is_code: bool) -> None:
        """Take an opening tag in the middle, if it is no text."""
        recent = "".join(self.said[-_MOST_BEFORE:])[-_MOST_BEFORE:]
        self._is_meant = markup.BOUNDARY.search(recent) is not None
        may_be = self._is_meant or not (self._has_text_tags or self._is_separate)
        if may_be and not is_code:
            self._opener, self._take, self._form = match[0], self._aside, markup.form_of(match)
            self._behind = " "
            return
        self._code.has_tag = self._code.has_tag or is_code
        self._say(match[0], found)

    def _aside(self, text: str, found: list[ModelEvent]) -> str:
        """Look for the end of what was opened in the middle: without one it was text.

        At the beginning of a line or a sentence it is surely reasoning.
        """
        match = markup.end_in(self._form, text, self._behind)
        if match is None and self._is_meant:
            self.has_tags = True
            thought, self._waiting = markup.cut(text, self._form)
            self._think_aloud(thought, found)
            return ""
        if match is None and len(text) > MOST_ASIDE:
            self._say(self._opener, found)
            self._has_text_tags = True
            self._take = self._answer
            return text
        if match is None:
            self._waiting = text
            return ""
        found += _reasoning(text[: match.start()])
        self.has_tags = True
        self._take = self._answer
        self._is_apart = "".join(self.said[-1:])[-1:].isspace()
        return text[match.end() :]

    def _is_code_behind(self, before: str) -> bool:
        """Return whether what follows ``before``, which is not said yet, stands in code."""
        self._code.feed("".join(self.said[self._followed :]) + before)
        self._followed = len(self.said)
        return self._code.is_open

    def _is_written(self, before: str) -> bool:
        """Return whether a closing tag behind ``before`` is text: in code, or as its opening."""
        latest = before or "".join(self.said[-1:])
        return latest.endswith("`") or self._code.has_tag or self._has_text_tags

    def _is_quoted(self, before: str) -> bool:
        """Return whether a closing tag behind ``before`` is one that the model was asked for."""
        if self._habit == Habit.THINKS or not self._quotable.has_tags:
            return False
        head = head_of([*self.said[:SEARCHED], before])
        if self._habit == Habit.SUSPECT and LOOKS.search(head):
            return False
        return opening_of(head[:LOOKED_AT]) != Opening.THOUGHT

    @property
    def _may_repeat(self) -> bool:
        """Return whether the tag that an answer begins with may only be one it was asked for."""
        if self._habit in {Habit.THINKS, Habit.SUSPECT} or self._form is not markup.TAGGED_FORM:
            return False
        return self._quotable.has_tags

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
        if self._nested:
            return False
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
        return opening_of(markup.SENTENCES.split(recent)[-1]) == Opening.THOUGHT

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
        self._code, self._followed, self._nested = Code(), 0, 0
        self._held = None
        self._has_shown = False
        self._has_thought = True
        self._take = self._start

    def _seems_to_think(self) -> bool:
        """Return whether the text that is withheld may well be reasoning."""
        if self._habit == Habit.THINKS:
            return True
        return LOOKS.search(head_of(self._held or ())) is not None


def _reasoning(text: str) -> list[ModelEvent]:
    return [ReasoningDelta(text)] if text else []
