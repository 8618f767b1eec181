"""The table of files, row by row: a small file of each is known, named, told and served."""

import io
from datetime import UTC, datetime

import pytest

from config.management.commands import files as catalogue
from conversations.files import extraction, kinds, texts
from conversations.files.kinds import endings
from conversations.files.kinds.table import BY_NAME, ROWS
from conversations.files.kinds.types import DOCUMENT, Content, FileType
from conversations.models import Attachment, Reading
from conversations.selectors import file_lines
from tests.fakes.file_types import DOCUMENTS, SAMPLES, TEXTS
from tests.guards import files

WITHOUT_BYTES = {"image", "audio", "video"}
"""Rows of files that are announced and not here yet."""
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
UNKNOWN = "you do not know what is in it"
STATES = [
    *[(status, None) for status in ("fetching", "failed", "ready")],
    *[("ready", state) for state in ("queued", "failed", "done")],
]
named = pytest.mark.parametrize("name", sorted(SAMPLES))


def test_every_row_has_a_file_here() -> None:
    assert set(SAMPLES) | WITHOUT_BYTES == set(BY_NAME)
    assert len(BY_NAME) == len(ROWS)


def test_the_documentation_shows_the_table() -> None:
    written = (files.ROOT / "docs" / "files.md").read_text()
    assert written.strip() == catalogue.written().strip(), "Run `django files > docs/files.md`."


@named
def test_file_is_known_by_its_bytes(name: str) -> None:
    data, given = SAMPLES[name]
    row = BY_NAME[name]
    assert kinds.is_program(data, given) == row.is_refused
    if name != "program":
        found = kinds.sniff(data, given)
        assert (found.file_type, found.content_type, found.kind) == (
            (name, row.content_type, row.kind)
        )


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.kind != DOCUMENT], ids=lambda row: row.name
)
def test_what_is_seen_or_heard_keeps_its_endings(row: FileType) -> None:
    for ending in row.endings:
        assert kinds.harmless_name(f"a.{ending}", kinds.UNKNOWN) == f"a.{ending}"


@named
def test_file_is_served_harmlessly(name: str) -> None:
    _data, given = SAMPLES[name]
    row = BY_NAME[name]
    given = kinds.harmless_name(given, row.content_type)
    served = kinds.served_type(row.content_type, row.kind, given)
    if row.kind == DOCUMENT:
        assert served in {row.content_type, kinds.UNKNOWN}
        assert not any(mark in served for mark in ("html", "svg", "rfc822", "javascript"))
        assert "xml" not in served or "openxml" in served
    assert endings.harmless_name(given, row.content_type) == given
    assert served == kinds.UNKNOWN or row.is_served or row.kind != DOCUMENT


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_read_and_served_as_text(name: str) -> None:
    data, _given = TEXTS[name]
    text, extent = texts.read(data)
    assert "lamp" in text
    assert extent.split()[1].startswith("line")
    assert BY_NAME[name].content_type in texts.READABLE


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_read(name: str) -> None:
    data, _given = DOCUMENTS[name]
    text, extent = extraction.read(BY_NAME[name].content_type, io.BytesIO(data))
    assert "lamp" in text
    assert extent


def attachment(row: FileType, status: str, state: str | None) -> Attachment:
    """Return a file of a row in a state, with none of it known."""
    file = Attachment(
        name='a".bin',
        kind=row.kind,
        content_type=row.content_type,
        file_type=row.name,
        size=12,
        path="nowhere",
        status=status,
        created_at=AT,
    )
    reading = Reading(attachment=file, state=state, created_at=AT) if state else None
    file._state.fields_cache["reading"] = reading
    return file


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_model_is_never_given_a_bare_name(row: FileType) -> None:
    for status, state in STATES:
        line = file_lines.line_of(attachment(row, status, state))
        assert f"{row.label}, a file named “a'.bin”" in line
        assert UNKNOWN in line.splitlines()[-1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_model_is_told_what_is_known(row: FileType) -> None:
    file = attachment(row, "ready", "done")
    file.transcript = "lamp" if row.content == Content.SAID else ""
    file.description = "lamp" if row.content == Content.SEEN else ""
    file.text = "" if file.transcript or file.description else "lamp"
    lines = file_lines.line_of(file).splitlines()
    assert "lamp" in f"{lines[1]} {lines[2:3]}"
    assert (UNKNOWN in lines[-1]) == (row.content == Content.ENTRIES)
