"""One tool call as a person reads it in a thread: a line, or a card while people decide on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class ToolField:
    """An argument as a field: ``kind`` is text, long, number, choice, boolean or json.

    ``value`` is the text in the field; ``choices`` are values in JSON with their words, and whether
    each is chosen.
    """

    name: str
    label: str
    kind: str
    value: str
    hint: str = ""
    choices: Sequence[tuple[str, str, bool]] = ()
    is_fixed: bool = False
    is_required: bool = False
    is_whole: bool = False


@dataclass(frozen=True, kw_only=True)
class Difference:
    """An argument as the assistant asked for it and as it was approved."""

    name: str
    asked: str
    approved: str

    @property
    def is_same(self) -> bool:
        """Whether nobody changed it."""
        return self.asked == self.approved


@dataclass(frozen=True, kw_only=True)
class ToolAnswer:
    """What a tool gave back: as pairs where it is simple, else as text, perhaps its beginning."""

    pairs: Sequence[tuple[str, str]] = ()
    text: str = ""
    size: int = 0
    rest_at: str = ""
    """The path of the whole of it, where more is stored than is shown."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a call asks people for: to decide, or to check what became of it.

    ``refusal`` says why this reader cannot; ``approve`` names the value that would be sent, with
    the argument's name in braces; ``reasons`` are those for which such calls were denied before.
    """

    fields: Sequence[ToolField] = ()
    refusal: str = ""
    role: str = ""
    approve: str = ""
    summary: str = ""
    reasons: Sequence[str] = ()
    written: str = ""
    """The arguments as JSON."""


@dataclass(frozen=True, kw_only=True)
class ToolLine:
    """One tool call as the thread shows it: the act, its arguments, and the result.

    ``status`` is one of running, waiting, done, denied, failed, unknown, expired. ``verdict`` says
    what became of one that concerns people: running, approved, edited, denied, expired, withdrawn,
    failed or unknown; empty for others and while it waits. ``summary`` says in plain words what
    will happen, or happened.
    """

    id: UUID
    name: str
    title: str
    subject: str
    status: str
    assistant: str = ""
    summary: str = ""
    note: str = ""
    seconds: float | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    needs_approval: bool = False
    verdict: str = ""
    verdict_word: str = ""
    verdict_icon: str = ""
    signature: str = ""
    decider: str = ""
    is_mine: bool = False
    created_at: datetime | None = None
    decided_at: datetime | None = None
    expires_at: datetime | None = None
    is_approved: bool = False
    differences: Sequence[Difference] = ()
    checker: str = ""
    checked_at: datetime | None = None
    check_note: str = ""
    answer: ToolAnswer | None = None
    question: Question | None = None
    url: str = ""
