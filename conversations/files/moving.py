"""Moving pictures: written anew with every frame's time, smaller or with fewer if need be."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import ceil, sqrt
from time import process_time
from typing import Any

from PIL import Image

from conversations.files import pixels

MAX_PIXELS = 15_000_000
"""Of all frames together as they are written, since the encoder holds them at once."""
MAX_FRAMES = 300
"""Of those written; of a longer one every second, third … frame is shown the longer."""
SHORTEST_SIDE = 48
"""Pixels of the longer side below which a still says more than a picture that moves."""
MOST_WRITTEN = 16 * 1024 * 1024
"""Bytes of one as it leaves."""
CPU_SECONDS = 3.0
"""After so much computing a still is shown instead."""
_FORMATS = {"GIF": "GIF", "PNG": "PNG", "WEBP": "WEBP", "AVIF": "WEBP"}
"""Formats that move, and those in which they are written."""
_HURRIED = 10
_USUAL = 100
"""Milliseconds that browsers show a frame of 10 ms or less."""


@dataclass(frozen=True)
class Motion:
    """A moving picture written anew, and two of its frames; whether it is smaller or has fewer."""

    data: bytes
    written: str
    first: Image.Image
    middle: Image.Image
    is_reduced: bool = False


class _OverTimeError(Exception):
    """Writing it anew takes too long."""


def frames_of(image: Image.Image) -> int:
    """Return the number of frames that follow one another in time; 1 for a still."""
    if image.format not in _FORMATS:
        return 1
    return max(1, int(getattr(image, "n_frames", 1)) - _first_of(image))


def remade(image: Image.Image) -> Motion | None:
    """Return the picture written anew, moving as before; None if that takes too much."""
    frames = frames_of(image)
    step = ceil(frames / MAX_FRAMES)
    scale = min(1.0, sqrt(MAX_PIXELS / (image.width * image.height * ceil(frames / step))))
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    if scale < 1 and max(size) < SHORTEST_SIDE:
        return None
    until = process_time() + CPU_SECONDS
    try:
        motion = _written(image, _shown(image, size, step, until))
    except _OverTimeError:
        return None
    if len(motion.data) > MOST_WRITTEN:
        return None
    return replace(motion, is_reduced=scale < 1 or step > 1)


def _first_of(image: Image.Image) -> int:
    """Return the number of the first frame: a PNG may have a picture for those who show none."""
    return 1 if getattr(image, "default_image", False) else 0


def _shown(
    image: Image.Image, size: tuple[int, int], step: int, until: float
) -> Iterator[tuple[Image.Image, int]]:
    """Yield every ``step``-th frame and the milliseconds until the next."""
    profile = image.info.get("icc_profile")
    numbers = iter(range(_first_of(image), int(getattr(image, "n_frames", 1))))
    while group := list(islice(numbers, step)):
        shown, length = None, 0
        for number in group:
            image.seek(number)
            image.load()
            length += _length(image)
            shown = shown or _frame(image, size, profile)
            if process_time() > until:
                raise _OverTimeError
        if shown is not None:
            yield shown, length


def _frame(image: Image.Image, size: tuple[int, int], profile: Any) -> Image.Image:
    frame = image.convert("RGBA")
    if profile:
        frame.info["icc_profile"] = profile
    if frame.size != size:
        resized = frame.resize(size, Image.Resampling.BICUBIC)
        resized.info = frame.info
        frame = resized
    return pixels.plain(frame).convert("RGBA")


def _length(image: Image.Image) -> int:
    length = round(image.info.get("duration", 0) or 0)
    return length if length > _HURRIED else _USUAL


def _written(image: Image.Image, shown: Iterator[tuple[Image.Image, int]]) -> Motion:
    frames, lengths = [], []
    for frame, length in shown:
        frames.append(frame)
        lengths.append(length)
    written = _FORMATS[str(image.format)]
    stills = frames
    if all(map(pixels.is_opaque, frames)):
        stills = frames = [frame.convert("RGB") for frame in frames]
    options: dict[str, Any] = {"duration": lengths if len(frames) > 1 else lengths[0]}
    if written != "GIF" or "loop" in image.info:
        options["loop"] = int(image.info.get("loop", 0))
    if written == "GIF" and frames[0].mode == "RGBA":
        options["disposal"] = 2
    if written == "WEBP":
        options |= {"quality": 80, "method": 0}
    target = io.BytesIO()
    frames[0].save(target, format=written, save_all=True, append_images=frames[1:], **options)
    return Motion(target.getvalue(), written, stills[0], stills[len(stills) // 2])
