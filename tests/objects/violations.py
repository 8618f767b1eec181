"""What was sent and is not as declared: raised at once, and noted where no ``except`` hides it.

Processes that a test starts inherit the variable and note theirs in the same file.
"""

import os
from collections.abc import Sequence
from pathlib import Path

VARIABLE = "PARLEY_TEST_VIOLATIONS"


class UndeclaredError(AssertionError):
    """Something was sent that its schema does not describe."""


def report(what: str, problems: Sequence[str]) -> None:
    """Note that ``what`` has ``problems``, and raise; nothing when there are none."""
    if not problems:
        return
    text = f"{what} is not as declared: {'; '.join(problems)}"
    if place := os.environ.get(VARIABLE):
        with Path(place).open("a") as file:
            file.write(f"{text}\n")
    raise UndeclaredError(text)


def taken() -> list[str]:
    """Return what was noted since it was last asked, each once."""
    place = Path(os.environ[VARIABLE])
    if not place.exists():
        return []
    lines = place.read_text().splitlines()
    place.unlink()
    return list(dict.fromkeys(lines))


def fail_on_any() -> None:
    """Fail when anything was noted."""
    found = taken()
    assert not found, "\n".join(found)
