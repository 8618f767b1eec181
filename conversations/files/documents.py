"""Documents: the text of PDFs, Office files, mails and the like, from another process.

Such files come from strangers, and what reads them was not written for enemies. So it runs in a
process of its own that has little memory and time, no secrets and no network to gain.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

import orjson
from django.utils.translation import gettext_noop as _

from conversations.files import extraction, processes, texts
from conversations.files.processes import BusyError, Claim, ProcessError
from conversations.files.readers import bounds

LARGEST = 32 * 1024 * 1024
"""Bytes of a document that is read at all."""
LONGEST = 30.0
"""Seconds that reading may take by the wall clock."""
PATIENCE = 10.0
"""Seconds that a document waits for a place."""
SENTENCES = (
    _("The document is too large to be read."),
    _("The document is too complicated to be read."),
    _("The document is protected by a password."),
    _("The document is damaged and could not be read."),
    _("{number} line"),
    _("{number} lines"),
    _("the first {number} lines"),
    _("the first {number} characters"),
    _("the first {number} lines; read as {charset}, some characters may be wrong"),
    _("the first {number} characters; read as {charset}, some characters may be wrong"),
    _("{number} page"),
    _("{number} pages"),
    _("the first {number} of {total} pages"),
    _("{number} sheet"),
    _("{number} sheets"),
    _("the first {number} of {total} sheets"),
    _("{number} word"),
    _("{number} words"),
    _("the first {number} words"),
    _("{number} slide"),
    _("{number} slides"),
    _("the first {number} of {total} slides"),
    _("{number} file"),
    _("{number} files"),
    _("the first {number} of {total} files"),
    _("{number} file, protected by a password"),
    _("{number} files, protected by a password"),
    _("the first {number} of {total} files, protected by a password"),
    _("{number} attachment"),
    _("{number} attachments"),
    _("{number} mails"),
    _("the first {number} of {total} mails"),
    _("{number} line; read as {charset}, some characters may be wrong"),
    _("{number} lines; read as {charset}, some characters may be wrong"),
    _("{number} word; read as {charset}, some characters may be wrong"),
    _("{number} words; read as {charset}, some characters may be wrong"),
    _("the first {number} words; read as {charset}, some characters may be wrong"),
)
"""What may be stored of a reading: the other process, which has no Django, cannot mark it."""
_MOST_SAID = 1024 * 1024


class UnreadableError(Exception):
    """The document cannot be read; the message says why, in plain words."""

    def __init__(self, reason: str, *, is_final: bool = True) -> None:
        """Take the reason, and whether it lies in the document and not in the machine."""
        super().__init__(reason)
        self.is_final = is_final


@dataclass(frozen=True, kw_only=True)
class Document:
    """The text of a document, or its beginning, and how much of the document that is."""

    text: str
    extent: str = ""


def read(file: IO[bytes], content_type: str, *, sender: str = "") -> Document:
    """Return the text of ``file``; takes 30 s at most once it has a place.

    :raises UnreadableError: for what is broken, locked, too large or too complicated.
    :raises BusyError: others are read; the document may be a good one.
    """
    if content_type in texts.READABLE:
        text, extent = texts.read(file.read(texts.MOST_BYTES))
        return Document(text=text, extent=extent)
    said = _said(file, content_type, Claim(sender=sender, patience=PATIENCE))
    if "error" in said:
        raise UnreadableError(said["error"])
    return Document(text=said["text"], extent=said["extent"])


def _said(file: IO[bytes], content_type: str, claim: Claim) -> dict[str, str]:
    """Return the result of the other process."""
    module = extraction.__name__
    try:
        with (
            _plain(file) as source,
            processes.result_of(
                module, content_type, source=source, seconds=LONGEST, claim=claim
            ) as answer,
        ):
            said = answer.read(_MOST_SAID)
    except BusyError:
        raise
    except ProcessError:
        raise UnreadableError(bounds.TOO_COMPLICATED, is_final=False) from None
    if not said:
        raise UnreadableError(bounds.TOO_COMPLICATED, is_final=False)
    found: dict[str, str] = orjson.loads(said)
    return found


@contextmanager
def _plain(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield the bytes as a file of this machine; the storage may be elsewhere."""
    with TemporaryFile() as plain:
        size = 0
        while piece := file.read(1024 * 1024):
            size += len(piece)
            if size > LARGEST:
                raise UnreadableError(bounds.TOO_LARGE)
            plain.write(piece)
        plain.seek(0)
        yield plain
