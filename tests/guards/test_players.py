"""Players of sound and film have a name, whoever draws them: the file's own."""

import re
from collections.abc import Iterator

from tests.guards import files

TAG = re.compile(r"<(?:audio|video)\b[^>]*>")
CONTROLS = re.compile(r"\bcontrols\s*(?:=|:)\s*true")
NAME = re.compile(r"aria-label|ariaLabel")
NEAR = 400
"""Signs before and after the controls of a player in which a script names it."""


def test_every_player_has_a_name() -> None:
    assert len(list(_players())) >= 4, "no players were found"
    nameless = [place for place, code in _players() if not NAME.search(code)]
    assert not nameless, nameless


def _players() -> Iterator[tuple[str, str]]:
    """Yield where each player is made, and the code that makes it."""
    for path in files.committed("templates/**/*.html", "conversations/sources/**/*.html"):
        for tag in TAG.findall(path.read_text()):
            yield files.shown(path), tag
    for path in files.committed("*.js"):
        code = "" if "tests" in path.parts else path.read_text()
        for found in CONTROLS.finditer(code):
            yield files.shown(path), code[max(0, found.start() - NEAR) : found.end() + NEAR]
