"""Promises: what ``docs/promises.md`` names as proof is there, and no drill is left out of it."""

import re

from tests.guards import files

PROMISES = files.ROOT / "docs" / "promises.md"
# Written apart, so that this file is not taken for a drill.
DRILL = "mark" + ".drill"


def proofs() -> set[tuple[str, str]]:
    """Return the paths that the page names, each with a test's name or nothing."""
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PROMISES.read_text())
    return set(named)


def test_every_proof_is_there() -> None:
    missing = [f"{path}::{name}" for path, name in sorted(proofs()) if not _is_there(path, name)]
    assert missing == []


def test_every_promise_has_a_proof_and_a_result() -> None:
    rows = [line for line in PROMISES.read_text().splitlines() if re.match(r"\| P\d+ ", line)]
    assert rows
    for row in rows:
        _, _, _, proof, result, _ = (cell.strip() for cell in row.split("|"))
        assert "`tests/" in proof, row
        assert re.search(r"\d{4}-\d\d-\d\d", result), row


def test_every_drill_is_named() -> None:
    named = {path for path, _ in proofs()}
    drills = [path for path in files.modules("tests") if DRILL in path.read_text()]
    assert drills
    assert [files.shown(path) for path in drills if files.shown(path) not in named] == []


def _is_there(path: str, name: str) -> bool:
    file = files.ROOT / path
    return file.is_file() and f"def {name}(" in file.read_text() if name else file.is_file()
