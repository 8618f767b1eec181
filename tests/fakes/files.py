"""Files: honest ones of every kind that Parley knows, made in a few lines."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, ImageDraw

GPS = {34853: {1: "N", 2: (57.0, 42.0, 0.0), 3: "E", 4: (11.0, 58.0, 0.0)}}


def image(
    form: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any
) -> bytes:
    """Return an image of one colour."""
    target = io.BytesIO()
    colour = {"L": 128, "1": 1, "P": 3}.get(mode, (200, 80, 40, 90)[: len(mode)])
    Image.new(mode, size, colour).save(target, format=form, **options)
    return target.getvalue()


def photo(size: tuple[int, int] = (320, 200), *, comment: bytes = b"secret comment") -> bytes:
    """Return a JPEG as a phone writes it: turned, with the place it was taken at."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Phone maker"
    exif.get_ifd(0x8825).update(GPS[34853])
    return image("JPEG", size, exif=exif, comment=comment)


def moving(frames: int, size: tuple[int, int] = (40, 30), form: str = "GIF") -> bytes:
    """Frames of different greys."""
    target = io.BytesIO()
    pictures = [Image.new("RGB", size, (n * 37 % 256, n // 7, 90)) for n in range(frames)]
    pictures[0].save(target, form, save_all=True, append_images=pictures[1:], duration=50, loop=0)
    return target.getvalue()


def scan(number: int, size: tuple[int, int] = (300, 200), **options: Any) -> bytes:
    """Return a TIFF whose pages are numbered by bars."""
    target = io.BytesIO()
    made = [Image.new("1", size, 1) for _ in range(number)]
    for place, page in enumerate(made):
        ImageDraw.Draw(page).rectangle((0, 0, 8 * place, 60), fill=0)
    options = {"compression": "group4"} | options
    made[0].save(target, "TIFF", save_all=True, append_images=made[1:], **options)
    return target.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """Return a PNG that claims to be huge in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    )


def archive(members: dict[str, bytes]) -> bytes:
    """Return a zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return target.getvalue()


def wav(seconds: float = 0.1, *, claimed: int | None = None) -> bytes:
    """Return a silent WAV file; ``claimed`` is the number of bytes that its header states."""
    data = b"\0\0" * int(8000 * seconds)
    size = len(data) if claimed is None else claimed
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    head = b"RIFF" + struct.pack("<I", min(size + 36, 2**32 - 1)) + b"WAVE"
    return head + b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", size) + data


def mp4(handler: bytes = b"vide") -> bytes:
    """Return the beginning of a film, or with ``soun`` of a recording."""
    return b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + b"\0" * 24 + b"hdlr" + b"\0" * 8 + handler


def webm(codec: bytes = b"V_VP8") -> bytes:
    """Return the beginning of what a browser records."""
    return b"\x1a\x45\xdf\xa3" + b"\0" * 8 + b"webm" + b"\0" * 20 + codec + b"\0" * 64


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
OGG = b"OggS\0\x02" + b"\0" * 22 + b"OpusHead" + b"\0" * 16
MP3 = b"ID3\x03\0\0\0\0\0\0" + b"\xff\xfb\x90\x00" * 20
