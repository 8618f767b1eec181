"""Pages: the further pictures of one file, such as those of a scan or a fax."""

import io
import struct
from contextlib import suppress
from dataclasses import dataclass
from time import process_time
from typing import Any

from PIL import Image, ImageOps

from conversations.files import pixels

MOST = 20
"""Pages that are shown, the first included."""
SIDE = 1600
"""Pixels a side of a page, enough to read it."""
CPU_SECONDS = 5.0
"""After so much computing no further page is made."""
MAX_PIXELS = 50_000_000
"""Of a page; one that is larger is the end."""
MOST_WRITTEN = 1024 * 1024
"""Bytes of a page."""
MOST_TOGETHER = 8 * 1024 * 1024
"""Bytes after which no further page is made, since whoever asked holds them all at once."""
_PAGED = frozenset({"TIFF", "HEIF", "DCX"})
_SMALLER_COPY = 1
_BROKEN = (SyntaxError, ValueError, TypeError, KeyError, IndexError, OSError, struct.error)
"""What broken EXIF leads to, which is no reason not to show the picture."""
_FINE, _COARSE = 1.5, 3.0
"""Between these ratios of dots across and down, a fax was sent in the coarse resolution."""


@dataclass(frozen=True)
class Still:
    """A picture beside the one that stands for the file."""

    data: bytes
    width: int
    height: int


def further(image: Image.Image) -> tuple[tuple[Still, ...], int]:
    """Return the pages after the one that is shown first, and the number of all of them."""
    until = process_time() + CPU_SECONDS
    shown_first = image.tell()
    rest = [number for number in numbers_of(image) if number != shown_first]
    stills: list[Still] = []
    for number in rest[: MOST - 1]:
        is_much = sum(len(still.data) for still in stills) > MOST_TOGETHER
        if is_much or process_time() > until:
            break
        image.seek(number)
        if image.width * image.height > MAX_PIXELS:
            break
        try:
            stills.append(make_small(plain(image, SIDE), SIDE))
        except (OSError, SyntaxError, ValueError, MemoryError):
            break
    return tuple(stills), len(rest) + 1


def numbers_of(image: Image.Image) -> list[int]:
    """Return the numbers of the pages, in order; of the present picture alone where it has none."""
    count = int(getattr(image, "n_frames", 1))
    if image.format not in _PAGED or count == 1:
        return [image.tell()]
    return [number for number in range(count) if _is_page(image, number)]


def plain(image: Image.Image, side: int) -> Image.Image:
    """Return the present picture upright, in plain pixels and at most ``side`` a side."""
    coarse = _is_coarse(image)
    image.load()
    with suppress(*_BROKEN):
        ImageOps.exif_transpose(image, in_place=True)
    info = dict(image.info)
    shown = pixels.eight_bit(image)
    if shown is image:
        shown = image.copy() if max(image.size) <= side else image.resize(_fitted(image, side))
    if coarse:
        shown = shown.resize((shown.width, shown.height * 2))
    shown.thumbnail((side, side))
    shown.info = info
    return pixels.plain(shown)


def make_small(image: Image.Image, side: int) -> Still:
    """Return the picture at most ``side`` pixels a side, in a format that every model reads."""
    small = image.copy()
    small.thumbnail((side, side))
    if small.mode == "L":
        small = small.convert("RGB")
    data = written_as("PNG" if small.mode == "RGBA" else "JPEG", small)
    if len(data) > MOST_WRITTEN:
        data = written_as("JPEG", pixels.opaque(small))
    return Still(data, small.width, small.height)


def written_as(form: str, image: Image.Image) -> bytes:
    """Return the image as a file of ``form``."""
    options: dict[str, Any] = {
        "JPEG": {"quality": 87},
        "PNG": {"compress_level": 4},
        "WEBP": {"quality": 87, "method": 2},
    }[form]
    target = io.BytesIO()
    image.save(target, format=form, **options)
    return target.getvalue()


def _fitted(image: Image.Image, side: int) -> tuple[int, int]:
    scale = side / max(image.size)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _is_page(image: Image.Image, number: int) -> bool:
    """Return whether the picture is a page, and no smaller copy of one."""
    image.seek(number)
    tags: Any = getattr(image, "tag_v2", {})
    return not (int(tags.get(254, 0) or 0) & _SMALLER_COPY)


def _is_coarse(image: Image.Image) -> bool:
    """Return whether a fax has half the lines, so that it would be shown squashed."""
    across, down = image.info.get("dpi") or (1, 1)
    is_fax = image.format in {"TIFF", "DCX"} and image.mode == "1" and down
    return bool(is_fax) and _FINE < float(across) / float(down) < _COARSE
