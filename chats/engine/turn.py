"""A turn: the text and tool calls of one model call."""

from dataclasses import replace

from chats.engine import arguments
from chats.engine.parts import (
    BLANK_LINE,
    Call,
    Finish,
    ModelEvent,
    ReasoningDelta,
    Restarted,
    Step,
    TextDelta,
    TextRetracted,
    ToolCallDone,
    UsageReport,
)
from chats.engine.ports import Journal, Tools

LONGEST_ID = 100
"""Code points of a call's id."""
MOST_REASONING = 20_000
"""Code points of a step's reasoning that are kept; the rest is left out at its end."""
CUT = "\n[…]"
"""What stands in place of the rest."""


class Turn:
    """One turn as it arrives: shows the text and collects the rest."""

    def __init__(self, *, before: str, room: int, tools: Tools, journal: Journal) -> None:
        """Continue the text ``before`` by at most ``room`` code points."""
        self._before = before
        self._lead = BLANK_LINE if before else ""
        self._room = room
        self._tools = tools
        self._journal = journal
        self._text: list[str] = []
        self._blanks = ""
        self._reasoning: list[str] = []
        self._reasoning_room = MOST_REASONING
        self._calls: list[Call] = []
        self._usage: UsageReport | None = None
        self._finish = ""

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more text."""
        return self._room <= 0

    @property
    def reasoning(self) -> str:
        """What the model thought aloud so far."""
        thought = "".join(self._reasoning).strip()
        return thought + CUT if self._reasoning_room < 0 else thought

    def take(self, event: ModelEvent) -> None:
        """Process one event of the model's stream."""
        match event:
            case TextDelta(text):
                self._write(text)
            case ReasoningDelta(text):
                self._reason(text)
            case TextRetracted():
                self._retract()
            case Restarted():
                self._restart()
            case ToolCallDone():
                self._calls.append(arguments.checked(self._named(event), self._tools))
            case UsageReport():
                self._usage = event
            case Finish(reason):
                self._finish = reason

    def step(self, number: int) -> Step:
        """Return the finished turn as step ``number``; blank text before calls is none."""
        if self._text and not self._calls:
            self._show(self._blanks)
        text, finish = "".join(self._text), self._finish or "length"
        return Step(number, text, finish, tuple(self._calls), self._usage, self.reasoning)

    def _named(self, done: ToolCallDone) -> ToolCallDone:
        """Return ``done`` with an id that is unique within the turn and short enough to store."""
        taken = {call.id for call in self._calls}
        own = done.id[:LONGEST_ID]
        number = len(taken)
        while own in taken:
            suffix = f"_{number}"
            own = done.id[: LONGEST_ID - len(suffix)] + suffix
            number += 1
        return replace(done, id=own)

    def _reason(self, text: str) -> None:
        kept = text[: max(self._reasoning_room, 0)]
        self._reasoning_room -= len(text)
        if kept:
            self._reasoning.append(kept)

    def _restart(self) -> None:
        """Forget what the attempt brought that failed; none of its text is shown."""
        self._reasoning.clear()
        self._reasoning_room = MOST_REASONING
        self._calls.clear()
        self._usage = None

    def _retract(self) -> None:
        """Take the text back; it comes again as reasoning."""
        self._room += sum(len(text) for text in self._text)
        self._text.clear()
        self._blanks = ""
        self._lead = BLANK_LINE if self._before else ""
        self._journal.retract()

    def _write(self, text: str) -> None:
        """Show ``text``; line breaks at its end wait for what follows, and so do first blanks."""
        text = self._blanks + text
        kept = text.rstrip()
        if kept and "\n" not in text[len(kept) :]:
            kept = text
        self._blanks = text[len(kept) :]
        if kept:
            self._show(kept)

    def _show(self, text: str) -> None:
        if self._before and not self._text:
            text = text.lstrip()
        text = text[: self._room]
        self._room -= len(text)
        self._journal.emit(self._lead + text)
        self._lead = ""
        self._text.append(text)
