"""Images: written anew and made small, each by another process that has little memory and time.

A few kilobytes may hold millions of pixels. So no image of a stranger is decoded here: this process
holds the bytes that came and those that leave.
"""

from tempfile import TemporaryFile
from typing import IO

import orjson
from django.utils.translation import gettext_noop as _

from conversations.files import processes, remaking
from conversations.files.processes import BusyError, Claim, ProcessError
from conversations.files.remaking import Remade

LONGEST = 10.0
"""Seconds that an image may take by the wall clock."""
TOO_MANY_PIXELS = _("The image has too many pixels to be shown; it is kept as a file.")
NOT_SHOWN = _("The image is damaged or too complicated to be shown; it is kept as a file.")
SENTENCES = (TOO_MANY_PIXELS, NOT_SHOWN)


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
    try:
        with TemporaryFile() as source:
            source.write(data)
            source.seek(0)
            return _by_process(source, claim)
    except BusyError:
        raise
    except ProcessError as error:
        raise UnreadableError from error


def _by_process(source: IO[bytes], claim: Claim) -> Remade:
    module = remaking.__name__
    with processes.result_of(module, source=source, seconds=LONGEST, claim=claim) as result:
        about = orjson.loads(result.readline())
        if "error" in about:
            is_large = about["error"] == remaking.TOO_MANY_PIXELS
            raise TooManyPixelsError if is_large else UnreadableError
        return Remade(
            content_type=about["content_type"],
            width=about["width"],
            height=about["height"],
            data=result.read(about["size"]),
            small=result.read(about["small"]),
            thumbnail=result.read(),
        )
