"""E-books: the words of their chapters in the order of reading."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import IO
from urllib.parse import unquote

from lxml import etree

from conversations.files.readers import pages
from conversations.files.readers.bounds import BROKEN, RefusedError, Text, refuse_bombs


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the words of a book from its beginning."""
    refuse_bombs(source)
    text = Text()
    with zipfile.ZipFile(source) as archive:
        names = set(archive.namelist())
        for chapter in _chapters(archive):
            if chapter not in names or text.is_full():
                continue
            for line in pages.lines_of(pages.markup_of(archive.read(chapter)).text):
                text.add(line)
    return text.in_words()


def _chapters(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the names of the chapters, as the book's own list has them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    container = etree.fromstring(archive.read("META-INF/container.xml"), parser)
    package = next((one.get("full-path") for one in container.iter("{*}rootfile")), None)
    if package is None:
        raise RefusedError(BROKEN)
    root = etree.fromstring(archive.read(package), parser)
    places = {item.get("id"): item.get("href") for item in root.iter("{*}item")}
    for reference in root.iter("{*}itemref"):
        if place := places.get(reference.get("idref")):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(place)))
