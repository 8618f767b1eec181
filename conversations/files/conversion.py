"""``python -m conversations.files.conversion <form>``: a picture in, out as others take it.

A program of its own under limits, as ``remaking`` is. ``photo`` makes a JPEG or PNG, ``document`` a
PDF of all pages.
"""

import io
import sys
from collections.abc import Iterator
from typing import IO

from PIL import Image

from conversations.files import pages, pixels, processes, remaking

PHOTO, DOCUMENT = "photo", "document"
MOST_BYTES = 5 * 1024 * 1024
"""Of a photo."""
MOST_PAGES = 60
_SIDES = (4096, 2560, 1600)


def main(form: str, source: IO[bytes], target: IO[bytes]) -> None:
    """Write the picture of ``source`` in another form; ends with an error for one that is none."""
    processes.limit(
        memory=remaking.MEMORY, seconds=remaking.CPU_SECONDS, written=4 * remaking.MOST_WRITTEN
    )
    target.write({PHOTO: photo, DOCUMENT: document}[form](source))


def photo(source: IO[bytes]) -> bytes:
    """Return the picture, or the first of them, as JPEG, or as PNG where it is not opaque."""
    with remaking.opened(source) as image:
        shown = pages.plain(image, _SIDES[0])
    for side in _SIDES:
        shown.thumbnail((side, side))
        form = "PNG" if shown.mode == "RGBA" else "JPEG"
        for data in (pages.written_as(form, shown), pages.written_as("JPEG", pixels.opaque(shown))):
            if len(data) <= MOST_BYTES:
                return data
    raise ValueError(MOST_BYTES)


def document(source: IO[bytes]) -> bytes:
    """Return a PDF of the pages of the picture."""
    with remaking.opened(source) as image:
        first, *others = _pages(image)
    target = io.BytesIO()
    first.save(target, "PDF", save_all=True, append_images=others, resolution=150.0)
    return target.getvalue()


def _pages(image: Image.Image) -> Iterator[Image.Image]:
    for number in pages.numbers_of(image)[:MOST_PAGES]:
        image.seek(number)
        page = pages.plain(image, pages.SIDE)
        yield page if page.mode == "L" else pixels.opaque(page)


if __name__ == "__main__":
    main(sys.argv[1], io.BytesIO(sys.stdin.buffer.read()), sys.stdout.buffer)
