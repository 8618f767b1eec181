"""Streams: from the bytes of one answer to the engine's events."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

import orjson

from chats.engine.parts import (
    Finish,
    Json,
    ModelError,
    ModelEvent,
    ReasoningDelta,
    TextDelta,
    TextRetracted,
    ToolCallDone,
)
from chats.engine.reading.calls import CallCollector, is_object, new_id, require_bounds
from chats.engine.reading.deltas import Delta, delta_of, text_in
from chats.engine.reading.documents import DocumentReader
from chats.engine.reading.faults import LONGEST as LONGEST_WORDS
from chats.engine.reading.faults import fault_in
from chats.engine.reading.finishes import meaning_of
from chats.engine.reading.generations import as_call
from chats.engine.reading.habits import Habit, Habits, Lesson
from chats.engine.reading.quotations import Quotable
from chats.engine.reading.shapes import object_of, text_of
from chats.engine.reading.thoughts import Thoughts
from chats.engine.reading.usages import UsageCollector
from chats.engine.reading.written_calls import WrittenCalls
from chats.engine.traits import TAGGED, UNOPENED

LONGEST = 1_000_000
"""Code points of text and reasoning in one answer."""
_SIGNS = re.compile(r"[<{\[`\n◁&]")
"""Signs with which anything but the answer may begin."""


class StreamReader:
    """Reads one answer; feed it bytes, then ask for its end."""

    def __init__(
        self,
        tools: Sequence[Json] = (),
        habit: Habit = Habit.SEPARATE,
        clock: Callable[[], float] = time.monotonic,
        messages: Sequence[Json] = (),
    ) -> None:
        """Begin; ``tools`` are the offered ones, ``habit`` says what is known of the model.

        ``messages`` are what it was asked: a tag that stands in them may be repeated.
        """
        offered = _schemas(tools)
        self._tools = tools
        self._habit = habit
        self.finish: str | None = None
        self._documents = DocumentReader()
        self._quotable = Quotable(messages)
        self._thoughts = Thoughts(habit, clock, self._quotable)
        self._written = WrittenCalls(offered)
        self._calls = CallCollector(offered.keys())
        self._usage = UsageCollector()
        self._failure: ModelError | None = None
        self._left: list[ModelEvent] = []
        self._length = 0
        self._has_text = False
        self._has_beside = False
        self._has_calls = False
        self._whole = Delta()
        self._is_known = False
        self._has_reasoned = False
        self._is_open = False

    @property
    def is_done(self) -> bool:
        """Whether nothing follows: the server said so, or what it sent cannot be read."""
        return self._documents.is_done or self._failure is not None

    @property
    def was_unopened(self) -> bool:
        """Whether a reasoning was closed that nothing had opened."""
        return self._thoughts.was_unopened

    def feed(self, data: bytes) -> list[ModelEvent]:
        """Return the events that ``data`` makes certain; what is wrong with it, ``end`` says."""
        found: list[ModelEvent] = []
        try:
            for document in self._documents.feed(data):
                self._read(document, found)
            if self._documents.failure and self.finish is None:
                raise self._documents.failure
        except RecursionError:
            self._failure = ModelError("malformed", "a chunk is nested too deeply")
        except ModelError as error:
            self._failure = error
        return found

    def end(self) -> list[ModelEvent]:
        """Return what follows the last bytes: the rest of the text, calls, usage and the finish.

        :raises ModelError: ``cut`` without a proper end, ``malformed`` where no answer came or it
            cannot be read, ``too_long``, what the server says of itself, and ``empty`` where all
            that came was reasoning or an impossible call.
        """
        if self._failure:
            raise self._failure
        found: list[ModelEvent] = []
        for document in self._rest():
            self._read(document, found)
        if self.finish is None:
            self._require_end()
        calls = self._calls.whole()
        is_cut = self.finish == "length"
        self._sift(self._thoughts.end(is_cut=is_cut, has_calls=bool(calls)), found)
        if text := self._written.end():
            found.append(TextDelta(text))
        calls += self._written_calls(calls)
        require_bounds(calls)
        if self._is_nothing_else and not calls:
            self._left = found
            raise ModelError("empty", "there was no answer beside it", is_retryable=not is_cut)
        found += calls
        if usage := self._usage.report:
            found.append(usage)
        return [*found, Finish(self.finish or "stop")]

    def broken(self) -> list[ModelEvent]:
        """Return what was withheld, as text or as reasoning, now that the stream is broken."""
        found, self._left = self._left, []
        self._sift(self._thoughts.broken(), found)
        return found

    def recovered(self, error: ModelError) -> list[ModelEvent]:
        """Return the answer in what the server could not read, and sent with ``error``.

        Text that was shown before is not shown twice. Empty where nothing can be read.
        """
        said = "".join(self._written.said).strip()
        text = (error.generation or "").strip()
        rest = as_call(text.removeprefix(said).lstrip(), self._written.names)
        if not rest:
            return []
        reader = StreamReader(self._tools, self._habit)
        message = {"content": rest}
        try:
            found = reader.feed(orjson.dumps({"choices": [{"message": message}]})) + reader.end()
        except ModelError:
            return []
        left_out = Finish if text.startswith(said) else Finish | TextDelta
        found = [event for event in found if not isinstance(event, left_out)]
        if not any(map(_is_answer, found)):
            return []
        has_calls = any(isinstance(event, ToolCallDone) for event in found)
        usage = self._usage.report
        found += [usage] if usage else []
        return [*found, Finish("tool_calls" if has_calls else "stop")]

    def report(self, habits: Habits, model: str, conversation: str = "") -> Lesson:
        """Tell ``habits`` what the answer of ``model`` has shown; return what that teaches.

        Tags that somebody may have asked for show nothing, nor does an answer without text.
        """
        kind = ""
        if self._thoughts.was_unopened or self._thoughts.has_tags:
            kind = UNOPENED if self._thoughts.was_unopened else TAGGED
            if self._quotable.has_tags:
                return Lesson()
        elif self.finish is None or self._thoughts.seemed_to_think or self._written.is_silent:
            return Lesson()
        return habits.saw(model, kind, conversation)

    @property
    def _is_nothing_else(self) -> bool:
        """Whether all that came was reasoning, or calls that are none; a filter says so itself."""
        if self.finish == "content_filter" or not self._written.is_silent:
            return False
        return self._has_reasoned or self._written.has_dropped

    def _rest(self) -> list[Json]:
        """Return the objects that the end completes; behind a proper end they no longer matter."""
        found = self._documents.rest()
        if self._documents.failure and self.finish is None:
            raise self._documents.failure
        return found

    def _read(self, document: Json, found: list[ModelEvent]) -> None:
        """Read an object; most are a piece of text that is certain to be the answer."""
        text = text_in(document)
        if text is None:
            self._read_other(document, found)
            return
        self._length += len(text)
        if self._length > LONGEST:
            raise ModelError("too_long", "the answer does not end")
        self._is_known = True
        self._has_text = self._has_text or bool(text)
        if usage := document.get("usage"):
            self._usage.note(usage)
        if self._is_open and not _SIGNS.search(text):
            self._thoughts.said.append(text)
            self._written.said.append(text)
            if text:
                found.append(TextDelta(text))
        elif text:
            self._read_text(text, found)

    def _read_other(self, document: Json, found: list[ModelEvent]) -> None:
        """Read an object that is more than a piece of text."""
        if self.finish is None and (fault := _fault(document)):
            raise fault
        self._usage.read(document)
        piece = delta_of(document)
        self._is_known = self._is_known or piece.is_known
        self.finish = meaning_of(piece.finish) or self.finish
        if piece.is_whole:
            self._read_whole(document, piece)
        else:
            self._has_text = self._has_text or bool(piece.text)
            self._has_beside = self._has_beside or bool(piece.reasoning)
            self._has_calls = self._has_calls or bool(piece.calls)
        self._count(piece)
        if piece.reasoning:
            self._has_reasoned = True
            found.append(ReasoningDelta(piece.reasoning))
            self._sift(self._thoughts.trust(), found)
        if piece.text:
            self._read_text(piece.text, found)
        for fragment in piece.calls:
            self._calls.add(fragment)

    def _read_text(self, text: str, found: list[ModelEvent]) -> None:
        """Pass on what of ``text`` is certain; note whether more may follow unseen."""
        self._sift(self._thoughts.feed(text), found)
        self._is_open = self._thoughts.is_open and self._written.is_open

    def _read_whole(self, document: Json, piece: Delta) -> None:
        """Read a whole message: its end is proper, and it may repeat what came before it."""
        if "response" not in document:
            said = self._whole
            piece.text = "" if self._has_text else piece.text.removeprefix(said.text)
            thought = piece.reasoning.removeprefix(said.reasoning)
            piece.reasoning = "" if self._has_beside else thought
            piece.calls = [] if self._has_calls else piece.calls
            said.text, said.reasoning = said.text + piece.text, said.reasoning + piece.reasoning
        is_body = self._documents.is_whole or document.get("object") == "chat.completion"
        if is_body and document.get("object") != "chat.completion.chunk":
            self.finish = self.finish or "stop"

    def _count(self, piece: Delta) -> None:
        self._length += len(piece.text) + len(piece.reasoning)
        if self._length > LONGEST:
            raise ModelError("too_long", "the answer does not end")

    def _sift(self, events: list[ModelEvent], found: list[ModelEvent]) -> None:
        """Pass on ``events``, the text without the calls that are written in it."""
        said: list[str] = []
        for event, following in zip_longest(events, events[1:]):
            if isinstance(event, TextDelta):
                said.append(event.text)
                if not isinstance(following, TextDelta):
                    text = self._written.feed("".join(said))
                    found += [TextDelta(text)] if text else []
                    said.clear()
                continue
            if isinstance(event, ReasoningDelta):
                self._has_reasoned = True
            elif isinstance(event, TextRetracted):
                self._written.forget()
            found.append(event)

    def _written_calls(self, made: list[ToolCallDone]) -> list[ToolCallDone]:
        """Return the written calls that are to be made.

        One that is impossible is only passed on, so that the model is told, where nothing else is
        left of the answer and there are tools at all.
        """
        offered = self._written.names
        known = [call for call in self._written.calls if call.name in offered]
        if not known and not made and self._written.is_silent and offered:
            known = [*self._written.calls, *self._written.attempts][:1]
        same = {(call.name, _canonical(call.arguments)) for call in made}
        fresh = [call for call in known if (call.name, _canonical(call.arguments)) not in same]
        return [ToolCallDone(new_id(), call.name, call.arguments) for call in fresh]

    def _require_end(self) -> None:
        """Accept ``[DONE]`` after an answer as its end.

        :raises ModelError: where the answer is cut off, or is none.
        """
        if self.is_done and (self._length or self._calls.has_any):
            self.finish = "stop"
        elif self._is_known or self._length:
            raise ModelError("cut", "the stream ended without a finish reason", is_retryable=True)
        else:
            words = self._documents.words[:LONGEST_WORDS]
            why = f"the server sent no answer: {words}" if words else "the server sent no answer"
            raise ModelError("malformed", why, is_retryable=True)


def _fault(document: Json) -> ModelError | None:
    """Return the error that a document reports; the usual one is seen at once to report none."""
    if "choices" in document and not document.get("error"):
        return None
    return fault_in(document)


def _schemas(tools: Sequence[Json]) -> Mapping[str, Json]:
    """Return the schemas of the arguments of ``tools`` by their names."""
    functions = [object_of(tool.get("function")) for tool in tools]
    return {text_of(one.get("name")): object_of(one.get("parameters")) for one in functions}


def _is_answer(event: ModelEvent) -> bool:
    """Return whether ``event`` is text, or a call that can be made or refused as such."""
    if isinstance(event, ToolCallDone):
        return is_object(event.arguments)
    return isinstance(event, TextDelta) and bool(event.text.strip())


def _canonical(arguments: str) -> str:
    try:
        return orjson.dumps(orjson.loads(arguments), option=orjson.OPT_SORT_KEYS).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, RecursionError):
        return arguments
