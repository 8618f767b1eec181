"""Quirks: what servers really send is read as `docs/models.md` says."""

import re
from pathlib import Path

import pytest

from chats.engine.reading.habits import Habit
from tests.chats.engine.reading.quirk_rows import Quirk
from tests.chats.engine.reading.quirks import QUIRKS
from tests.chats.engine.reading.streams import BY_EVENT, read

ROOT = Path(__file__).parents[4]
ROW = re.compile(r"^\| (?P<server>[^|]+) \| (?P<quirk>[^|]+) \| (?P<read>[^|]+) \|$", re.MULTILINE)
HEADING = "## What servers send"


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: f"{quirk.server}: {quirk.quirk}")
def test_is_read(quirk: Quirk) -> None:
    for size in (0, 1, 5, BY_EVENT):
        answer = read(quirk.data, size=size, habit=Habit.UNKNOWN)
        assert answer.text.strip() == quirk.text
        assert answer.reasoning == quirk.reasoning
        assert [name for name, _ in answer.calls] == quirk.calls
        assert (answer.finish, answer.error) == (quirk.finish, quirk.error)
        if quirk.usage:
            assert answer.usage == quirk.usage


def test_the_documentation_lists_the_same() -> None:
    section = (ROOT / "docs" / "models.md").read_text().partition(HEADING)[2].partition("\n## ")[0]
    rows = [(match["server"], match["quirk"]) for match in ROW.finditer(section)]
    assert rows[1:] == [(quirk.server, quirk.quirk) for quirk in QUIRKS]
