"""Styles: whatever a stylesheet takes from a custom property is declared somewhere."""

import re

from tests.guards import files

DECLARED = re.compile(r"(--[\w-]+)\s*:")
TAKEN = re.compile(r"var\(\s*(--[\w-]+)\s*\)")
"""A property without a fallback; with one it may be missing."""


def test_every_custom_property_is_declared() -> None:
    declared = {
        name
        for path in files.committed("*.css", "*/views.py", "*/views/*.py")
        for name in DECLARED.findall(path.read_text())
    }
    found = [
        f"{files.shown(path)}: {name}"
        for path in files.committed("*.css")
        for name in TAKEN.findall(path.read_text())
        if name not in declared
    ]
    assert found == []
