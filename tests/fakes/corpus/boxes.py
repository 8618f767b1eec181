"""ISO base media files (MP4, M4A, MOV, 3GP) box by box, and Matroska element by element."""

import struct

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box with these contents."""
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def brand(major: bytes, *compatible: bytes) -> bytes:
    """Return the box that a file begins with."""
    return box(b"ftyp", major, bytes(4), *(compatible or (major,)))


def sound(codec: bytes = b"mp4a") -> bytes:
    """Return the track of a recording."""
    entry = box(codec, bytes(6), b"\0\1", bytes(8), struct.pack(">HHHHI", 1, 16, 0, 0, 16000 << 16))
    return _track(b"soun", box(b"smhd", bytes(8)), entry)


def film(codec: bytes = b"avc1") -> bytes:
    """Return the track of moving pictures."""
    size = struct.pack(">HH", 320, 200)
    entry = box(codec, bytes(6), b"\0\1", bytes(16), size, bytes(50))
    return _track(b"vide", box(b"vmhd", bytes(12)), entry)


def movie(*tracks: bytes, others: bytes = b"") -> bytes:
    """Return the box that describes all tracks."""
    head = box(b"mvhd", bytes(12), struct.pack(">III", 1000, 2000, 0x10000), bytes(76))
    return box(b"moov", head, *tracks, others)


def media(size: int) -> bytes:
    """Return the box of the bytes that sound and pictures consist of."""
    return box(b"mdat", bytes(range(256)) * (size // 256))


def _track(handler: bytes, about: bytes, entry: bytes) -> bytes:
    head = box(
        b"tkhd", b"\0\0\0\7", bytes(8), struct.pack(">II", 1, 0), bytes(12), bytes(8), _MATRIX
    )
    kind = box(b"hdlr", bytes(8), handler, bytes(12), b"handler\0")
    described = box(b"stsd", bytes(4), struct.pack(">I", 1), entry)
    empty = [box(one, bytes(8)) for one in (b"stts", b"stsc", b"stco")]
    table = box(b"stbl", described, *empty, box(b"stsz", bytes(12)))
    time = box(b"mdhd", bytes(12), struct.pack(">II", 16000, 32000), b"\x55\xc4\0\0")
    return box(b"trak", head, box(b"mdia", time, kind, box(b"minf", about, table)))


def element(identifier: str, *parts: bytes) -> bytes:
    """Return an element of Matroska; ``identifier`` in hexadecimal digits."""
    body = b"".join(parts)
    return bytes.fromhex(identifier) + struct.pack(">Q", len(body) | 1 << 56) + body


def matroska(form: bytes, *codecs: bytes, padding: int = 0) -> bytes:
    """Return a Matroska or WebM file with a track for each codec."""
    head = element("1A45DFA3", element("4286", b"\1"), element("4282", form))
    tracks = [
        element(
            "AE",
            element("D7", bytes([number])),
            element("83", b"\1" if codec.startswith(b"V") else b"\2"),
            element("86", codec),
        )
        for number, codec in enumerate(codecs, start=1)
    ]
    info = element("1549A966", element("4D80", b"Parley"), element("EC", bytes(padding)))
    body = [
        info,
        element("1654AE6B", *tracks),
        element("1F43B675", element("E7", b"\0"), bytes(90)),
    ]
    return head + element("18538067", *body)
