"""System lines: stored in English, read in the reader's language."""

import pytest
from django.utils import translation

from conversations.models import Message
from conversations.views.items import line_of


@pytest.mark.parametrize(
    ("change", "text", "line"),
    [
        ("accepted", "Alice accepted", "Alice hat angenommen"),
        ("taken", "Alice took over from Ada", "Alice hat von Ada übernommen"),
        ("requested", "Maya asked for a person", "Maya hat nach einem Menschen gefragt"),
        ("requested", "Bob asked to take over from Ada", "Bob möchte von Ada übernehmen"),
        ("ended", "Somebody wrote this otherwise", "Somebody wrote this otherwise"),
        ("cut_off", "The answer was cut off", "The answer was cut off"),
    ],
)
def test_lines_are_in_the_readers_language(change: str, text: str, line: str) -> None:
    message = Message(change=change, text=text)

    assert line_of(message) == text
    with translation.override("de"):
        assert line_of(message) == line


def test_names_stay_as_they_were_stored() -> None:
    message = Message(change="released", text="{by} %s released to Ada {x}")

    with translation.override("de"):
        assert line_of(message) == "{by} %s hat an Ada {x} zurückgegeben"
