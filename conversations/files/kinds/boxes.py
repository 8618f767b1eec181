"""Films and recordings in boxes (MPEG-4, QuickTime, 3GP): by their tracks, wherever they lie."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

MOST_BOXES = 5_000
"""Boxes of a file that are looked at, on all levels together; honest files need tens."""
MOST_TRACKS = 100
FEW_PICTURES = 100
"""Samples of a picture track that may be a cover, or a picture for each chapter."""

QUICKTIME = frozenset({b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot"})
"""What a film of QuickTime may begin with instead of its brand."""
_BRANDS_OF_SOUND = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B ", b"aax "})
_PICTURES = frozenset({b"jpeg", b"mjpg", b"mjpa", b"mjpb", b"png ", b"tiff", b"raw ", b"gif "})


class Track(NamedTuple):
    """One track of a film: what it holds, how it is coded, in how many samples."""

    handler: bytes
    codec: bytes = b""
    samples: int = 0

    @property
    def is_film(self) -> bool:
        """Whether pictures move in it, which those of a cover do not."""
        is_cover = self.codec.lower() in _PICTURES and self.samples <= FEW_PICTURES
        return self.handler == b"vide" and not is_cover


def is_film(data: bytes) -> bool | None:
    """Return whether pictures move in the file; None where nothing tells."""
    if data[8:12] in _BRANDS_OF_SOUND and data[4:8] == b"ftyp":
        return False
    tracks = list(_tracks(data, iter(range(MOST_BOXES))))
    has_sound = any(track.handler == b"soun" for track in tracks)
    if any(track.is_film for track in tracks):
        return True
    if has_sound:
        return False
    return None


def _tracks(data: bytes, left: Iterator[int]) -> Iterator[Track]:
    found = 0
    for kind, start, end in _boxes(data, 0, len(data), left):
        if kind != b"moov":
            continue
        for inner, first, last in _boxes(data, start, end, left):
            if inner == b"trak" and found < MOST_TRACKS:
                found += 1
                yield _track(data, first, last, left)


def _track(data: bytes, start: int, end: int, left: Iterator[int]) -> Track:
    def inside(place: tuple[int, int], kind: bytes) -> tuple[int, int]:
        return _inside(data, *place, kind, left)

    media = inside((start, end), b"mdia")
    handler = inside(media, b"hdlr")[0] + 8
    table = inside(inside(media, b"minf"), b"stbl")
    codec = inside(table, b"stsd")[0] + 12
    sizes = inside(table, b"stsz")[0] + 8
    return Track(data[handler : handler + 4], data[codec : codec + 4], _number(data, sizes))


def _inside(data: bytes, start: int, end: int, kind: bytes, left: Iterator[int]) -> tuple[int, int]:
    """Return where the content of the first box of a kind lies; nowhere if there is none."""
    for found, first, last in _boxes(data, start, end, left):
        if found == kind:
            return first, last
    return len(data), len(data)


def _boxes(
    data: bytes, start: int, end: int, left: Iterator[int]
) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of the boxes between two places; each takes one of ``left``."""
    for _ in left:
        if start + 8 > end:
            return
        size, kind, head = _number(data, start), data[start + 4 : start + 8], 8
        if size == 1 and start + 16 <= end:
            (size,), head = struct.unpack_from(">Q", data, start + 8), 16
        stop = end if size == 0 else start + size
        if stop < start + head:
            return
        yield kind, start + head, min(stop, end)
        start = stop


def _number(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 4], "big")
