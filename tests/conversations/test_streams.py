"""Sounds and films: their tracks are found with bounded work, however they are nested."""

import struct
import time

import pytest

from conversations.files.kinds import boxes, streams
from tests import pace

MOST_SECONDS = 0.05
HEAD = bytes.fromhex("1a45dfa38b4282") + b"\x84webm" + bytes.fromhex("ec8100")
TRACKS = bytes.fromhex("1654ae6b88ae86838101") + b"\x86\x81V"
SEGMENT = bytes.fromhex("18538067")


def segment(content: bytes) -> bytes:
    return SEGMENT + struct.pack(">Q", 1 << 56 | len(content)) + content


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


EMPTY = box(b"free", b"")
LEVEL = EMPTY * 1_990
DEEP = box(
    b"trak",
    LEVEL + box(b"mdia", LEVEL + box(b"minf", LEVEL + box(b"stbl", LEVEL))),
)
WORST = {
    "segments": lambda: streams.matroska(HEAD + segment(b"\xec\x80" * 2_000) * 2_400),
    "segments of nothing": lambda: streams.matroska(HEAD + segment(b"") * 500_000),
    "films": lambda: boxes.is_film(box(b"ftyp", b"isom") + box(b"moov", EMPTY * 2_000) * 640),
    "tracks": lambda: boxes.is_film(box(b"ftyp", b"isom") + box(b"moov", DEEP * 100)),
    "boxes of nothing": lambda: boxes.is_film(box(b"ftyp", b"isom") + EMPTY * 1_000_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WORST)
def test_what_is_nested_without_end_costs_little(name: str) -> None:
    begun = time.thread_time()
    WORST[name]()
    assert time.thread_time() - begun < MOST_SECONDS * pace.slowness()


def test_tracks_are_found_behind_much_else() -> None:
    film = HEAD + segment(b"\xec\x80" * 1_000 + TRACKS)
    assert streams.matroska(film) == (True, True)
    track = box(b"mdia", box(b"hdlr", bytes(8) + b"soun"))
    sound = box(b"ftyp", b"isom") + EMPTY * 1_000 + box(b"moov", EMPTY * 100 + box(b"trak", track))
    assert boxes.is_film(sound) is False
