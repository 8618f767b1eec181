"""Kinds of files, detected from the bytes; the name decides among texts alone."""

import re

from conversations.files import charsets, names
from conversations.files.kinds import (
    archives,
    cameras,
    compounds,
    signatures,
    table,
    types,
    writings,
)
from conversations.files.kinds.table import Sniffed

PDF_HEAD = 1024
"""Bytes within which a PDF may begin."""
_PDF_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b|/Type\s*/|startxref")
_HEAD = 64 * 1024
_SOUND_ENDINGS = frozenset(
    ending for row in table.ROWS if row.kind == types.AUDIO for ending in row.endings[:1]
) | {"m4b", "oga", "opus", "weba", "3ga", "aif"}


def sniff(data: bytes, name: str, *, declared: str = "") -> Sniffed:
    """Return the type of ``data``; the ending of ``name`` distinguishes plain texts alone.

    Where the bytes may be sound or film, the kind that the sender has ``declared`` decides, then
    the ending.
    """
    row = table.BY_NAME[_type_of(data, names.ending_of(name), declared)]
    return Sniffed(row.content_type, row.kind, row.name)


def _type_of(data: bytes, ending: str, declared: str) -> str:
    if found := _by_beginning(data, ending, declared):
        return found
    if _is_pdf(data, ending):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return archives.type_of(data)
    if data.startswith(compounds.MAGIC):
        return compounds.type_of(data, ending)
    return writings.type_of(data, ending) if charsets.is_text(data) else "unknown"


def _by_beginning(data: bytes, ending: str, declared: str) -> str:
    if cameras.is_raw(data, ending):
        return table.RAW
    return signatures.type_of(data, is_sound=_is_sound(ending, declared))


def _is_sound(ending: str, declared: str) -> bool | None:
    if declared in {types.AUDIO, types.VIDEO}:
        return declared == types.AUDIO
    return True if ending in _SOUND_ENDINGS else None


def _is_pdf(data: bytes, ending: str) -> bool:
    """Return whether a PDF begins here or soon; a text that mentions the mark is none."""
    place = data.find(b"%PDF-", 0, PDF_HEAD + 5)
    if place == 0 and not (ending in writings.TEXT_ENDINGS and charsets.is_text(data)):
        return True
    return place >= 0 and bool(_PDF_OBJECT.search(data, place, place + _HEAD))
