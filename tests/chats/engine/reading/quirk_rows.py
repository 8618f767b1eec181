"""A row of the table of quirks, and the pieces of streams that many rows share.

The rows were put together from the servers' own documentation and public reports.
"""

from dataclasses import dataclass, field
from typing import Any

from chats.engine.parts import UsageReport
from chats.engine.reading.habits import Habit
from tests.chats.engine.reading.streams import DONE, chunk, event

CALL = '{"query":"lamp"}'
USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
REPORT = UsageReport(9, 4)


@dataclass(frozen=True, kw_only=True)
class Quirk:
    """What ``server`` sends (``quirk``, as in the documentation), and what is read of it.

    ``words`` are some of those of the ``error``.
    """

    server: str
    quirk: str
    data: bytes
    text: str = "Yes."
    reasoning: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    habits: tuple[Habit, ...] = (Habit.UNKNOWN, Habit.SEPARATE, Habit.PLAIN, Habit.SUSPECT)
    usage: UsageReport | None = None
    finish: str = "stop"
    error: str = ""
    words: str = ""


def stream(*chunks: Any, end: bytes = DONE) -> bytes:
    """Return ``chunks`` as a stream."""
    return b"".join(map(event, chunks)) + end


def call(index: Any = 0, **more: Any) -> dict[str, Any]:
    """Return a whole call in one fragment."""
    function = {"name": "search_knowledge", "arguments": CALL}
    return {"index": index, "id": "a", "type": "function", "function": function, **more}


YES = chunk({"content": "Yes."})
STOP = chunk({}, "stop")
CALLED = chunk({}, "tool_calls")
LAMP = [("search_knowledge", CALL)]
NO_INDEX = {key: one for key, one in call().items() if key != "index"}
