"""Images: decoded, turned upright, written anew without metadata, and made small.

What leaves here was written by Pillow from pixels alone: no EXIF, no comment, no second file.
"""

import io
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps, ImageSequence

MAX_IMAGE_PIXELS = 20_000_000
MAX_PHOTO_PIXELS = 50_000_000
"""A baseline JPEG may be larger, since it is read at a half or a quarter of its size."""
MAX_MOVING_PIXELS = 15_000_000
"""Of all frames together, since the encoder holds them at once."""
MAX_FRAMES = 300
LONGEST_SIDE = 4096
THUMBNAIL_SIDE = 480
SHORTEST_FRAME = 20
WRITTEN = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
READ = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "MPO")


class UnreadableError(Exception):
    """The bytes are no image that can be decoded to its end."""


class TooManyPixelsError(Exception):
    """The image is larger than the limit; it was not decoded."""


@dataclass(frozen=True)
class Remade:
    """An image written anew, and its thumbnail (WebP)."""

    data: bytes
    content_type: str
    width: int
    height: int
    thumbnail: bytes


def remake(data: bytes) -> Remade:
    """Write the image anew, at most 4,096 pixels a side, with a thumbnail of 480.

    :raises TooManyPixelsError: before anything is decoded.
    :raises UnreadableError: for bytes that are broken or no image.
    """
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=READ) as image:
            warnings.simplefilter("ignore")
            _measure(image)
            return _remade(image)
    except TooManyPixelsError:
        raise
    except Image.DecompressionBombError:
        raise TooManyPixelsError from None
    except Exception as error:
        raise UnreadableError(str(error)) from error


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
    return _result(_written(still, written), written, still)


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
    small = shown.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    if small.mode == "L":
        small = small.convert("RGB")
    return Remade(
        data=data,
        content_type=WRITTEN[written],
        width=shown.width,
        height=shown.height,
        thumbnail=_written(small, "WEBP"),
    )
