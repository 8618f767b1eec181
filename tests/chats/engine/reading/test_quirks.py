"""Quirks: what servers really send is read as `docs/models.md` says."""

import re
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from chats.engine.reading.habits import Habit
from tests.chats.engine.reading.quirk_rows import Quirk
from tests.chats.engine.reading.quirks import QUIRKS
from tests.chats.engine.reading.streams import BY_EVENT, read

ROOT = Path(__file__).parents[4]
ROW = re.compile(r"^\| (?P<server>[^|]+) \| (?P<quirk>[^|]+) \| (?P<read>[^|]+) \|$", re.MULTILINE)
HEADING = "## What servers send"
PASSING = {"unavailable", "malformed"}
MEANINGS: dict[str, Callable[[Quirk], bool]] = {
    "the answer": lambda row: bool(row.text) and not row.error,
    "the usage": lambda row: row.usage is not None,
    "the call is made": lambda row: len(row.calls) == 1,
    "each call is made": lambda row: len(row.calls) > 1,
    "reasoning, for staff alone": lambda row: bool(row.reasoning),
    "cut by its limit": lambda row: row.finish == "length",
    "a filtered answer": lambda row: row.finish == "content_filter",
    "no answer: a visible failure": lambda row: not (row.text or row.calls or row.error),
    "an error": lambda row: bool(row.error),
    "an error, with the server's words": lambda row: bool(row.error and row.words),
    "an error that quotes the beginning": lambda row: bool(row.error and row.words),
    "asked again later": lambda row: row.error == "rate_limited",
    "asked again where nothing was visible": lambda row: row.error in PASSING,
}
"""What the documentation says is read, and what a row must hold for it."""


def rows() -> list[re.Match[str]]:
    """Return the rows of the documentation's table."""
    section = (ROOT / "docs" / "models.md").read_text().partition(HEADING)[2].partition("\n## ")[0]
    return list(ROW.finditer(section))[1:]


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: f"{quirk.server}: {quirk.quirk}")
def test_is_read(quirk: Quirk) -> None:
    # What a suspect model wrote before it failed may be reasoning.
    habits = [one for one in quirk.habits if one is not Habit.SUSPECT or not quirk.error]
    for size, habit in [
        *((0, one) for one in habits),
        *((size, quirk.habits[0]) for size in (1, 5, BY_EVENT)),
    ]:
        answer = read(quirk.data, size=size, habit=habit)
        assert answer.text.strip() == quirk.text
        assert answer.reasoning == quirk.reasoning
        calls = [(name, orjson.loads(arguments)) for name, arguments in answer.calls]
        assert calls == [(name, orjson.loads(arguments)) for name, arguments in quirk.calls]
        assert len(set(answer.ids) - {""}) == len(calls)
        assert (answer.finish, answer.error) == (quirk.finish, quirk.error)
        assert quirk.words in answer.words
        if quirk.usage:
            assert answer.usage == quirk.usage


def test_the_documentation_lists_the_same() -> None:
    listed = [(match["server"], match["quirk"]) for match in rows()]
    assert listed == [(quirk.server, quirk.quirk) for quirk in QUIRKS]


def test_the_documentation_says_what_is_read() -> None:
    for match, quirk in zip(rows(), QUIRKS, strict=True):
        said = match["read"].split("; ")
        assert all(MEANINGS[one](quirk) for one in said), match[0]
        for meaning in ("the call is made", "each call is made", "reasoning, for staff alone"):
            assert (meaning in said) == MEANINGS[meaning](quirk), match[0]
        assert any("error" in one for one in said) == bool(quirk.error), match[0]
