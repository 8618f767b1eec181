"""Storages: what a browser may deny to a frame is touched by the widget in one place."""

import re
from pathlib import Path

from tests.guards import files

DENIABLE = re.compile(
    r"localStorage|sessionStorage|indexedDB|navigator\.(?:locks|storage|serviceWorker|clipboard)"
    r"|BroadcastChannel|document\.cookie|\bcaches\.|\bNotification\b"
)
PLACES = {"loader.js", "lock.js", "store.js"}
"""The loader runs in the page, and has its own; the lock and the store are the frame's."""


def test_the_widget_reaches_for_storages_in_one_place() -> None:
    found = {path.name for path in files.committed("*/static/widget/*.js") if _code(path)}
    assert found == PLACES


def _code(path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    return [line for line in lines if DENIABLE.search(line.split("//")[0])]
