"""Voice notes: Ogg files with Opus in them, as phones send them; silent, their text a comment."""

import struct

RATE = 48_000
PACKET = 960
"""Samples of one packet: 20 ms."""

_SILENCE = b"\xf8\xff\xfe"
_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 16_000, 0, 0)
_TAGS = b"OpusTags"
_VENDOR = b"Parley"
_FIELD = "COMMENT="
_FIRST, _LAST = 2, 4
_PER_PAGE = 50
_SERIAL = 1
_LONGEST = 60_000


def note(text: str, *, seconds: float) -> bytes:
    """Return an Ogg file that is silent for ``seconds`` and bears ``text`` as its comment."""
    comment = (_FIELD + text).encode()[:_LONGEST]
    tags = _TAGS + _sized(_VENDOR) + struct.pack("<I", 1) + _sized(comment)
    pages = [_page(0, _FIRST, 0, [_HEAD]), _page(1, 0, 0, [tags])]
    packets = max(1, int(seconds * RATE / PACKET))
    for begin in range(0, packets, _PER_PAGE):
        end = min(packets, begin + _PER_PAGE)
        kind = _LAST if end == packets else 0
        pages.append(_page(len(pages), kind, end * PACKET, [_SILENCE] * (end - begin)))
    return b"".join(pages)


def comment_of(audio: bytes) -> str:
    """Return the comment of an Ogg file with Opus in it, empty where it has none."""
    start = audio.find(_TAGS)
    if not audio.startswith(b"OggS") or start < 0:
        return ""
    found = audio.find(_FIELD.encode(), start)
    if found < 0:
        return ""
    (size,) = struct.unpack("<I", audio[found - 4 : found])
    raw = audio[found : found + size].decode(errors="replace")
    return raw.removeprefix(_FIELD)


def seconds_of(audio: bytes) -> float:
    """Return how long an Ogg file is, by its last page."""
    start = audio.rfind(b"OggS")
    if start < 0 or len(audio) < start + 14:
        return 0.0
    (samples,) = struct.unpack("<q", audio[start + 6 : start + 14])
    return float(max(0, samples) / RATE)


def _sized(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def _page(number: int, kind: int, samples: int, packets: list[bytes]) -> bytes:
    """Return one page, with its checksum."""
    lacing = b"".join(b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets)
    head = struct.pack("<4sBBqIII", b"OggS", 0, kind, samples, _SERIAL, number, 0)
    page = bytearray(head + bytes([len(lacing)]) + lacing + b"".join(packets))
    page[22:26] = struct.pack("<I", _checksum(page))
    return bytes(page)


def _checksum(data: bytes | bytearray) -> int:
    """Return Ogg's CRC-32: not zlib's, since its bits are not turned round."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        value &= 0xFFFFFFFF
    return value
