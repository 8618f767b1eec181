"""Traces: where in a file that is kept as it came stands what its maker did not mean to send.

Places, devices and authors stand in EXIF, XMP and IPTC. They are found here by their bytes, and
whoever keeps the file covers them; its pixels stay as they are.
"""

import re
import struct
from collections.abc import Iterator
from typing import Any

from PIL import Image

Span = tuple[int, int, int]
"""Where it starts, how many bytes it has, and with which byte it is covered."""
Spans = list[Span]

_XMP = re.compile(rb"<(?:x:xmpmeta|rdf:RDF)\b.*?</(?:x:xmpmeta|rdf:RDF)>", re.DOTALL)
_PRIVATE_FOLDERS = (0x8825, 0x8769)
"""Tags of a TIFF that point to lists of tags: of the place, and of the photograph."""
_PRIVATE_TAGS = (700, 33723, 34377)
"""XMP, IPTC, and Photoshop's."""
_PRIVATE_RESOURCES = frozenset({1028, 1058, 1059, 1060})
"""IPTC, EXIF (twice) and XMP of a Photoshop file."""
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_MOST_TAGS = 1_000
_IN_THE_LIST = 4
"""Bytes of a value that stands in the list of tags itself."""
_TIFF_MARKS = (b"II*\0", b"MM\0*")
_TIFF_HEAD = 8
_BLANK = ord(" ")


class HiddenError(Exception):
    """The file has traces that stand nowhere as they are, such as packed ones."""


def of(image: Image.Image, data: bytes) -> Spans:
    """Return the traces in ``data``.

    :raises HiddenError: some cannot be found or covered, so that the file should not be kept.
    """
    spans = _packets(data)
    for piece in filter(None, _pieces(image)):
        spans += _spans_of(piece, data)
    if image.format == "TIFF":
        spans += _of_tiff(image, data)
    if spans and image.format == "PNG":  # whose checksums would be wrong
        raise HiddenError
    return spans


def _packets(data: bytes) -> Spans:
    # Blanks keep a text a text, and the blocks of a GIF in step.
    return [(found.start(), len(found[0]), _BLANK) for found in _XMP.finditer(data)]


def _pieces(image: Image.Image) -> Iterator[bytes]:
    info = image.info
    for name in ("exif", "xmp", "Raw profile type exif", "photoshop"):
        if image.format not in {"TIFF", "HEIF"} and info.get(name):
            yield _bytes_of(info[name])
    for number, _name, content in getattr(image, "resources", None) or ():
        if number in _PRIVATE_RESOURCES:
            yield _bytes_of(content)


def of_heif(items: Any, data: bytes) -> Spans:
    """Return those of the pictures of a HEIF container, as its reader has them unchanged."""
    spans = _packets(data)
    for item in items:
        found = [item.info.get("exif"), item.info.get("xmp")]
        found += [one.get("data") for one in item.info.get("metadata") or ()]
        for piece in filter(None, found):
            spans += _spans_of(_bytes_of(piece), data)
    return spans


def _bytes_of(piece: Any) -> bytes:
    if not isinstance(piece, bytes):
        raise HiddenError
    return piece


def _spans_of(piece: bytes, data: bytes) -> Spans:
    """Return every place of ``piece``, without what a reader may have put before it."""
    starts = [place for mark in _TIFF_MARKS if (place := piece.find(mark)) >= 0]
    piece = piece[min(starts) :] if starts else piece
    # The head of EXIF stays, and points to a list of nothing.
    spared = _TIFF_HEAD if starts else 0
    spans: Spans = []
    place = data.find(piece)
    while place >= 0:
        spans.append((place + spared, len(piece) - spared, 0))
        place = data.find(piece, place + len(piece))
    if not spans:
        raise HiddenError
    return spans


def _of_tiff(image: Image.Image, data: bytes) -> Iterator[Span]:
    order = "<" if data[:2] == b"II" else ">"
    for number in range(int(getattr(image, "n_frames", 1))):
        image.seek(number)
        tags: Any = getattr(image, "tag_v2", {})
        for tag in _PRIVATE_FOLDERS:
            if isinstance(place := tags.get(tag), int):
                yield from _of_folder(data, place, order)
        for tag in _PRIVATE_TAGS:
            if content := tags.get(tag):
                yield from _spans_of(_bytes_of(content), data)
    image.seek(0)


def _of_folder(data: bytes, place: int, order: str) -> Iterator[Span]:
    """Yield a list of tags, and the values that stand elsewhere."""
    try:
        (count,) = struct.unpack_from(f"{order}H", data, place)
        if count > _MOST_TAGS:
            raise HiddenError
        for index in range(count):
            entry = place + 2 + 12 * index
            _tag, kind, number, value = struct.unpack_from(f"{order}HHII", data, entry)
            size = _SIZES[kind] * number
            if size > _IN_THE_LIST:
                yield value, size, 0
        yield place, 2 + 12 * count, 0
    except (struct.error, KeyError) as error:
        raise HiddenError from error
