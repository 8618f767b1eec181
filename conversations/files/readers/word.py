"""Word: all words of a document, of one with macros, of a template."""

from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from conversations.files.readers import charts
from conversations.files.readers.bounds import Text
from conversations.files.readers.office_words import lines_of
from conversations.files.readers.packages import Package

MOST_LINES = 20_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the text of a document, and how many words it has."""
    package = Package(source)
    text = Text()
    for line in islice(_lines(package), MOST_LINES):
        if text.is_full():
            break
        text.add(line)
    return text.in_words()


def _lines(package: Package) -> Iterator[str]:
    """Yield the heads of the pages, the body, and what stands below it or beside."""
    yield from _margins(package, "header")
    yield from lines_of(package.body())
    yield from _margins(package, "footer")
    for part, note in _NOTES:
        yield from _marked(package, part, note)
    for _, root in package.parts("comments"):
        for comment in root.iter(f"{_WORD}comment"):
            author = comment.get(f"{_WORD}author", "")
            yield f"Comment by {author or 'somebody'}: {_line(comment)}"
    for kind, root in package.parts(*charts.KINDS):
        yield from charts.lines_of(kind, root)


def _margins(package: Package, kind: str) -> Iterator[str]:
    """Yield the heads or the feet of the pages; many pages have the same."""
    seen = set()
    for _, root in package.parts(kind):
        lines = tuple(lines_of(root))
        if lines not in seen:
            seen.add(lines)
            yield from lines


def _marked(package: Package, part: str, note: str) -> Iterator[str]:
    """Yield the notes behind the mark that stands for them in the text."""
    for _, root in package.parts(part):
        for one in root.iter(f"{_WORD}{note}"):
            if words := _line(one):
                yield f"[{one.get(f'{_WORD}id', '')}] {words}"


def _line(element: Any) -> str:
    return " ".join(" ".join(lines_of(element)).split())
