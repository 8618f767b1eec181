"""Office files with macros: told to staff and model, read as any other, never run."""

import io
from datetime import UTC, datetime
from functools import partial

import pytest
from django.template.loader import render_to_string

from conversations.files import extraction, kinds
from conversations.files.kinds.table import BY_NAME, ROWS
from conversations.models import Attachment
from conversations.objects.attachment import attachment_object, linked
from conversations.selectors import file_lines
from tests.fakes.compounds import compound
from tests.fakes.corpus.letters import DECK, MACROS, as_kind, slides, with_macros, word
from tests.fakes.corpus.workbooks import with_macros as workbook
from tests.fakes.file_types import SAMPLES

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOT_RUN = "It holds macros, which were not run."
WITH = ("docm", "xlsm", "pptm", "xlsb_macros", "doc_macros", "xls_macros")


def attachment(file_type: str, name: str) -> Attachment:
    row = BY_NAME[file_type]
    file = Attachment(
        name=name,
        kind=row.kind,
        content_type=row.content_type,
        file_type=row.name,
        size=12,
        path="nowhere",
        text="Dear shop",
        created_at=AT,
    )
    file._state.fields_cache["reading"] = None
    return file


def test_rows_with_macros_are_these() -> None:
    assert {row.name for row in ROWS if row.has_macros} == set(WITH)
    assert all("with macros" in BY_NAME[name].label for name in WITH)


@pytest.mark.parametrize("name", WITH)
def test_model_is_told_of_macros(name: str) -> None:
    data, given = SAMPLES[name]
    assert kinds.sniff(data, given).file_type == name
    head, *rest = file_lines.line_of(attachment(name, given)).splitlines()
    assert head.endswith(f"(12 B)] {NOT_RUN}")
    assert "Dear shop" in "".join(rest)


@pytest.mark.parametrize("name", ["docx", "xlsx", "pptx", "xlsb", "doc", "xls", "pdf"])
def test_other_files_hold_none(name: str) -> None:
    assert "macros" not in file_lines.line_of(attachment(name, "a"))


@pytest.mark.parametrize(
    ("name", "is_told"), [("docm", True), ("xls_macros", True), ("docx", False)]
)
def test_staff_are_told_of_macros(name: str, *, is_told: bool) -> None:
    file = linked(attachment_object(attachment(name, "letter")))
    shown = render_to_string("conversations/_attachments.html", {"attachments": [file]})
    assert ("Its macros were not run" in shown) == is_told
    assert ("with macros" in shown) == is_told


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("docm", partial(with_macros, partial(as_kind, word, *MACROS), "word"), "Complaint"),
        ("pptm", partial(with_macros, partial(as_kind, slides, *DECK), "ppt"), "Lamps of the year"),
        ("xlsm", workbook, "ORD-48213"),
    ],
)
def test_words_are_read_beside_macros(name: str, make: partial[bytes], words: str) -> None:
    data = make()
    found = kinds.sniff(data, "a")
    assert found.file_type == name
    assert words in extraction.read(found.content_type, io.BytesIO(data))[0]


def test_old_letter_with_macros_is_no_other_program() -> None:
    data = compound({"WordDocument": b"", "_VBA_PROJECT": b""})
    assert kinds.sniff(data, "a.doc").file_type == "doc_macros"
