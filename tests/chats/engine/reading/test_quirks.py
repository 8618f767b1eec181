"""Quirks: what servers really send is read as `docs/models.md` says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from chats.engine.reading.habits import Habit
from tests.chats.engine.reading.quirk_rows import CALL, Quirk
from tests.chats.engine.reading.quirks import QUIRKS
from tests.chats.engine.reading.streams import BY_EVENT, read

ROOT = Path(__file__).parents[4]
ROW = re.compile(r"^\| (?P<server>[^|]+) \| (?P<quirk>[^|]+) \| (?P<read>[^|]+) \|$", re.MULTILINE)
HEADING = "## What servers send"
ARGUMENTS = {"x": "{}"}
"""Of other calls than the usual one."""
_PASSING = {"unavailable", "malformed"}
READ: dict[str, Callable[[Quirk], bool]] = {
    "the usage": lambda quirk: quirk.usage is not None,
    "the answer": lambda quirk: quirk.text == "Yes." and not quirk.error,
    "a filtered answer": lambda quirk: quirk.finish == "content_filter",
    "cut by its limit": lambda quirk: quirk.finish == "length",
    "the call is made": lambda quirk: len(quirk.calls) == 1,
    "each call is made": lambda quirk: len(quirk.calls) > 1,
    "reasoning, for staff alone": lambda quirk: bool(quirk.reasoning),
    "an error": lambda quirk: bool(quirk.error),
    "an error, with the server's words": lambda quirk: bool(quirk.error and quirk.words),
    "an error that quotes the beginning": lambda quirk: bool(quirk.error and quirk.words),
    "asked again later": lambda quirk: quirk.error == "rate_limited",
    "asked again where nothing was visible": lambda quirk: quirk.error in _PASSING,
    "no answer: a visible failure": lambda quirk: not quirk.text and not quirk.error,
}
"""What the documentation says is read, and what that means."""


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: f"{quirk.server}: {quirk.quirk}")
def test_is_read(quirk: Quirk) -> None:
    for size in (0, 1, 5, BY_EVENT):
        answer = read(quirk.data, size=size, habit=Habit.UNKNOWN)
        assert answer.text.strip() == quirk.text
        assert answer.reasoning == quirk.reasoning
        assert answer.calls == [(name, ARGUMENTS.get(name, CALL)) for name in quirk.calls]
        assert len(set(answer.ids)) == len(answer.ids)
        assert (answer.finish, answer.error) == (quirk.finish, quirk.error)
        assert quirk.words in answer.words
        if quirk.usage:
            assert answer.usage == quirk.usage


def test_the_documentation_lists_the_same() -> None:
    section = (ROOT / "docs" / "models.md").read_text().partition(HEADING)[2].partition("\n## ")[0]
    rows = [(match["server"], match["quirk"]) for match in ROW.finditer(section)]
    assert rows[1:] == [(quirk.server, quirk.quirk) for quirk in QUIRKS]
    for match, quirk in zip(list(ROW.finditer(section))[1:], QUIRKS, strict=True):
        assert all(READ[part](quirk) for part in match["read"].split("; ")), match[0]
