"""Word and PowerPoint 97 to 2003: the words of their streams, or that they are locked."""

import struct
from collections.abc import Iterator
from typing import IO

import olefile

from conversations.files import charsets
from conversations.files.readers.bounds import BROKEN, LOCKED, RefusedError, Text

MOST_PIECES = 20_000
MOST_RECORDS = 200_000
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_PLACE_OF_PIECES = 0x01A2
_PIECES, _PROPERTIES = 2, 1
_ONE_BYTE = 1 << 30
_WIDE_TEXT, _NARROW_TEXT = 0x0FA0, 0x0FA8
_LISTS = 0x0F
_HEAD = 8
_FIELD_BEGIN, _FIELD_MIDDLE, _FIELD_END = "\x13", "\x14", "\x15"


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the words of an old document or presentation, and how many they are."""
    text = Text()
    with olefile.OleFileIO(source) as file:
        if file.exists("WordDocument"):
            lines = _word(file)
        elif file.exists("PowerPoint Document"):
            lines = _slides(file)
        else:
            raise RefusedError(BROKEN)
        for line in lines:
            text.add(line)
    return text.in_words()


def _word(file: olefile.OleFileIO) -> Iterator[str]:
    document = file.openstream("WordDocument").read()
    (flags,) = struct.unpack_from("<H", document, 10)
    if flags & _ENCRYPTED:
        raise RefusedError(LOCKED)
    table = file.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
    start, length = struct.unpack_from("<II", document, _PLACE_OF_PIECES)
    words = "".join(_pieces(document, table[start : start + length]))
    for line in _without_fields(words).replace("\x07", " | ").replace("\x0b", "\n").split("\r"):
        yield from charsets.tidied(line).splitlines()


def _pieces(document: bytes, table: bytes) -> Iterator[str]:
    """Yield the pieces of a text in their order, each in one byte or two for a sign."""
    place = 0
    while table[place : place + 1] == bytes([_PROPERTIES]):
        place += 3 + int.from_bytes(table[place + 1 : place + 3], "little")
    if table[place : place + 1] != bytes([_PIECES]):
        raise RefusedError(BROKEN)
    (length,) = struct.unpack_from("<I", table, place + 1)
    number = min((length - 4) // 12, MOST_PIECES)
    signs = struct.unpack_from(f"<{number + 1}I", table, place + 5)
    first = place + 5 + 4 * ((length - 4) // 12 + 1)
    for index in range(number):
        (where,) = struct.unpack_from("<I", table, first + 8 * index + 2)
        count = signs[index + 1] - signs[index]
        if where & _ONE_BYTE:
            start = (where & ~_ONE_BYTE) // 2
            yield document[start : start + count].decode("cp1252", errors="replace")
        else:
            yield document[where : where + 2 * count].decode("utf-16-le", errors="replace")


def _without_fields(words: str) -> str:
    """Return the words without the codes of fields, of which the result stays."""
    kept: list[str] = []
    shows_result: list[bool] = []
    for sign in words:
        if sign == _FIELD_BEGIN:
            shows_result.append(False)
        elif sign == _FIELD_MIDDLE:
            shows_result[-1:] = [True]
        elif sign == _FIELD_END:
            shows_result[-1:] = []
        elif all(shows_result):
            kept.append(sign)
    return "".join(kept)


def _slides(file: olefile.OleFileIO) -> Iterator[str]:
    if file.exists("EncryptedSummary"):
        raise RefusedError(LOCKED)
    data = file.openstream("PowerPoint Document").read()
    place = 0
    for _ in range(MOST_RECORDS):
        if place + _HEAD > len(data):
            return
        version, kind, length = struct.unpack_from("<HHI", data, place)
        place += _HEAD
        if version & _LISTS == _LISTS:
            continue
        body = data[place : place + length]
        if kind in {_WIDE_TEXT, _NARROW_TEXT}:
            text = body.decode("utf-16-le" if kind == _WIDE_TEXT else "latin-1", errors="replace")
            yield from charsets.tidied(text.replace("\x0b", "\n")).splitlines()
        place += length
