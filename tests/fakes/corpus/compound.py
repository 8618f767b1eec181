"""Compound files (OLE), the container of old Office files and Outlook messages, written by hand."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

SECTOR, SMALL = 512, 64
SMALLEST = 4096
"""Bytes from which a stream has sectors of its own."""
_FREE, _END, _TABLE, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5

Tree = Mapping[str, "bytes | Tree"]


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    class_id: bytes = bytes(16)
    child: int = _NONE
    following: int = _NONE
    start: int = _END
    size: int = 0


@dataclass
class _Writer:
    sectors: list[bytes] = field(default_factory=list)
    table: list[int] = field(default_factory=list)

    def add(self, data: bytes) -> int:
        """Write ``data`` in sectors that follow each other; return the first."""
        if not data:
            return _END
        first = len(self.sectors)
        for place in range(0, len(data), SECTOR):
            self.sectors.append(data[place : place + SECTOR].ljust(SECTOR, b"\0"))
            self.table.append(len(self.sectors))
        self.table[-1] = _END
        return first


def compound(tree: Tree, *, class_id: str = "") -> bytes:
    """Return a compound file with these streams (bytes) and storages (dictionaries)."""
    root = _Entry("Root Entry", _ROOT)
    root.class_id = UUID(class_id).bytes_le if class_id else bytes(16)
    entries = [root]
    root.child = _listed(tree, entries)
    writer = _Writer()
    small, small_table = _small(entries)
    for entry in entries:
        if entry.kind == _STREAM and entry.size >= SMALLEST:
            entry.start = writer.add(entry.data)
    root.start, root.size = writer.add(small), len(small)
    packed = b"".join(struct.pack("<I", one) for one in small_table)
    small_at = writer.add(_padded(packed))
    directory_at = writer.add(b"".join(map(_packed, entries)))
    return _assembled(writer, small_at, len(packed), directory_at)


def _listed(tree: Tree, entries: list[_Entry]) -> int:
    """Append the entries of a storage, each the right neighbour of the one before."""
    before, first = None, _NONE
    for name in sorted(tree, key=lambda one: (len(one), one.upper())):
        body, number = tree[name], len(entries)
        if isinstance(body, bytes):
            entries.append(_Entry(name, _STREAM, body, size=len(body)))
        else:
            entries.append(_Entry(name, _STORAGE))
            entries[number].child = _listed(body, entries)
            entries[number].start = 0
        if before is None:
            first = number
        else:
            before.following = number
        before = entries[number]
    return first


def _small(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    """Return the stream of small streams and its table of sectors."""
    stream, table = b"", list[int]()
    for entry in entries:
        if entry.kind != _STREAM or not entry.data or entry.size >= SMALLEST:
            continue
        entry.start = len(table)
        count = -(-entry.size // SMALL)
        table += [*range(entry.start + 1, entry.start + count), _END]
        stream += entry.data.ljust(count * SMALL, b"\0")
    return stream, table


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    head = name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, entry.kind, 1)
    links = struct.pack("<III", _NONE, entry.following, entry.child)
    tail = struct.pack("<I16xIQ", 0, entry.start, entry.size)
    return head + links + entry.class_id + tail


def _padded(table: bytes) -> bytes:
    return table + b"\xff" * (-len(table) % SECTOR)


def _assembled(writer: _Writer, small_at: int, small_size: int, directory_at: int) -> bytes:
    body, table = writer.sectors, writer.table
    _fill_last_directory_sector(body)
    needed = 1
    while (len(body) + needed) * 4 > needed * SECTOR:
        needed += 1
    places = range(len(body), len(body) + needed)
    whole = b"".join(struct.pack("<I", one) for one in [*table, *[_TABLE] * needed])
    fat = _padded(whole)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xI", 0x3E, 3, 0xFFFE, 9, 6, 0)
    head += struct.pack("<IIII", needed, directory_at, 0, SMALLEST)
    head += struct.pack("<IIII", small_at, -(-small_size // SECTOR), _END, 0)
    listed = [*places, *[_FREE] * (109 - needed)]
    head += b"".join(struct.pack("<I", one) for one in listed)
    return head + b"".join(body) + fat


def _fill_last_directory_sector(body: list[bytes]) -> None:
    """Mark the directory's unused entries as having no neighbours."""
    last = body[-1]
    empty = bytes(68) + b"\xff" * 12 + bytes(48)
    for place in range(0, SECTOR, 128):
        if not any(last[place : place + 128]):
            last = last[:place] + empty + last[place + 128 :]
    body[-1] = last
