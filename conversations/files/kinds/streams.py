"""Other containers that hold sound or film: Matroska and WebM, Ogg, Windows Media, MPEG."""

from collections.abc import Iterator

MOST_ELEMENTS = 5_000
"""Elements of a file that are looked at, on all levels together; honest files need hundreds."""
MOST_PAGES = 16
HEAD = 64 * 1024

_SEGMENT, _TRACKS, _ENTRY = 0x18538067, 0x1654AE6B, 0xAE
_DOCTYPE, _TRACK_TYPE, _CODEC = 0x4282, 0x83, 0x86
_EBML = 0x1A45DFA3
_FILM, _SOUND = 1, 2
_PICTURE_CODECS = (b"V_MJPEG", b"V_UNCOMPRESSED", b"V_PNG")
_OGG_FILMS = (b"\x80theora", b"\x01video", b"BBCD\x00", b"\x80kate", b"OVP80")
_WINDOWS_FILM = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_WINDOWS_SOUND = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
_SYNC = 0x47
_IN_A_ROW = 4
_OGG_HEAD = 27
_PACKETS = ((188, 0), (192, 4), (204, 0))


def matroska(data: bytes) -> tuple[bool, bool]:
    """Return whether it is a film, and whether it is WebM."""
    left = iter(range(MOST_ELEMENTS))
    is_webm = any(
        data[start:end].rstrip(b"\x00") == b"webm"
        for kind, first, last in _elements(data, 0, min(len(data), HEAD), left)
        if kind == _EBML
        for kind, start, end in _elements(data, first, last, left)
        if kind == _DOCTYPE
    )
    tracks = list(_tracks(data, iter(range(MOST_ELEMENTS))))
    if not tracks:
        head = data[:HEAD]
        return b"V_" in head or b"A_" not in head, is_webm or b"webm" in data[:64]
    is_film = any(kind == _FILM and not codec.startswith(_PICTURE_CODECS) for kind, codec in tracks)
    has_sound = any(kind == _SOUND for kind, _ in tracks)
    return is_film or not has_sound, is_webm


def is_ogg_film(data: bytes) -> bool:
    """Return whether one of the streams that begin in the first pages is a film's."""
    return any(packet.startswith(_OGG_FILMS) for packet in _first_packets(data))


def is_windows_sound(data: bytes) -> bool:
    """Return whether a file of Windows Media holds sound alone."""
    head = data[:HEAD]
    return _WINDOWS_SOUND in head and _WINDOWS_FILM not in head


def is_transport(data: bytes) -> bool:
    """Return whether the file is packets of an MPEG transport stream."""
    for size, first in _PACKETS:
        marks = data[first : first + 8 * size : size]
        if len(marks) >= _IN_A_ROW and set(marks) == {_SYNC}:
            return True
    return False


def _tracks(data: bytes, left: Iterator[int]) -> Iterator[tuple[int, bytes]]:
    """Yield type and codec of each track."""
    for kind, first, last in _elements(data, 0, len(data), left):
        if kind != _SEGMENT:
            continue
        for inner, start, end in _elements(data, first, last, left):
            if inner == _TRACKS:
                for name, begun, stop in _elements(data, start, end, left):
                    if name == _ENTRY:
                        yield _track(data, begun, stop, left)
                return


def _track(data: bytes, start: int, end: int, left: Iterator[int]) -> tuple[int, bytes]:
    kind, codec = 0, b""
    for found, first, last in _elements(data, start, end, left):
        if found == _TRACK_TYPE:
            kind = int.from_bytes(data[first:last][:8], "big")
        elif found == _CODEC:
            codec = data[first:last][:40]
    return kind, codec


def _elements(
    data: bytes, start: int, end: int, left: Iterator[int]
) -> Iterator[tuple[int, int, int]]:
    """Yield id, start and end of EBML's elements; one of unknown size ends with its parent.

    Each takes one of what is ``left``.
    """
    for _ in left:
        name, place = _varying(data, start, end, is_id=True)
        size, place = _varying(data, place, end, is_id=False)
        if name is None or size is None:
            return
        stop = min(end, place + size) if size >= 0 else end
        yield name, place, stop
        start = stop


def _varying(data: bytes, start: int, end: int, *, is_id: bool) -> tuple[int | None, int]:
    """Return a number of varying length, and where it ends; -1 is an unknown size."""
    if start >= end or not data[start]:
        return None, start
    length = 9 - data[start].bit_length()
    number = int.from_bytes(data[start : start + length], "big")
    if not is_id:
        number &= (1 << (7 * length)) - 1
        number = -1 if number == (1 << (7 * length)) - 1 else number
    return number, start + length


def _first_packets(data: bytes) -> Iterator[bytes]:
    """Yield the beginning of each stream of an Ogg file."""
    place = 0
    for _ in range(MOST_PAGES):
        head = data[place : place + _OGG_HEAD]
        if head[:4] != b"OggS" or len(head) < _OGG_HEAD or not head[5] & 2:
            return
        table = data[place + _OGG_HEAD : place + _OGG_HEAD + head[-1]]
        start = place + _OGG_HEAD + len(table)
        yield data[start : start + 16]
        place = start + sum(table)
