"""Images: written anew and made small, each by another process that has little memory and time.

A few kilobytes may hold millions of pixels. So no image of a stranger is decoded here: this process
holds the bytes that came and those that leave.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

import orjson
from django.utils.translation import gettext_noop as _

from conversations.files import conversion, processes, remaking, traces
from conversations.files.processes import BusyError, Claim, ProcessError
from conversations.files.remaking import Remade

LONGEST = 10.0
"""Seconds that an image may take by the wall clock."""
TOO_MANY_PIXELS = _("The image has too many pixels to be shown; it is kept as a file.")
NOT_SHOWN = _("The image is damaged or too complicated to be shown; it is kept as a file.")
RAW = _("The raw picture of a camera cannot be shown; it is kept as a file.")
SENTENCES = (TOO_MANY_PIXELS, NOT_SHOWN, RAW)


class TooManyPixelsError(Exception):
    """The image is larger than the limit; it was not decoded."""


class UnreadableError(Exception):
    """The bytes are no image that can be decoded to its end within the limits."""


def remake(data: bytes, *, claim: Claim = processes.UNNAMED) -> Remade:
    """Write the image anew, at most 4,096 pixels a side, for models of 1,024, thumbnail of 480.

    :raises TooManyPixelsError: before anything is decoded.
    :raises UnreadableError: for bytes that are broken or no image, or take too much.
    :raises BusyError: others are at it; the image may be one.
    """
    with _by_process(data, remaking.__name__, claim=claim) as result:
        about = orjson.loads(result.readline())
        if "error" in about:
            is_large = about["error"] == remaking.TOO_MANY_PIXELS
            raise TooManyPixelsError if is_large else UnreadableError
        return remaking.read(about, result)


def converted(data: bytes, form: str, *, claim: Claim = processes.UNNAMED) -> bytes:
    """Return the image in a form of ``conversion``: a photo, or a document of its pages.

    :raises UnreadableError: for bytes that are broken or no image, or take too much.
    :raises BusyError: others are at it; the image may be one.
    """
    with _by_process(data, conversion.__name__, form, claim=claim) as result:
        return result.read()


def blanked(data: bytes, spans: Iterable[traces.Span]) -> bytes:
    """Return the bytes of a file with ``spans`` covered; copied once, for it may be large."""
    whole, place = memoryview(data), 0
    pieces: list[bytes | memoryview] = []
    for begin, length, cover in sorted(spans):
        start, end = max(begin, place), min(begin + length, len(data))
        if start >= end:
            continue
        pieces += [whole[place:start], bytes([cover]) * (end - start)]
        place = end
    return b"".join([*pieces, whole[place:]]) if pieces else data


@contextmanager
def _by_process(data: bytes, module: str, *arguments: str, claim: Claim) -> Iterator[IO[bytes]]:
    try:
        with TemporaryFile() as source:
            source.write(data)
            source.seek(0)
            limits: dict[str, Any] = {"seconds": LONGEST, "claim": claim}
            with processes.result_of(module, *arguments, source=source, **limits) as result:
                yield result
    except BusyError:
        raise
    except ProcessError as error:
        raise UnreadableError from error
