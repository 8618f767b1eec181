"""Scripts: the browser's modules keep the layers of the apps, as imports in Python do."""

import posixpath
import re
from pathlib import Path

from channels_layer.log import events
from tests.guards import files

FLOORS = ("ui", "handoff", "conversations", "sources", "chats", "tickets", "config")
"""Rooms of scripts from the bottom to the top; a module imports from its own or from below."""

IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")
HANDLER = re.compile(r'"([a-z_]+\.[a-z_]+)":')
"""The key of a function that applies an event, where its name has a point."""

SAID = re.compile(r"""\b(?:say|count)\(["'](\w+)["']""")
WORD = re.compile(r'data-word="(\w+)"')
WORDS = files.ROOT / "templates" / "config" / "_words.html"
"""The words of every page; further ones stand in the templates of the pages that say them."""


def test_no_script_imports_from_above() -> None:
    found = [
        f"{files.shown(path)} imports {files.shown(target)}"
        for path in _scripts()
        for target in _imports(path)
        if FLOORS.index(_room(target)) > FLOORS.index(_room(path))
    ]
    assert found == []


def test_sources_share_no_scripts() -> None:
    found = [
        f"{files.shown(path)} imports {files.shown(target)}"
        for path in _scripts()
        for target in _imports(path)
        if _room(target) == "sources" and target.parent != path.parent
    ]
    assert found == []


def test_every_imported_script_exists() -> None:
    found = [
        f"{files.shown(path)} imports {files.shown(target)}"
        for path in _scripts()
        for target in _imports(path)
        if not target.is_file()
    ]
    assert found == []


def test_every_event_that_a_script_handles_is_registered() -> None:
    found = {
        f"{files.shown(path)} handles {name}"
        for path in _scripts()
        for name in HANDLER.findall(path.read_text())
        if name not in {type_.name for type_ in events.catalogue()}
    }
    assert found == set()


def test_the_guard_sees_the_handlers() -> None:
    handled = {name for path in _scripts() for name in HANDLER.findall(path.read_text())}
    assert {"message.created", "ticket.summary", "notifications.read"} <= handled


def test_the_guard_sees_the_scripts() -> None:
    assert {_room(path) for path in _scripts()} == set(FLOORS)
    assert sum(len(_imports(path)) for path in _scripts()) > 100


def test_the_kit_says_words_that_every_page_has() -> None:
    said = {
        word
        for path in _scripts()
        if _room(path) == "ui"
        for word in SAID.findall(path.read_text())
    }
    assert "dismiss" in said
    assert said - set(WORD.findall(WORDS.read_text())) == set()


def test_a_word_of_every_page_stands_once() -> None:
    common = set(WORD.findall(WORDS.read_text()))
    found = {
        f"{files.shown(path)}: {word}"
        for path in files.committed("*_words.html")
        if path != WORDS
        for word in WORD.findall(path.read_text())
        if word in common
    }
    assert found == set()


def _scripts() -> list[Path]:
    return [path for path in files.committed("*.js") if "static" in path.parts]


def _imports(path: Path) -> list[Path]:
    """Return the files that a module imports, found as the browser finds them."""
    room = path.parent.name
    names = IMPORT.findall(path.read_text())
    return [_file(posixpath.normpath(posixpath.join(room, name))) for name in names]


def _file(address: str) -> Path:
    """Return the file that is served at ``/static/<address>``, or its expected place."""
    end = f"/static/{address}"
    places = (path for path in _scripts() if path.as_posix().endswith(end))
    return next(places, files.ROOT / "static" / address)


def _room(path: Path) -> str:
    inside = path.relative_to(files.ROOT).parts
    return "sources" if "sources" in inside else path.parent.name
