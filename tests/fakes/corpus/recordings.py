"""Sounds and films as phones, browsers and cameras make them."""

import struct
from functools import partial
from uuid import UUID

from config.demo.model import voice
from tests.fakes.corpus.boxes import box, brand, film, matroska, media, movie, sound
from tests.fakes.corpus.specimens import AUDIO, VIDEO, Fate, Right, Specimen

SAID = "My lamp flickers since Monday"
CUT = Right(fate=Fate.HEARD, kind="audio|video")
_ASF = UUID("75b22630-668e-11cf-a6d9-00aa0062ce6c").bytes_le
_PROPERTIES = UUID("b7dc0791-a9b7-11cf-8ee6-00c00c205365").bytes_le
_ASF_SOUND = UUID("f8699e40-5b4d-11cf-a8fd-00805f5c442b").bytes_le
_ASF_FILM = UUID("bc19efc0-5b4d-11cf-a8fd-00805f5c442b").bytes_le


def late_sound(size: int = 200_000, major: bytes = b"M4A ", *more: bytes) -> bytes:
    """Return a recording whose description follows its bytes."""
    return brand(major, *more) + media(size) + movie(sound())


def late_film() -> bytes:
    """Return a film whose description follows its bytes."""
    return brand(b"isom", b"isom", b"mp42") + media(200_000) + movie(sound(), film())


def wide_sound() -> bytes:
    """Return a recording whose bytes lie in a box with a size of 64 bits, behind free space."""
    bytes_of = media(90_000)[8:]
    wide = struct.pack(">I4sQ", 1, b"mdat", len(bytes_of) + 16) + bytes_of
    return brand(b"mp42", b"isom") + box(b"free", bytes(70_000)) + wide + movie(sound())


def long_waves() -> bytes:
    """Return a WAV file of the form that may be longer than 4 GB."""
    rest = voice.speak(SAID)[12:]
    sizes = struct.pack("<4sIQQQI", b"ds64", 28, len(rest) + 40, len(rest) - 36, 0, 0)
    return b"RF64\xff\xff\xff\xffWAVE" + sizes + rest


def cut_sound() -> bytes:
    """Return a recording whose description never arrived."""
    return brand(b"isom") + media(3_000)


def with_cover() -> bytes:
    """Return a recording with the picture of its cover."""
    cover = box(b"covr", box(b"data", bytes(8), b"\xff\xd8\xff"))
    about = box(b"udta", box(b"meta", bytes(4), box(b"ilst", cover)))
    return brand(b"M4A ") + movie(sound(), others=about) + media(9_000)


def old_movie() -> bytes:
    """Return a film of QuickTime without the box that others begin with."""
    return box(b"wide") + media(90_000) + movie(film(b"mp4v"))


def layers(number: int = 40) -> bytes:
    """Return MP3 frames of 128 kbit/s."""
    return (b"\xff\xfb\x90\x64" + bytes(413)) * number


def tagged() -> bytes:
    """Return MP3 frames behind a tag with a cover."""
    body = b"APIC" + struct.pack(">IH", 3000, 0) + bytes(3000)
    size = bytes([len(body) >> shift & 127 for shift in (21, 14, 7, 0)])
    return b"ID3\x03\0\0" + size + body + layers()


def flac() -> bytes:
    """Return the head of a FLAC file and a frame."""
    about = struct.pack(">HH", 4096, 4096) + bytes(6) + b"\x0a\xc4\x40\xf0" + bytes(20)
    return b"fLaC\x80\0\0\x22" + about + b"\xff\xf8\xc9\x18" + bytes(300)


def waves(size: int = 800) -> bytes:
    """Return an AIFF file."""
    common = b"COMM" + struct.pack(">IhIh", 18, 1, size, 16) + b"\x40\x0b\xfa" + bytes(7)
    data = b"SSND" + struct.pack(">III", size * 2 + 8, 0, 0) + bytes(size * 2)
    return b"FORM" + struct.pack(">I", 4 + len(common) + len(data)) + b"AIFF" + common + data


def core() -> bytes:
    """Return a CAF file as an iPhone records voices."""
    about = struct.pack(">d4sIIIII", 16000.0, b"opus", 0, 0, 320, 1, 0)
    return b"caff\0\1\0\0desc" + struct.pack(">q", len(about)) + about + b"data" + bytes(200)


def windows(kind: bytes) -> bytes:
    """Return a file of Windows Media with one stream."""
    stream = _PROPERTIES + struct.pack("<Q", 78) + kind + bytes(38)
    head = struct.pack("<QIBB", 30 + len(stream), 1, 1, 2)
    return _ASF + head + stream + bytes(300)


def interleaved() -> bytes:
    """Return an AVI file with a stream of pictures."""
    stream = _chunk(b"LIST", b"strl", _chunk(b"strh", b"vidsMJPG", bytes(48)))
    head = _chunk(b"LIST", b"hdrl", _chunk(b"avih", bytes(56)), stream)
    body = head + _chunk(b"LIST", b"movi", _chunk(b"00dc", bytes(90)))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"AVI " + body


def transport_stream() -> bytes:
    """Return packets of MPEG-TS."""
    return (b"\x47\x40\x00\x10" + bytes(184)) * 12


def page(packet: bytes) -> bytes:
    """Return the first page of an Ogg file."""
    head = struct.pack("<4sBBqIII", b"OggS", 0, 2, 0, 1, 0, 0)
    return head + bytes([1, len(packet)]) + packet + bytes(60)


def song() -> bytes:
    """Return notes to play."""
    track = b"\0\x90\x40\x40\x60\x80\x40\x40\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 96) + b"MTrk" + struct.pack(">I", 12) + track


def specimens() -> list[Specimen]:
    """Return the recordings and films."""
    return [*_spoken(), *_sounds(), *_rare_sounds(), *_films()]


def _spoken() -> list[Specimen]:
    """Return recordings in which the demo's model hears words."""
    note = "audio audio/ogg; codecs=opus"
    return [
        _heard("voice.wav", partial(voice.speak, SAID), "", SAID),
        _heard("voice note.ogg", partial(voice.note, SAID), note, SAID),
        _heard("voice.opus", partial(voice.note, SAID), note, SAID),
        _heard("PTT-2026.oga", partial(voice.note, SAID), note, SAID),
    ]


def _sounds() -> list[Specimen]:
    mp4, amr = "audio audio/mp4", b"#!AMR\n" + (b"\x3c" + bytes(31)) * 20
    adts = (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)) * 20
    return [
        _heard("song.mp3", layers, "audio audio/mpeg"),
        _heard("with cover.mp3", tagged, "audio audio/mpeg"),
        _heard("memo.m4a", late_sound, mp4),
        _heard("memo isom.m4a", partial(late_sound, 200_000, b"isom", b"isom", b"mp42"), mp4),
        _heard("only sound.mp4", partial(late_sound, 300_000, b"mp42", b"isom"), mp4),
        _heard("long memo.m4a", partial(late_sound, 6_000_000, b"isom"), mp4),
        _heard("cover.m4a", with_cover, mp4),
        _heard("large size.m4a", wide_sound, mp4),
        _heard("low.mp3", lambda: (b"\xff\xf3\x18\xc4" + bytes(32)) * 40),
        _heard("vorbis.ogg", lambda: page(b"\x01vorbis" + bytes(23))),
        _heard("speex.ogg", lambda: page(b"Speex   1.2" + bytes(69))),
        _heard("long.wav", long_waves),
        Specimen("cut voice.mp4", cut_sound, CUT, mp4),
        _heard("voice.amr", lambda: amr, "audio audio/amr"),
        _heard("voice.aac", lambda: adts, "audio audio/aac"),
        _heard("voice.3gp", lambda: brand(b"3gp4") + media(70_000) + movie(sound(b"samr"))),
        _heard("voice.flac", flac),
        _heard("browser.webm", lambda: matroska(b"webm", b"A_OPUS", padding=70_000)),
        _heard("music.mka", lambda: matroska(b"matroska", b"A_FLAC")),
    ]


def _rare_sounds() -> list[Specimen]:
    right = Right(fate=Fate.HEARD, kind=AUDIO)
    return [
        Specimen("voice.aiff", waves, right),
        Specimen("iphone.caf", core, right),
        Specimen("dictation.wma", lambda: windows(_ASF_SOUND), right),
        Specimen("melody.mid", song, Right(fate=Fate.UNKNOWN, kind="audio|document")),
    ]


def _films() -> list[Specimen]:
    phone = "video video/mp4"
    return [
        _film("film.mp4", late_film, phone),
        _film("film first.mp4", lambda: brand(b"isom") + movie(film()) + media(900), phone),
        _film("iphone.MOV", lambda: brand(b"qt  ") + media(90_000) + movie(sound(), film())),
        _film("old.mov", old_movie),
        _film("phone.3gp", lambda: brand(b"3gp5") + movie(film(b"s263")) + media(900), phone),
        _film("screen.webm", lambda: matroska(b"webm", b"V_VP9", b"A_OPUS")),
        _film("film.mkv", lambda: matroska(b"matroska", b"V_MPEG4/ISO/AVC", b"A_AAC")),
        _film("film h265.mkv", lambda: matroska(b"matroska", b"A_AC3", b"V_MPEGH/ISO/HEVC")),
        _film("film.ogv", lambda: page(b"\x80theora\3\2\1" + bytes(32))),
        _film("camera.avi", interleaved),
        _film("camera.wmv", lambda: windows(_ASF_FILM)),
        _film("tv.mts", transport_stream),
        _film("film.flv", lambda: b"FLV\1\5\0\0\0\x09\0\0\0\0" + bytes(90)),
    ]


def _heard(title: str, make: object, meta: str = "", *words: str) -> Specimen:
    right = Right(fate=Fate.HEARD, kind=AUDIO, words=words, served=r"audio/")
    return Specimen(title, make, right, meta)  # type: ignore[arg-type]


def _film(title: str, make: object, meta: str = "") -> Specimen:
    right = Right(fate=Fate.UNKNOWN, kind=VIDEO, served=r"video/|octet-stream")
    return Specimen(title, make, right, meta)  # type: ignore[arg-type]


def _chunk(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return kind + struct.pack("<I", len(body)) + body
