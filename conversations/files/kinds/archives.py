"""ZIP archives, told apart by the names of their entries; nothing is unpacked."""

import struct
from collections.abc import Iterator

MOST_ENTRIES = 1_000
"""Entries whose names are looked at."""
LONGEST_TYPE = 100
_END, _ENTRY, _LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_END_LENGTH, _ENTRY_LENGTH, _LOCAL_LENGTH = 22, 46, 30
_COMMENT = 0xFFFF

_MIMETYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/vnd.oasis.opendocument.graphics": "odg",
    b"application/epub+zip": "epub",
}
_OFFICE = (
    (b"word/", "docx", "docm"),
    (b"xl/", "xlsx", "xlsm"),
    (b"ppt/", "pptx", "pptm"),
    (b"visio/", "vsdx", "vsdx"),
)
_PROGRAM_NAMES = frozenset([b"AndroidManifest.xml", b"AppxManifest.xml"])
_MANIFEST = b"META-INF/MANIFEST.MF"
"""Of a Java program, if compiled classes stand beside it; signed archives have one as well."""


def type_of(data: bytes) -> str:
    """Return the row of an archive, by its own word or by its names."""
    if found := _by_mimetype(data):
        return found
    names = list(_names(data))
    if _is_program(names):
        return "jar"
    if b"[Content_Types].xml" in names and (found := _office(names)):
        return found
    if any(name.startswith(b"Index/") and name.endswith(b".iwa") for name in names) or (
        {b"Index.zip", b"index.xml", b"index.apxl"}.intersection(names)
    ):
        return "iwork"
    return "zip"


def _is_program(names: list[bytes]) -> bool:
    is_java = _MANIFEST in names and any(name.endswith((b".class", b".dex")) for name in names)
    is_named = not _PROGRAM_NAMES.isdisjoint(names)
    return is_java or is_named or any(_is_application(name) for name in names)


def _by_mimetype(data: bytes) -> str:
    """Return the row that the first entry names, as OpenDocument and e-books have it."""
    start = _LOCAL_LENGTH + len(b"mimetype")
    if data[_LOCAL_LENGTH:start] != b"mimetype":
        return ""
    start += int.from_bytes(data[28:30], "little")
    said = data[start : start + LONGEST_TYPE]
    for mimetype in sorted(_MIMETYPES, key=len, reverse=True):
        if said.startswith(mimetype):
            return _MIMETYPES[mimetype]
    return ""


def _office(names: list[bytes]) -> str:
    has_macros = any(name.endswith(b"vbaProject.bin") for name in names)
    if b"xl/workbook.bin" in names:
        return "xlsb_macros" if has_macros else "xlsb"
    for folder, plain, with_macros in _OFFICE:
        if any(name.startswith(folder) for name in names):
            return with_macros if has_macros else plain
    return ""


def _is_application(name: bytes) -> bool:
    return name.startswith(b"Payload/") and b".app/" in name


def _names(data: bytes) -> Iterator[bytes]:
    """Yield the names of the directory at the end, or else of the entries as they come."""
    end = data.rfind(_END, max(0, len(data) - _END_LENGTH - _COMMENT))
    if end >= 0 and len(data) >= end + _END_LENGTH:
        size, place = struct.unpack_from("<II", data, end + 12)
        place = place if data[place : place + 4] == _ENTRY else max(0, end - size)
        for _ in range(MOST_ENTRIES):
            if data[place : place + 4] != _ENTRY or place + _ENTRY_LENGTH > len(data):
                return
            name, extra, comment = struct.unpack_from("<HHH", data, place + 28)
            place += _ENTRY_LENGTH
            yield data[place : place + name]
            place += name + extra + comment
        return
    yield from _local_names(data)


def _local_names(data: bytes) -> Iterator[bytes]:
    """Yield the names of an archive that was cut off before its directory."""
    place = 0
    for _ in range(MOST_ENTRIES):
        place = data.find(_LOCAL, place)
        if place < 0 or place + _LOCAL_LENGTH > len(data):
            return
        (length,) = struct.unpack_from("<H", data, place + 26)
        place += _LOCAL_LENGTH
        yield data[place : place + length]
        place += length
