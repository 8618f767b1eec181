"""Waiting: tests look for what they wait for; time passes in ``tests/servers/waiting.py`` alone."""

import re

from tests.guards import files

# Written apart, so that this file passes its own test. ``sleep(0)`` only lets the loop go on.
SLEEP = re.compile(r"\bsleep" + r"\((?!0\))|wait_for" + r"_timeout")
# Servers that are slow on purpose, and drills that keep a pace.
ALLOWED = ("tests/servers/", "tests/drills/")


def test_no_test_sleeps() -> None:
    found = [
        f"{files.shown(path)}:{number}"
        for path in files.modules("tests")
        if not files.shown(path).startswith(ALLOWED)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SLEEP.search(line)
    ]
    assert found == []
