"""OLE compound files, told apart by their class and the names of their streams.

The library for them reads the whole directory, which a stranger can make as long as the file; here
a bounded part of it is read, which is enough to tell one program's files from another's.
"""

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_SECTORS = 128
"""Sectors of the directory that are read: 512 names of the usual size."""
_ENTRY = 128
_HEADER = 512
_IN_HEADER = 109
_NO_MORE = 0xFFFFFFFA
_ROOT = 5
_SHIFTS = (9, 12)

_CLASSES = {
    "000c1084": "msi",
    "000c1086": "msi",
    "000c1082": "msi",
    "00021a14": "vsd",
    "00021a13": "vsd",
    "00021201": "pub",
    "0006f046": "outlook",
    "00020d0b": "outlook",
}
"""By the first part of the class, whose rest is the same for all of them."""
_STREAMS = (
    ("EncryptedPackage", "locked_office"),
    ("__properties_version1.0", "outlook"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("VisioDocument", "vsd"),
    ("Quill", "pub"),
    ("Catalog", "thumbs"),
)
_MACROS = frozenset({"_VBA_PROJECT", "_VBA_PROJECT_CUR"})
_WITH_MACROS = {"doc": "doc_macros", "xls": "xls_macros"}
_LOCKED = {
    "xlsx": "locked_xlsx",
    "xlsm": "locked_xlsx",
    "xlsb": "locked_xlsx",
    "docx": "locked_docx",
    "docm": "locked_docx",
    "pptx": "locked_pptx",
    "pptm": "locked_pptx",
}


def type_of(data: bytes, ending: str) -> str:
    """Return the row of a compound file; ``ending`` says which program has locked it."""
    entries = list(_entries(data))
    for name, kind, clsid in entries:
        if kind == _ROOT and name and clsid in _CLASSES:
            return _CLASSES[clsid]
    names = {name for name, _, _ in entries}
    if any(name.strip().isdigit() and name.startswith("   1") for name in names):
        return "mpp"
    found = next((row for stream, row in _STREAMS if stream in names), "ole")
    if found == "locked_office":
        return _LOCKED.get(ending, found)
    return _WITH_MACROS.get(found, found) if _MACROS & names else found


def _entries(data: bytes) -> Iterator[tuple[str, int, str]]:
    """Yield name, kind and the first part of the class of the directory's entries."""
    for start, end in _directory(data):
        for place in range(start, min(end, len(data)) - _ENTRY + 1, _ENTRY):
            length = min(64, int.from_bytes(data[place + 64 : place + 66], "little"))
            name = data[place : place + max(0, length - 2)].decode("utf-16-le", errors="replace")
            (clsid,) = struct.unpack_from("<I", data, place + 80)
            yield name, data[place + 66], f"{clsid:08x}"


def _directory(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the places of the directory's sectors, along its chain."""
    if len(data) < _HEADER:
        return
    shift = int.from_bytes(data[30:32], "little")
    if shift not in _SHIFTS:
        return
    (sector,) = struct.unpack_from("<I", data, 48)
    table = struct.unpack_from(f"<{_IN_HEADER}I", data, 76)
    size = 1 << shift
    for _ in range(MOST_SECTORS):
        start = (sector + 1) << shift
        if sector >= _NO_MORE or start >= len(data):
            return
        yield start, start + size
        sector = _next(data, table, sector, shift)


def _next(data: bytes, table: tuple[int, ...], sector: int, shift: int) -> int:
    """Return the sector that follows in the chain; the end where the table is not in the header."""
    per_sector = (1 << shift) // 4
    index, offset = divmod(sector, per_sector)
    if index >= len(table) or table[index] >= _NO_MORE:
        return _NO_MORE
    place = ((table[index] + 1) << shift) + 4 * offset
    return int.from_bytes(data[place : place + 4].ljust(4, b"\xff"), "little")
