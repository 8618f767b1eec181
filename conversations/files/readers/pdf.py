"""PDF: the text of its pages, with what was filled in."""

import io
from typing import IO

from pypdf import PasswordType, PdfReader
from pypdf.errors import PyPdfError

from conversations.files.readers.bounds import LOCKED, RefusedError, Text, counted
from conversations.files.readers.pdf_forms import Form

MOST_PAGES = 100
_HEAD = 2048


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the text of the first pages, and how many they are."""
    reader = _opened(source.read())
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise RefusedError(LOCKED)
    text, read, total, form = Text(), 0, len(reader.pages), Form(reader)
    for page in reader.pages:
        if read >= MOST_PAGES or text.is_full():
            break
        for words in (page.extract_text(), *form.lines_of(page)):
            text.add(words)
        read += 1
    for line in form.rest():
        text.add(line)
    return text.whole(), counted(read, "page", of=total)


def _opened(data: bytes) -> PdfReader:
    """Open the file; what precedes its mark may or may not count for the places in it."""
    start = max(0, data.find(b"%PDF-", 0, _HEAD))
    if not start:
        return PdfReader(io.BytesIO(data))
    try:
        reader = PdfReader(io.BytesIO(data[start:]))
        if reader.is_encrypted or len(reader.pages):
            return reader
    except (PyPdfError, ValueError, KeyError, TypeError):
        pass
    return PdfReader(io.BytesIO(data))
