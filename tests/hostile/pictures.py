"""Pictures that cost dear: small files that hold much, claim much, or break off."""

import io
import random
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from PIL import Image, PngImagePlugin

from tests.fakes import files

LARGEST = 1_000_000
"""Bytes of each."""
SIDES = (1_000, 3_000, 4_472, 7_000)
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@cache
def hostile_pictures() -> list[tuple[str, bytes]]:
    """Return the pictures with their names, the same ones every time; it takes some seconds."""
    made = [*_wide(), *_animated(), *_claiming(), *_stuffed(), *_broken(), *_disguised()]
    return [(f"{number} {name}", data) for number, (name, data) in enumerate(made)]


def _wide() -> Iterator[tuple[str, bytes]]:
    """Yield pictures of one colour with very many pixels."""
    for side in SIDES:
        for mode in ("1", "L", "RGB", "RGBA"):
            yield f"PNG {mode} of {side}", files.image("PNG", (side, side), mode=mode)
        yield f"JPEG of {side}", files.image("JPEG", (side, side))
        yield f"JPEG of {side}, progressive", files.image("JPEG", (side, side), progressive=True)
    for form, options in _FORMS:
        yield f"{form} of 4472", files.image(form, (4_472, 4_472), **options)
    yield "PNG of one line", files.image("PNG", (10_000_000, 1), mode="1")
    yield "PNG of one column", files.image("PNG", (1, 4_000_000), mode="L")
    yield "JPEG in print colours", files.image("JPEG", (4_472, 4_472), mode="CMYK")
    yield "noise", _noise("PNG", (560, 560))
    yield "noise, progressive", _noise("JPEG", (900, 900), progressive=True)


_FORMS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("GIF", {}),
    ("WEBP", {}),
    ("WEBP", {"lossless": True}),
    ("TIFF", {"compression": "tiff_deflate"}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("AVIF", {"speed": 10}),
)


def _animated() -> Iterator[tuple[str, bytes]]:
    for form in ("GIF", "WEBP", "PNG"):
        yield f"{form} of 299 frames", files.moving(299, (200, 200), form)
        yield f"{form} of 900 frames", files.moving(900, (60, 60), form)
    yield "GIF of 9 large frames", files.moving(9, (1_280, 1_280), "GIF")
    frame = files.moving(2, (1, 1), "GIF")
    start = frame.index(b"\x21\xf9")
    yield "GIF of 5000 frames", frame[:-1] + frame[start:-1] * 5_000 + b";"
    pages = [Image.new("1", (4_000, 4_000)) for _ in range(8)]
    target = io.BytesIO()
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    yield "TIFF of 8 pages", target.getvalue()


def _claiming() -> Iterator[tuple[str, bytes]]:
    """Yield headers that claim more than there is."""
    for width, height in ((50_000, 50_000), (2**31 - 1, 1), (1, 2**31 - 1), (0, 0), (65_535, 300)):
        yield f"PNG that claims {width} by {height}", files.huge_png(width, height)
    gif = bytearray(files.image("GIF"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    yield "GIF that claims 65535 by 65535", bytes(gif)
    bitmap = bytearray(files.image("BMP"))
    bitmap[18:26] = struct.pack("<ii", 2**30, 2**30)
    yield "BMP that claims 2**30", bytes(bitmap)
    jpeg = bytearray(files.image("JPEG"))
    place = jpeg.index(b"\xff\xc0") + 5
    jpeg[place : place + 4] = struct.pack(">HH", 65_500, 65_500)
    yield "JPEG that claims 65500 by 65500", bytes(jpeg)
    icon = struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 32, 100, 22)
    yield "ICO", icon + files.huge_png(30_000, 30_000)


def _stuffed() -> Iterator[tuple[str, bytes]]:
    """Yield pictures whose words and profiles swell when they are unpacked."""
    for name in ("text", "zip", "itxt"):
        info = PngImagePlugin.PngInfo()
        words = "a" * (200_000 if name == "text" else 60_000_000)
        if name == "itxt":
            info.add_itxt("Comment", words, zip=True)
        else:
            info.add_text("Comment", words, zip=name == "zip")
        yield f"PNG with long {name}", files.image("PNG", pnginfo=info)
    yield "PNG with a swelling profile", _with_chunk(b"iCCP", b"x\0\0" + _packed(80_000_000))
    yield "PNG with thousands of texts", _with_chunk(b"tEXt", b"Comment\0a", times=20_000)
    yield "JPEG with profiles", files.image("JPEG", icc_profile=b"a" * 600_000)
    yield "JPEG with a long comment", files.photo(comment=b"a" * 60_000)
    exif = Image.Exif()
    for tag in range(0x9000, 0x9384):
        exif[tag] = "a" * 50
    yield "JPEG with 900 tags", files.image("JPEG", exif=exif)
    yield "WebP with a profile", files.image("WEBP", icc_profile=b"a" * 600_000)


def _broken() -> Iterator[tuple[str, bytes]]:
    dice = random.Random(4)  # noqa: S311 - the same ones every time
    for form in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"):
        whole = _noise(form, (120, 120))
        yield f"{form} cut short", whole[: len(whole) // 2]
        torn = bytearray(whole)
        for _ in range(40):
            torn[dice.randrange(30, len(torn))] = dice.randrange(256)
        yield f"{form} with wrong bytes", bytes(torn)
    yield "PNG of nothing", SIGNATURE
    yield "GIF of nothing", b"GIF89a"
    yield "TIFF that points to itself", b"II*\0" + struct.pack("<IHHHIII", 8, 1, 256, 4, 1, 1, 8)


def _disguised() -> Iterator[tuple[str, bytes]]:
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"/>'
    yield "SVG as PNG", SIGNATURE + b"<svg onload=alert(1)>"
    yield "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99999 99999\n"
    yield "PPM", b"P6 30000 30000 255\n"
    yield "PDF as JPEG", b"\xff\xd8\xff" + files.PDF


def _noise(form: str, size: tuple[int, int], **options: Any) -> bytes:
    dice = random.Random(3)  # noqa: S311 - the same ones every time
    pixels = dice.randbytes(size[0] * size[1] * 3)
    target = io.BytesIO()
    Image.frombytes("RGB", size, pixels).save(target, form, **options)
    return target.getvalue()


def _packed(size: int) -> bytes:
    packer = zlib.compressobj(9)
    pieces = [packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)]
    return b"".join([*pieces, packer.flush()])


def _with_chunk(kind: bytes, data: bytes, *, times: int = 1) -> bytes:
    """Return a small PNG with chunks of a kind before its pixels."""
    whole = files.image("PNG")
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    chunk = struct.pack(">I", len(data)) + kind + data + checksum
    place = whole.index(b"IDAT") - 4
    return whole[:place] + chunk * times + whole[place:]
