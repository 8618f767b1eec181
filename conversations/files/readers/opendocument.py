"""OpenDocument: paragraphs, tables, slides, and the cells of sheets as they are shown."""

import zipfile
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from conversations.files.readers.bounds import (
    BROKEN,
    LOCKED,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    RefusedError,
    Text,
    counted,
    joined,
    refuse_bombs,
)

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_TEXT, _TABLE = f"{{{_ODF}:text:1.0}}", f"{{{_ODF}:table:1.0}}"
_DRAW, _STYLE = f"{{{_ODF}:drawing:1.0}}", f"{{{_ODF}:style:1.0}}"
_OFFICE = f"{{{_ODF}:office:1.0}}"
_WORDS = (f"{_TEXT}p", f"{_TEXT}h")
_REMARKS = (f"{_OFFICE}annotation",)
_AUTHOR = "{http://purl.org/dc/elements/1.1/}creator"
_LEFT_OUT = (*_REMARKS, f"{_TEXT}tracked-changes", f"{_OFFICE}settings")


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the text of a document, a spreadsheet or a presentation, and its extent."""
    root, masters = _opened(source)
    body = root.find(f"{_OFFICE}body")
    if body is None or not len(body):
        raise RefusedError(BROKEN)
    sheets = body.find(f"{_OFFICE}spreadsheet")
    if sheets is not None:
        return _spreadsheet(sheets, _hidden_styles(root))
    pages = list(body.iter(f"{_DRAW}page"))
    text = Text()
    if not pages:
        for line in (*_margins(masters, "header"), *_lines(body[0]), *_margins(masters, "footer")):
            text.add(line)
        return text.in_words()
    for number, page in enumerate(pages, start=1):
        text.add(f"# Slide {number}")
        for line in _lines(page):
            text.add(line)
    return text.whole(), counted(len(pages), "slide")


def _margins(masters: Any, kind: str) -> Iterator[str]:
    """Yield the heads or the feet of the pages; many pages have the same."""
    found = (line for one in masters.iter(f"{_STYLE}{kind}") for line in _lines(one))
    yield from dict.fromkeys(found)


def _opened(source: IO[bytes]) -> tuple[Any, Any]:
    """Return the roots of the content, and of what its pages have in common."""
    refuse_bombs(source)
    with zipfile.ZipFile(source) as archive:
        names = set(archive.namelist())
        if "META-INF/manifest.xml" in names:
            manifest = archive.read("META-INF/manifest.xml")
            if b"encryption-data" in manifest:
                raise RefusedError(LOCKED)
        if "content.xml" not in names:
            raise RefusedError(BROKEN)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        content = etree.fromstring(archive.read("content.xml"), parser)
        if "styles.xml" not in names:
            return content, etree.Element("none")
        return content, etree.fromstring(archive.read("styles.xml"), parser)


def _lines(element: Any) -> Iterator[str]:
    """Yield paragraphs and rows of tables in their order."""
    for child in element:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag in _WORDS:
            yield from _paragraph(child)
        elif child.tag == f"{_TABLE}table-row":
            yield joined(" ".join(_lines(cell)) for cell in child[:MOST_COLUMNS])
        else:
            yield from _lines(child)


def _paragraph(element: Any) -> Iterator[str]:
    """Yield the words of a paragraph, then those of the boxes that hang on it."""
    boxes: list[str] = []
    yield "".join(_words(element, boxes))
    yield from boxes


def _words(element: Any, boxes: list[str]) -> Iterator[str]:
    """Yield the words of a paragraph in pieces, with its spaces, tabs and breaks."""
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}note":
            mark = f"[{child.findtext(f'{_TEXT}note-citation') or ''}]"
            yield mark
            boxes.append(f"{mark} {' '.join(_lines(child))}")
        elif child.tag in _REMARKS:
            author = child.findtext(_AUTHOR) or "somebody"
            boxes.append(f"Comment by {author}: {' '.join(_lines(child))}")
        elif str(child.tag).startswith(_DRAW) and child.tag != f"{_DRAW}a":
            boxes.extend(_lines(child))
        elif child.tag == f"{_TEXT}s":
            yield " " * min(20, int(child.get(f"{_TEXT}c", "1") or 1))
        elif child.tag in {f"{_TEXT}tab", f"{_TEXT}line-break"}:
            yield " "
        elif child.tag not in _LEFT_OUT and isinstance(child.tag, str):
            yield from _words(child, boxes)
        yield child.tail or ""


def _spreadsheet(element: Any, hidden: set[str]) -> tuple[str, str]:
    text, cells = Text(), 0
    sheets = element.findall(f"{_TABLE}table")
    for sheet in sheets:
        name = sheet.get(f"{_TABLE}name", "")
        text.add(
            f"# {name} (hidden)" if sheet.get(f"{_TABLE}style-name") in hidden else f"# {name}"
        )
        for number, row in enumerate(sheet.iter(f"{_TABLE}table-row")):
            if number >= MOST_ROWS or cells >= MOST_CELLS or text.is_full():
                break
            shown = list(_cells(row))
            cells += sum(map(bool, shown))
            text.add(joined(shown))
    return text.whole(), counted(len(sheets), "sheet")


def _cells(row: Any) -> Iterator[str]:
    """Yield what the cells of a row show, or else their formula."""
    number = 0
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        shown = " ".join(_lines(cell)) or cell.get(f"{_TABLE}formula", "").removeprefix("of:")
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1") or 1)
        for _ in range(min(repeated, MOST_COLUMNS - number)):
            number += 1
            yield shown


def _hidden_styles(root: Any) -> set[str]:
    found = root.iter(f"{_STYLE}style")
    return {
        style.get(f"{_STYLE}name", "")
        for style in found
        if any(one.get(f"{_TABLE}display") == "false" for one in style)
    }
