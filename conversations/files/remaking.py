"""``python -m conversations.files.remaking``: an image in, written anew without metadata.

A program of its own, started for one image (see ``images``). It takes limits upon itself before it
opens the image. What leaves here was written by Pillow from pixels alone: no EXIF, no comment, no
second file.
"""

import io
import sys
import warnings
from dataclasses import dataclass
from typing import IO, Any

import orjson
from PIL import Image, ImageOps, ImageSequence

from conversations.files import processes

MAX_IMAGE_PIXELS = 20_000_000
MAX_PHOTO_PIXELS = 50_000_000
"""A baseline JPEG may be larger, since it is read at a half or a quarter of its size."""
MAX_MOVING_PIXELS = 15_000_000
"""Of all frames together, since the encoder holds them at once."""
MAX_FRAMES = 300
LONGEST_SIDE = 4096
THUMBNAIL_SIDE = 480
SMALL_SIDE = 1024
"""Pixels a side of an image as models are shown it."""
MOST_SHOWN = 1024 * 1024
"""Bytes of an image that models are shown as it is stored."""
SHOWN_AS_STORED = frozenset({"image/jpeg", "image/png"})
"""What every model reads."""
SHORTEST_FRAME = 20
WRITTEN = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
READ = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "MPO")

MEMORY = 640 * 1024 * 1024
"""Bytes of address space, the interpreter's own included."""
CPU_SECONDS = 8
MOST_WRITTEN = 16 * 1024 * 1024
"""Bytes of an image as it leaves; one that would have more is written as a photo."""

TOO_MANY_PIXELS = "too_many_pixels"
UNREADABLE = "unreadable"


class TooManyPixelsError(Exception):
    """The image is larger than the limit; it was not decoded."""


@dataclass(frozen=True)
class Remade:
    """An image written anew, its thumbnail (WebP), and for models a small one (JPEG or PNG).

    Where the image itself is small there is no other.
    """

    data: bytes
    content_type: str
    width: int = 0
    height: int = 0
    small: bytes = b""
    thumbnail: bytes = b""


def main(source: IO[bytes], target: IO[bytes]) -> None:
    """Write a line of JSON about the image of ``source``, then its three forms."""
    processes.limit(memory=MEMORY, seconds=CPU_SECONDS, written=2 * MOST_WRITTEN)
    try:
        made = remake(source)
    except (TooManyPixelsError, Image.DecompressionBombError):
        target.write(orjson.dumps({"error": TOO_MANY_PIXELS}) + b"\n")
        return
    except Exception:  # noqa: BLE001 - whatever a decoder makes of a hostile file
        target.write(orjson.dumps({"error": UNREADABLE}) + b"\n")
        return
    about = {
        "content_type": made.content_type,
        "width": made.width,
        "height": made.height,
        "size": len(made.data),
        "small": len(made.small),
    }
    target.writelines([orjson.dumps(about), b"\n", made.data, made.small, made.thumbnail])


def remake(source: IO[bytes]) -> Remade:
    """Write the image anew, at most 4,096 pixels a side, for models of 1,024, thumbnail of 480.

    :raises TooManyPixelsError: before anything is decoded.
    """
    with warnings.catch_warnings(), Image.open(source, formats=READ) as image:
        warnings.simplefilter("ignore")
        _measure(image)
        return _remade(image)


def is_shown_as_stored(content_type: str, size: int) -> bool:
    """Return whether models can be shown such an image of ``size`` bytes as it is."""
    return content_type in SHOWN_AS_STORED and size <= MOST_SHOWN


def _measure(image: Image.Image) -> None:
    is_photo = image.format == "JPEG" and not image.info.get("progressive")
    limit = MAX_PHOTO_PIXELS if is_photo else MAX_IMAGE_PIXELS
    width, height = image.size
    if width * height > limit:
        raise TooManyPixelsError


def _remade(image: Image.Image) -> Remade:
    if image.format == "JPEG":
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    if _is_moving(image):
        return _moving(image)
    still = _clean(ImageOps.exif_transpose(image))
    still.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = _format_of(image, still)
    data = _written(still, written)
    if len(data) > MOST_WRITTEN:
        written = "WEBP" if still.mode == "RGBA" else "JPEG"
        data = _written(still, written)
    return _result(data, written, still)


def _is_moving(image: Image.Image) -> bool:
    frames = getattr(image, "n_frames", 1)
    if image.format not in {"GIF", "PNG", "WEBP"} or not 1 < frames <= MAX_FRAMES:
        return False
    return image.width * image.height * frames <= MAX_MOVING_PIXELS


def _moving(image: Image.Image) -> Remade:
    """Write every frame anew, with its duration."""
    written = str(image.format)
    durations = [max(SHORTEST_FRAME, _duration(frame)) for frame in ImageSequence.Iterator(image)]
    loop = int(image.info.get("loop", 0))
    first, *later = [_clean(frame.convert("RGBA")) for frame in ImageSequence.Iterator(image)]
    target = io.BytesIO()
    first.save(
        target,
        format=written,
        save_all=True,
        append_images=later,
        duration=durations,
        loop=loop,
        **({"disposal": 2} if written == "GIF" else {}),
    )
    return _result(target.getvalue(), written, first)


def _duration(frame: Image.Image) -> int:
    return int(frame.info.get("duration", 0) or 0)


def _clean(image: Image.Image) -> Image.Image:
    """Return a copy in a plain mode, with pixels and no metadata."""
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if has_alpha else "L" if image.mode in {"1", "L"} else "RGB"
    copy = image.convert(mode) if image.mode != mode else image.copy()
    copy.info = {}
    return copy


def _format_of(image: Image.Image, still: Image.Image) -> str:
    if image.format in {"JPEG", "MPO"}:
        return "JPEG"
    if image.format in {"PNG", "WEBP"}:
        return str(image.format)
    return "PNG" if still.mode == "RGBA" or image.format in {"GIF", "BMP"} else "JPEG"


def _written(image: Image.Image, written: str) -> bytes:
    options: dict[str, Any] = {
        "JPEG": {"quality": 87},
        "PNG": {"compress_level": 4},
        "WEBP": {"quality": 87, "method": 2},
    }[written]
    target = io.BytesIO()
    image.save(target, format=written, **options)
    return target.getvalue()


def _result(data: bytes, written: str, shown: Image.Image) -> Remade:
    is_small = max(shown.size) <= SMALL_SIDE and is_shown_as_stored(WRITTEN[written], len(data))
    small = shown.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    if small.mode == "L":
        small = small.convert("RGB")
    thumbnail = small.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Remade(
        data=data,
        content_type=WRITTEN[written],
        width=shown.width,
        height=shown.height,
        small=b"" if is_small else _written(small, "PNG" if small.mode == "RGBA" else "JPEG"),
        thumbnail=_written(thumbnail, "WEBP"),
    )


if __name__ == "__main__":
    main(io.BytesIO(sys.stdin.buffer.read()), sys.stdout.buffer)
