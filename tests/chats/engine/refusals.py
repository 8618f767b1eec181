"""What servers refuse: a line of ``refusals.jsonl`` for each, and what is asked next.

The words are those of the servers, as their users have met them. ``docs/models.md`` shows the same.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

Found = tuple[str, str, str]
TABLE = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True)
class Row:
    """A server's refusal, and ``then``: what is asked next, in words.

    ``learnt`` are kind, subject and value of what it teaches, ``after`` of what was learnt before;
    ``sent`` is what the request has beside the usual. It counts for this call alone unless it
    ``is_kept``, for others once it was met twice unless it ``is_sure``.
    """

    server: str
    status: int
    body: Any
    then: str
    learnt: list[Found] = field(default_factory=list)
    sent: dict[str, Any] = field(default_factory=dict)
    after: list[Found] = field(default_factory=list)
    is_kept: bool = True
    is_sure: bool = True


def rows() -> list[Row]:
    """Return all lines of the table."""
    return [Row(**orjson.loads(line)) for line in TABLE.read_text(encoding="utf-8").splitlines()]
