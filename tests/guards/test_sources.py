"""Sources: a folder each, and nothing of the core names one of them."""

import re
from pathlib import Path

from conversations import source_kinds
from tests.guards import files

SOURCES = Path("conversations/sources")
CORE = ("conversations", "handoff", "chats", "tickets", "channels_layer", "templates")
FOLDERS = {path.parent.name for path in files.committed(f"{SOURCES}/*/apps.py")}
COMMON = {"api"}
"""Names of sources that are words of the core, too."""
OTHERS = (r"whats.?app", "web.?widget", "test_chat", r"\bwidgets?\b", r"\bmeta's\b")
NAMES = re.compile(
    "|".join([*OTHERS, *(rf"\b{name}\b" for name in sorted(FOLDERS - COMMON))]), re.IGNORECASE
)
FORMS = re.compile(
    r"(unfold|forms)\.widgets|\"/Widget\"|\bwidgets? ?=|\"widget\""
    r"|\bfield\.widget\b|forms\.Widget\b"
)
"""Django and PDF call the controls of a form widgets."""
ALLOWED = {
    "chats/services/chats.py": "the staff's own chats are conversations of one source: its own",
}


def test_the_core_names_no_source() -> None:
    found = [
        f"{files.shown(path)}:{number}: {line.strip()}"
        for path in _core()
        if files.shown(path) not in ALLOWED
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if NAMES.search(FORMS.sub("", line))
    ]
    assert found == []


def test_what_is_allowed_is_needed() -> None:
    needed = {files.shown(path) for path in _core() if NAMES.search(path.read_text())}
    assert ALLOWED.keys() - needed == set()


def test_each_folder_is_one_kind_with_its_badge_and_icon() -> None:
    kinds = [source_kinds.of(name) for name in source_kinds.names()]
    assert {type(kind).__module__ for kind in kinds} == {
        f"conversations.sources.{folder}.transport" for folder in FOLDERS
    }
    for kind in kinds:
        folder = files.ROOT / SOURCES / type(kind).__module__.split(".")[2]
        assert f".source--{kind.kind} " in (folder / "static" / kind.badge).read_text()
        assert '<symbol id="icon"' in (folder / "static" / kind.icon).read_text()


def _core() -> list[Path]:
    """Return the core's modules, templates, styles and scripts, without migrations."""
    listed = files.committed(*(f"{folder}/*" for folder in CORE))
    return [
        path
        for path in listed
        if path.suffix in {".py", ".html", ".css", ".js"}
        and "migrations" not in path.parts
        and not path.is_relative_to(files.ROOT / SOURCES)
    ]
