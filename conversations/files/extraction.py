"""``python -m conversations.files.extraction <content type>``: a document in, its text out as JSON.

A program of its own, started for one document (see ``documents``). It takes limits upon itself
before it opens the document; whatever breaks them, it dies and harms nobody.
"""

import io
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

import orjson

from conversations.files import processes
from conversations.files.texts import MOST

MOST_PAGES = 100
MOST_SHEETS = 20
MOST_ROWS = 5_000
MOST_CELLS = 20_000
MOST_COLUMNS = 100
MOST_BLOCKS = 20_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 5_000

MEMORY = 768 * 1024 * 1024
"""Bytes of address space, the interpreter's own included."""
CPU_SECONDS = 20
MOST_WRITTEN = 4 * 1024 * 1024

TOO_LARGE = "The document is too large to be read."
TOO_COMPLICATED = "The document is too complicated to be read."
LOCKED = "The document is protected by a password."
BROKEN = "The document is damaged and could not be read."

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RefusedError(Exception):
    """The document is not read; the message says why, in plain words."""


class _Text:
    """A text that collects lines up to a length."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._left = MOST

    def is_full(self) -> bool:
        return self._left <= 0

    def add(self, line: str) -> None:
        line = line.replace("\x00", "").strip()
        if not line or self.is_full():
            return
        line = line.encode(errors="replace").decode()
        self.lines.append(line[: self._left])
        self._left -= len(line) + 1

    def whole(self) -> str:
        text = "\n".join(self.lines)
        return f"{text}\n[… cut]" if self.is_full() else text


def main(content_type: str, source: IO[bytes], target: IO[bytes]) -> None:
    """Read ``source`` as a document of ``content_type``; write text and extent to ``target``."""
    try:
        _limit()
        text, extent = READERS[content_type](source)
        said = {"text": text, "extent": extent}
    except RefusedError as error:
        said = {"error": str(error)}
    except MemoryError:
        said = {"error": TOO_LARGE}
    except RecursionError:
        said = {"error": TOO_COMPLICATED}
    except Exception:  # noqa: BLE001 - whatever a reader makes of a hostile file
        said = {"error": BROKEN}
    target.write(orjson.dumps(said))


def counted(number: int, noun: str, *, of: int | None = None) -> str:
    """Return how much was read: ``1 page``, ``12 pages``, ``the first 100 of 240 pages``."""
    if of is not None and of > number:
        return f"the first {number:,} of {of:,} {noun}s"
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _limit() -> None:
    processes.limit(memory=MEMORY, seconds=CPU_SECONDS, written=MOST_WRITTEN)


def _pdf(source: IO[bytes]) -> tuple[str, str]:
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415 - loaded under the limits

    reader = PdfReader(source)
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise RefusedError(LOCKED)
    text, read, total = _Text(), 0, len(reader.pages)
    for page in reader.pages:
        if read >= MOST_PAGES or text.is_full():
            break
        text.add(page.extract_text())
        read += 1
    return text.whole(), counted(read, "page", of=total)


def _word(source: IO[bytes]) -> tuple[str, str]:
    from docx import Document  # noqa: PLC0415 - loaded under the limits

    _refuse_bombs(source)
    text = _Text()
    for number, block in enumerate(Document(source).iter_inner_content()):
        if number >= MOST_BLOCKS or text.is_full():
            break
        for line in _lines_of(block):
            text.add(line)
    whole = text.whole()
    return whole, counted(len(whole.split()), "word")


def _lines_of(block: Any) -> Iterator[str]:
    """Yield the text of a paragraph, or of the rows of a table."""
    if not hasattr(block, "rows"):
        yield block.text
        return
    for row in block.rows:
        yield _joined(cell.text for cell in row.cells[:MOST_COLUMNS])


def _excel(source: IO[bytes]) -> tuple[str, str]:
    from openpyxl import load_workbook  # noqa: PLC0415 - loaded under the limits

    _refuse_bombs(source)
    book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    text, cells, read = _Text(), 0, 0
    for sheet in book.worksheets[:MOST_SHEETS]:
        if text.is_full() or cells >= MOST_CELLS:
            break
        text.add(f"# {sheet.title}")
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        for row in rows:
            cells += len(row)
            text.add(_joined("" if value is None else str(value) for value in row))
            if text.is_full() or cells >= MOST_CELLS:
                break
        read += 1
    return text.whole(), counted(read, "sheet", of=len(book.worksheets))


def _joined(cells: Iterable[str]) -> str:
    return " | ".join(" ".join(cell.split()) for cell in cells).strip(" |")


def _refuse_bombs(source: IO[bytes]) -> None:
    """Refuse an archive by its declared sizes; more than that is never unpacked from it."""
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        raise RefusedError(BROKEN) from None
    if any(member.flag_bits & 1 for member in members):
        raise RefusedError(LOCKED)
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise RefusedError(TOO_LARGE)
    source.seek(0)


READERS: dict[str, Callable[[IO[bytes]], tuple[str, str]]] = {
    PDF: _pdf,
    WORD: _word,
    EXCEL: _excel,
}


if __name__ == "__main__":
    main(sys.argv[1], io.BytesIO(sys.stdin.buffer.read()), sys.stdout.buffer)
