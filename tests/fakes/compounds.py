"""Compound files (OLE) with the given streams, none of them small enough for the short sectors."""

import struct
from uuid import UUID

SECTOR = 512
SMALLEST = 4096
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


def compound(streams: dict[str, bytes], *, class_id: str = "") -> bytes:
    """Return a compound file; its streams are padded to the size of long ones."""
    sectors: list[bytes] = []
    table: list[int] = []

    def add(data: bytes) -> int:
        first = len(sectors)
        for place in range(0, len(data), SECTOR):
            sectors.append(data[place : place + SECTOR].ljust(SECTOR, b"\0"))
            table.append(len(sectors))
        table[-1] = _END
        return first

    root = UUID(class_id).bytes_le if class_id else bytes(16)
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", _ROOT, child=1 if names else _FREE, class_id=root)]
    for number, name in enumerate(names, start=1):
        data = streams[name].ljust(SMALLEST, b"\0")
        right = number + 1 if number < len(names) else _FREE
        start = add(data)
        entries.append(_entry(name, _STREAM, right=right, start=start, size=len(data)))
    directory = add(b"".join(entries))
    count = (len(table) + 128) // 128
    first = len(sectors)
    packed = [*table, *[_TABLE] * count]
    packed += [_FREE] * (count * 128 - len(packed))
    places = list(range(first, first + count)) + [_FREE] * (109 - count)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, count, directory, 0, SMALLEST, _END, 0, _END, 0)
    body = b"".join(sectors) + struct.pack(f"<{len(packed)}I", *packed)
    return head + struct.pack("<109I", *places) + body


def _entry(  # noqa: PLR0913 - the fields of an entry
    name: str,
    kind: int,
    *,
    right: int = _FREE,
    child: int = _FREE,
    start: int = _END,
    size: int = 0,
    class_id: bytes = bytes(16),
) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    head = title.ljust(64, b"\0") + struct.pack("<HBBIII", len(title), kind, 1, _FREE, right, child)
    return head + class_id + bytes(20) + struct.pack("<IQ", start if kind != _ROOT else _END, size)
