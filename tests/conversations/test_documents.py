"""Documents: the text of honest ones; hostile ones harm nobody."""

import contextlib
import io
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from functools import cache

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from conversations.files import documents, processes, texts
from conversations.files.documents import Document, UnreadableError
from conversations.files.kinds.table import BY_NAME
from conversations.files.readers import bounds
from tests.fakes import documents as fakes
from tests.fakes import files

pytestmark = pytest.mark.slow

PDF, WORD, EXCEL = (BY_NAME[name].content_type for name in ("pdf", "docx", "xlsx"))


def read(data: bytes, content_type: str) -> Document:
    return documents.read(io.BytesIO(data), content_type)


def laughing(document: bytes, name: str) -> bytes:
    """Return the same Office file, with entities that stand for entities that stand for …"""
    levels = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    declared = b'<!DOCTYPE x [<!ENTITY a0 "haha">' + levels + b"]>"
    body = b'<?xml version="1.0"?>' + declared + b"<x>&a11;</x>"
    return fakes.replaced(document, name, body)


def test_text_of_a_pdf_stops_after_a_hundred_pages() -> None:
    found = read(fakes.pdf(*[f"Page {n}" for n in range(1, 121)]), PDF)
    assert found.extent == "the first 100 of 120 pages"
    assert found.text.endswith("Page 100")


def test_long_text_is_cut() -> None:
    found = read(fakes.word(*["A lamp, a lamp." * 20] * 200), WORD)
    assert len(found.text) < texts.MOST + 100
    assert found.text.endswith("[… cut]")
    assert found.extent == f"the first {len(found.text.split()) - 2:,} words"


def test_word_tables_and_several_sheets_are_read() -> None:
    document, target = docx.Document(), io.BytesIO()
    document.add_paragraph("Order")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Lamp", "2"
    document.save(target)
    assert read(target.getvalue(), WORD).text == "Order\nLamp | 2"


HOSTILE: dict[str, Callable[[], tuple[bytes, str]]] = {
    "empty pdf": lambda: (b"%PDF-1.7", PDF),
    "no pages": lambda: (files.PDF, PDF),
    "random": lambda: (b"%PDF-1.4\n" + bytes(range(256)) * 400, PDF),
    "pages without end": lambda: (
        fakes.assembled(
            [
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Count 9/Kids[2 0 R]/Parent 2 0 R>>",
            ]
        ),
        PDF,
    ),
    "no zip": lambda: (b"PK\x03\x04 nothing", WORD),
    "another zip": lambda: (files.archive({"word/a.txt": b"a"}), WORD),
    "laughing docx": lambda: (laughing(fakes.word("a"), "word/document.xml"), WORD),
    "laughing xlsx": lambda: (
        laughing(fakes.excel([[1]]), "xl/worksheets/sheet1.xml"),
        EXCEL,
    ),
    "bomb docx": lambda: (
        fakes.swollen(fakes.word("a"), "word/document.xml", 250_000_000),
        WORD,
    ),
    "bomb xlsx": lambda: (
        fakes.swollen(fakes.excel([[1]]), "xl/worksheets/sheet1.xml", 250_000_000),
        EXCEL,
    ),
    "many members": lambda: (
        files.archive({f"word/{n}": b"" for n in range(bounds.MOST_MEMBERS + 1)}),
        WORD,
    ),
}


@cache
def hostile(name: str) -> tuple[bytes, str]:
    """Return a document and its type; the large ones are made when they are needed."""
    return HOSTILE[name]()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_document_is_refused_in_plain_words_and_soon(name: str) -> None:
    data, content_type = hostile(name)
    began = time.monotonic()
    with contextlib.suppress(UnreadableError):
        assert len(read(data, content_type).text) < texts.MOST + 100
    assert time.monotonic() - began < documents.LONGEST


@pytest.mark.parametrize("name", ["bomb docx", "bomb xlsx", "many members"])
def test_archive_that_would_swell_is_refused_before_it_is_unpacked(name: str) -> None:
    with pytest.raises(bounds.RefusedError, match="too large"):
        bounds.refuse_bombs(io.BytesIO(hostile(name)[0]))


@pytest.mark.parametrize(
    ("greed", "fate"),
    [("bytearray(2**30)", "MemoryError"), ("print(limits)", "(20, 20)")],
)
def test_process_that_reads_has_little_memory_and_time(greed: str, fate: str) -> None:
    program = (
        "import resource; from conversations.files import extraction; extraction._limit();"
        f"limits = resource.getrlimit(resource.RLIMIT_CPU); {greed}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert fate in done.stdout + done.stderr


def test_flate_bomb_in_a_pdf_eats_neither_memory_nor_time() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"(a) Tj " * 150_000) for _ in range(150))
    stream = zlib.compress(packed + packer.flush(), 9)
    bomb = fakes.with_stream(stream, "/Filter[/FlateDecode/FlateDecode]")
    assert len(bomb) < 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    with contextlib.suppress(UnreadableError):
        assert len(read(bomb, PDF).text) < texts.MOST + 100
    assert time.monotonic() - began <= documents.LONGEST + 5
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 200_000, "kilobytes of this process"


def test_document_that_spins_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LONGEST", 0.05)
    with pytest.raises(UnreadableError, match="too complicated"):
        read(fakes.pdf("a"), PDF)


def test_document_that_has_no_place_is_not_called_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "PATIENCE", 0)
    claim = processes.Claim(sender="", patience=0)
    with processes.places.held(claim), pytest.raises(processes.BusyError):
        read(fakes.pdf("a"), PDF)


def test_too_large_a_document_is_not_even_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST", 100)
    with pytest.raises(UnreadableError, match="too large"):
        read(fakes.pdf("a"), PDF)


def test_password_is_named_as_the_reason() -> None:
    writer, target = PdfWriter(clone_from=PdfReader(io.BytesIO(fakes.pdf("a")))), io.BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(target)
    with pytest.raises(UnreadableError, match="password"):
        read(target.getvalue(), PDF)
