"""First bytes: images, sounds, archives and the like that need no second look."""

import re

from conversations.files import brands, charsets
from conversations.files.kinds import boxes, streams

_ID3_HEAD = 10
_LOW = 0x80
_VERSIONS = 16
_HEAD = 4096
_FIRST = 64
_LOWEST = 9
_AAC_RATES, _AAC_HEAD = 13, 7
_SYNC = 0xFF
_MPEG_1 = 3
_MP3_HEAD = 4
_MP3_SYNC = 0xE0
_MP3_NO_RATE = {3}
_MP3_RATES = (44_100, 48_000, 32_000)
_MP3_KILOBITS = {
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
"""Bit rates of MPEG 1, in layers II and III."""
_MP3_KILOBITS_OF_LOW = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)

_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi", b"RMID": "midi"}
_FORM = {b"AIFF": "aiff", b"AIFC": "aiff"}
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"fLaC", "flac"),
    (b"#!AMR", "amr"),
    (b"caff\x00", "caf"),
    (b"MThd\x00\x00\x00\x06", "midi"),
    (b".snd\x00", "au"),
    (b"\x0b\x77", "ac3"),
    (b"FLV\x01", "flv"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpeg"),
    (b"AC10", "dwg"),
    (b"AT&TFORM", "djvu"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"\x78\x9f\x3e\x22", "winmail"),
    (b"8BPS\x00\x01", "psd"),
    (b"DDS \x7c\x00\x00\x00", "dds"),
    (b"qoif\x00", "qoi"),
    (b"icns\x00", "icns"),
    (b"\xb1\x68\xde\x3a", "dcx"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xffO\xffQ", "jp2"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x01\x00\x00\x00", "font"),
    (b"OTTO\x00", "font"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
)
_WORDS = frozenset(one for one, _ in BEGINNINGS if one.isascii() and one.decode().isprintable())
"""Beginnings that are words too; such a file goes on with bytes that no text has."""
_WRITTEN = (
    (re.compile(rb"\{\\rtf\d?\s*[\\{}]"), "rtf"),
    (re.compile(rb"%!PS(?:-Adobe-|\s*[\r\n])"), "postscript"),
)
"""Formats that are texts themselves."""
_SMALL_BRANDS = (b"3gp", b"3g2")


def type_of(data: bytes, *, is_sound: bool | None) -> str:
    """Return the row that the first bytes name, or nothing.

    ``is_sound`` is what the sender or the name says where a container does not tell.
    """
    for form, name in _WRITTEN:
        if form.match(data):
            return name
    is_text = _is_text(data)
    for beginning, name in BEGINNINGS:
        if data.startswith(beginning) and not (is_text and beginning in _WORDS):
            return name
    if is_text:
        return ""
    return _with_a_second_look(data) or _container(data, is_sound=is_sound)


def _is_text(data: bytes) -> bool:
    """Return whether a text may begin so: formats with lengths and the like have low bytes."""
    return all(code >= _LOWEST for code in data[:_FIRST]) and charsets.is_text(data[:_HEAD])


def _with_a_second_look(data: bytes) -> str:
    """Return the row of formats whose first bytes alone say too little."""
    if data[:4] in {b"RIFF", b"RF64", b"BW64"}:
        return _RIFF.get(data[8:12], "")
    if data[:4] == b"FORM":
        return _FORM.get(data[8:12], "")
    if data[:3] == b"BZh" and data[4:10] == b"1AY&SY":
        return "bzip2"
    return _small_image(data) or ("tar" if data[257:262] == b"ustar" else _frames(data))


def _small_image(data: bytes) -> str:
    if data[:2] == b"BM" and data[6:10] == b"\x00" * 4:
        return "bmp"
    is_icon = data[:4] in {b"\x00\x00\x01\x00", b"\x00\x00\x02\x00"}
    has_pictures = data[4:5] > b"\x00" and data[5:6] == b"\x00"  # a TGA has zeros here
    return "ico" if is_icon and has_pictures and data[9:10] == b"\x00" else ""


def _frames(data: bytes) -> str:
    """Return the row of sound without a container: MP3 or AAC, behind a tag or not."""
    start = 0
    if (
        data[:3] == b"ID3"
        and len(data) > _ID3_HEAD
        and max(data[6:10]) < _LOW
        and data[3] < _VERSIONS
    ):
        size = sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        start = _ID3_HEAD + size
    head = data[start : start + _HEAD]
    if start and head[:4] == b"fLaC":
        return "flac"
    if _is_aac(head):
        return "aac"
    return "mp3" if start or _is_mp3(head) else ""


def _is_aac(head: bytes) -> bool:
    """Return whether a frame begins here, and another or the end follows."""
    if len(head) < _AAC_HEAD or head[0] != _SYNC or head[1] & ~8 not in {0xF0, 0xF1}:
        return False
    if (head[2] >> 2) & 15 >= _AAC_RATES:
        return False
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length >= _AAC_HEAD and _goes_on(head, length)


def _is_mp3(head: bytes) -> bool:
    """Return whether a frame of layer II or III begins here, and another or the end follows."""
    if len(head) < _MP3_HEAD or head[0] != _SYNC or head[1] & _MP3_SYNC != _MP3_SYNC:
        return False
    version, layer = (head[1] >> 3) & 3, (head[1] >> 1) & 3
    bitrate, rate = head[2] >> 4, (head[2] >> 2) & 3
    if version == 1 or layer not in {1, 2} or bitrate in {0, 15} or rate in _MP3_NO_RATE:
        return False
    kilobits = _MP3_KILOBITS.get((version, layer), _MP3_KILOBITS_OF_LOW)[bitrate - 1]
    samples = 72 if layer == 1 and version != _MPEG_1 else 144
    hertz = _MP3_RATES[rate] // {_MPEG_1: 1, 2: 2, 0: 4}[version]
    return _goes_on(head, samples * kilobits * 1000 // hertz + (head[2] >> 1 & 1))


def _goes_on(head: bytes, length: int) -> bool:
    """Return whether a frame like the first one follows, or the file ends there."""
    return len(head) < length + 2 or (
        head[length] == _SYNC and head[length + 1] & ~1 == head[1] & ~1
    )


def _container(data: bytes, *, is_sound: bool | None) -> str:
    """Return the row of a container that may hold sound or film."""
    if data.startswith(b"OggS"):
        return "ogv" if streams.is_ogg_film(data) else "ogg"
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        is_film, is_webm = streams.matroska(data)
        film, sound = ("webm", "webm_sound") if is_webm else ("mkv", "mka")
        return film if is_film else sound
    if data.startswith(_ASF):
        return "wma" if streams.is_windows_sound(data) else "wmv"
    if data[4:8] == b"ftyp" or data[4:8] in boxes.QUICKTIME:
        return _boxed(data, is_sound=is_sound)
    return "mpegts" if streams.is_transport(data) else ""


def _boxed(data: bytes, *, is_sound: bool | None) -> str:
    if brands.is_picture(data[:_HEAD]):
        return "avif" if brands.is_avif(data[:_HEAD]) else "heic"
    brand = data[8:12] if data[4:8] == b"ftyp" else b"qt  "
    is_film = boxes.is_film(data)
    if is_film is None and data[4:8] != b"ftyp" and b"moov" not in data[:_HEAD]:
        return ""
    if is_film is None:
        is_film = not _is_said_to_be_sound(data, is_sound=is_sound)
    if brand.startswith(_SMALL_BRANDS):
        return "3gp" if is_film else "3gp_sound"
    film = "mov" if brand == b"qt  " else "mp4"
    return film if is_film else "m4a"


def _is_said_to_be_sound(data: bytes, *, is_sound: bool | None) -> bool:
    """Return what is said of a file whose tracks are lost, or else what its beginning shows."""
    if is_sound is not None:
        return is_sound
    head = data[: 16 * _HEAD]
    return b"soun" in head and b"vide" not in head
