"""``python -m conversations.files.remaking``: an image in, written anew without metadata.

A program of its own, started for one image (see ``images``). It takes limits upon itself before it
opens the image. What leaves here was written by Pillow from pixels alone: no EXIF, no comment, no
second file. Where that is less than what came, it says so, and what to blank in the file that came.
"""

import io
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, Any

import orjson
from PIL import AvifImagePlugin, Image

from conversations.files import brands, moving, pages, processes, traces
from conversations.files.pages import Still, make_small, written_as

MAX_IMAGE_PIXELS = 20_000_000
MAX_PHOTO_PIXELS = 50_000_000
"""Of what phones and scanners make: it is read at a smaller size, or takes little memory."""
LONGEST_SIDE = 4096
THUMBNAIL_SIDE = 480
SMALL_SIDE = 1024
"""Pixels a side of an image as models are shown it."""
MOST_SHOWN = 1024 * 1024
"""Bytes of an image that models are shown as it is stored."""
SHOWN_AS_STORED = frozenset({"image/jpeg", "image/png"})
"""What every model reads."""
WRITTEN = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
PHOTOS = frozenset({"JPEG", "MPO"})
"""JPEG, and JPEG in which a camera put further pictures: of light, of depth."""
READ = (
    *("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"),
    *("JPEG2000", "ICO", "CUR", "ICNS", "PSD", "DDS", "QOI", "DCX"),
)
KEPT = {
    "TIFF": "image/tiff",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
    "JPEG2000": "image/jp2",
    "PSD": "image/vnd.adobe.photoshop",
    "DCX": "image/x-dcx",
}
"""Formats whose file is kept beside what is shown of it."""
KEPT_IN_FULL = {form: WRITTEN[form] for form in ("GIF", "PNG", "WEBP")}
"""Formats whose file is kept where it moves and what is shown does so less."""

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

    Where the image itself is small there is no other. ``stills`` are its further pages, or the
    middle of one that moves. ``original`` is the type of the file that came where that is to be
    kept, its ``spans`` covered; empty where the image is all there was. ``is_less`` says that the
    file has more than the image shows.
    """

    data: bytes
    content_type: str
    width: int = 0
    height: int = 0
    small: bytes = b""
    thumbnail: bytes = b""
    stills: tuple[Still, ...] = ()
    page_count: int = 1
    is_moving: bool = False
    is_still: bool = False
    is_less: bool = False
    original: str = ""
    spans: tuple[traces.Span, ...] = ()


def main(source: IO[bytes], target: IO[bytes]) -> None:
    """Write a line of JSON about the image of ``source``, then its forms."""
    processes.limit(memory=MEMORY, seconds=CPU_SECONDS, written=4 * MOST_WRITTEN)
    try:
        made = remake(source)
    except (TooManyPixelsError, Image.DecompressionBombError):
        target.write(orjson.dumps({"error": TOO_MANY_PIXELS}) + b"\n")
        return
    except Exception:  # noqa: BLE001 - whatever a decoder makes of a hostile file
        target.write(orjson.dumps({"error": UNREADABLE}) + b"\n")
        return
    write(made, target)


def write(made: Remade, target: IO[bytes]) -> None:
    """Write what ``read`` reads: a line of JSON, then the forms of the image."""
    about = {name: value for name, value in vars(made).items() if name not in _FORMS}
    about["sizes"] = [len(getattr(made, name)) for name in _FORMS[:3]]
    about["stills"] = [(len(one.data), one.width, one.height) for one in made.stills]
    target.writelines([orjson.dumps(about), b"\n", made.data, made.small, made.thumbnail])
    target.writelines(one.data for one in made.stills)


def read(about: dict[str, Any], source: IO[bytes]) -> Remade:
    """Return what ``write`` wrote; ``about`` is its line."""
    data, small, thumbnail = (source.read(size) for size in about.pop("sizes"))
    stills = tuple(
        Still(source.read(size), width, height) for size, width, height in about.pop("stills")
    )
    spans = tuple((start, length, cover) for start, length, cover in about.pop("spans"))
    return Remade(data=data, small=small, thumbnail=thumbnail, stills=stills, spans=spans, **about)


def remake(source: IO[bytes]) -> Remade:
    """Write the image anew, at most 4,096 pixels a side, for models of 1,024, thumbnail of 480.

    :raises TooManyPixelsError: before anything is decoded.
    """
    with opened(source) as image:
        made = _remade(image)
        if image.format == "HEIF" and _is_sequence(source):
            made = replace(made, is_still=True, is_less=True)
        return _with_original(made, image, source)


@contextmanager
def opened(source: IO[bytes]) -> Iterator[Image.Image]:
    """Open the image of ``source`` without decoding it.

    :raises TooManyPixelsError: it has more than are decoded.
    """
    head = source.read(512)
    source.seek(0)
    with warnings.catch_warnings(), Image.open(source, formats=_formats(head)) as image:
        warnings.simplefilter("ignore")
        _measure(image)
        yield image


def is_shown_as_stored(content_type: str, size: int) -> bool:
    """Return whether models can be shown such an image of ``size`` bytes as it is."""
    return content_type in SHOWN_AS_STORED and size <= MOST_SHOWN


_FORMS = ("data", "small", "thumbnail", "stills")


def _is_sequence(source: IO[bytes]) -> bool:
    source.seek(8)
    return source.read(4) in brands.SEQUENCES


def _formats(head: bytes) -> tuple[str, ...]:
    if not brands.is_picture(head):
        return READ
    if brands.is_avif(head):
        AvifImagePlugin.DEFAULT_MAX_THREADS = 1
        return ("AVIF",)
    _register_heif()
    return ("HEIF",)


def _register_heif() -> None:
    import pi_heif  # noqa: PLC0415 - loaded under the limits

    pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)


def _measure(image: Image.Image) -> None:
    is_photo = image.format in PHOTOS and not image.info.get("progressive")
    is_light = is_photo or image.format == "HEIF" or (image.format == "TIFF" and image.mode == "1")
    width, height = image.size
    if width * height > (MAX_PHOTO_PIXELS if is_light else MAX_IMAGE_PIXELS):
        raise TooManyPixelsError


def _remade(image: Image.Image) -> Remade:
    if image.format in PHOTOS:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    frames = moving.frames_of(image)
    if frames > 1 and (motion := moving.remade(image)):
        made = _result(motion.data, motion.written, motion.first)
        middle = make_small(motion.middle, SMALL_SIDE)
        small = made.small or make_small(motion.first, SMALL_SIDE).data
        return replace(
            made,
            small=small,
            stills=(middle,),
            is_moving=True,
            is_less=motion.is_reduced,
            original=KEPT_IN_FULL.get(str(image.format), "") if motion.is_reduced else "",
        )
    if frames > 1:
        image.seek(0)
    still = pages.plain(image, LONGEST_SIDE)
    made = _still(image, still)
    if frames > 1:
        return replace(made, is_still=True, is_less=True)
    stills, page_count = pages.further(image)
    if page_count > 1:
        small = make_small(still, pages.SIDE).data
        made = replace(made, small=small, stills=stills, page_count=page_count, is_less=True)
    return made


def _still(image: Image.Image, still: Image.Image) -> Remade:
    written = _format_of(image, still)
    data = written_as(written, still)
    if len(data) > MOST_WRITTEN:
        written = "WEBP" if still.mode == "RGBA" else "JPEG"
        data = written_as(written, still)
    return _result(data, written, still)


def _format_of(image: Image.Image, still: Image.Image) -> str:
    if image.format in PHOTOS:
        return "JPEG"
    if image.format in {"PNG", "WEBP"}:
        return str(image.format)
    has_few_colours = image.format in {"GIF", "BMP", "ICO", "CUR", "QOI"}
    return "PNG" if still.mode == "RGBA" or has_few_colours else "JPEG"


def _result(data: bytes, written: str, shown: Image.Image) -> Remade:
    is_small = max(shown.size) <= SMALL_SIDE and is_shown_as_stored(WRITTEN[written], len(data))
    thumbnail = shown.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Remade(
        data=data,
        content_type=WRITTEN[written],
        width=shown.width,
        height=shown.height,
        small=b"" if is_small else make_small(shown, SMALL_SIDE).data,
        thumbnail=written_as("WEBP", thumbnail),
    )


def _with_original(made: Remade, image: Image.Image, source: IO[bytes]) -> Remade:
    """Say that the file itself is kept, where it has more than what is shown, or another form."""
    form = str(image.format)
    kept = made.original or KEPT.get(form) or (KEPT_IN_FULL.get(form) if made.is_still else None)
    if not kept:
        return made
    source.seek(0)
    data = source.read()
    try:
        spans = _heif_traces(data) if image.format == "HEIF" else traces.of(image, data)
    except traces.HiddenError:
        return replace(made, original="")
    return replace(made, original=kept, spans=tuple(spans))


def _heif_traces(data: bytes) -> traces.Spans:
    import pi_heif  # noqa: PLC0415 - loaded under the limits

    # The Pillow plugin rewrites what it has read; here it is as it stands in the file.
    return traces.of_heif(pi_heif.open_heif(data), data)


if __name__ == "__main__":
    main(io.BytesIO(sys.stdin.buffer.read()), sys.stdout.buffer)
