"""A turn: the text and tool calls of one model call."""

from chats.engine import arguments
from chats.engine.parts import (
    BLANK_LINE,
    Call,
    Finish,
    ModelEvent,
    Step,
    TextDelta,
    ToolCallDone,
    UsageReport,
)
from chats.engine.ports import Journal, Tools

LONGEST_ID = 100
"""Code points of a call's id."""


class Turn:
    """One turn as it arrives: shows the text and collects the rest."""

    def __init__(self, *, before: str, room: int, tools: Tools, journal: Journal) -> None:
        """Continue the text ``before`` by at most ``room`` code points."""
        self._lead = BLANK_LINE if before else ""
        self._room = room
        self._tools = tools
        self._journal = journal
        self._text: list[str] = []
        self._calls: list[Call] = []
        self._usage: UsageReport | None = None
        self._finish = ""

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more text."""
        return self._room <= 0

    def take(self, event: ModelEvent) -> None:
        """Process one event of the model's stream."""
        match event:
            case TextDelta(text):
                self._write(text)
            case ToolCallDone():
                self._calls.append(arguments.checked(self._named(event), self._tools))
            case UsageReport():
                self._usage = event
            case Finish(reason):
                self._finish = reason

    def step(self, number: int) -> Step:
        """Return the finished turn as step ``number``."""
        finish = self._finish or "length"
        return Step(number, "".join(self._text), finish, tuple(self._calls), self._usage)

    def _named(self, done: ToolCallDone) -> ToolCallDone:
        """Return ``done`` with an id that is unique within the turn and short enough to store."""
        taken = {call.id for call in self._calls}
        own = done.id[:LONGEST_ID]
        number = len(taken)
        while own in taken:
            suffix = f"_{number}"
            own = done.id[: LONGEST_ID - len(suffix)] + suffix
            number += 1
        return ToolCallDone(own, done.name, done.arguments)

    def _write(self, text: str) -> None:
        text = text[: self._room]
        self._room -= len(text)
        self._journal.emit(self._lead + text)
        self._lead = ""
        self._text.append(text)
