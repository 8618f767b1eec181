"""Words in the XML of Word and PowerPoint: what a reader sees on the page, each of it once.

Names are compared without their spaces: paragraphs, rows and cells are called the same in Word's
own XML, in drawings and in formulas.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from conversations.files.readers.bounds import MOST_COLUMNS, joined

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = frozenset(
    [
        *("del", "moveFrom", "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr"),
        *("sdtPr", "sdtEndPr", "instrText", "delText", "rt", "Fallback", "extLst"),
    ]
)
"""What was deleted, what says how the rest looks, and what stands for it in older programs."""
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_BEFORE = {"sup": "^", "rad": "√"}
"""Signs of formulas that their form alone shows."""
_SYMBOLS = {0xFE: "☒", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0xFC: "✓", 0xFB: "✗", 0xE0: "→", 0xA7: "▪"}
_SYMBOL_FONTS = ("Wingdings", "Symbol", "Webdings")
_PRIVATE = 0xF000
_NOTES = frozenset({"footnoteReference", "endnoteReference"})
_OFF = frozenset({"0", "false", "off"})


def lines_of(element: Any) -> Iterator[str]:
    """Yield the paragraphs within an element and the rows of its tables, in their order."""
    for child in element:
        match name_of(child):
            case "p":
                yield from _paragraph(child)
            case "tr":
                yield joined(islice(_cells(child), MOST_COLUMNS))
            case "AlternateContent":
                yield from lines_of(_chosen(child))
            case name if name and name not in _LEFT_OUT:
                yield from lines_of(child)


def name_of(element: Any) -> str:
    """Return the name of an element without its space; empty for a comment and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _paragraph(element: Any) -> Iterator[str]:
    """Yield the words of a paragraph, then those of the boxes that hang on it."""
    boxes: list[str] = []
    yield "".join(_words(element, boxes))
    yield from boxes


def _words(element: Any, boxes: list[str]) -> Iterator[str]:
    for child in element:
        name = name_of(child)
        if name == "t":
            yield child.text or ""
        elif name in {"txbxContent", "txBody"}:
            boxes.extend(lines_of(child))
        elif name == "AlternateContent":
            yield from _words(_chosen(child), boxes)
        elif name == "f":
            yield _fraction(child, boxes)
        elif name and name not in _LEFT_OUT:
            yield _sign(child, name)
            yield from _words(child, boxes)
            yield ")" if name == "d" else ""


def _sign(element: Any, name: str) -> str:
    """Return what an element shows without holding words."""
    if name == "sym":
        return _symbol(element)
    if name in _NOTES:
        return f"[{element.get(f'{_WORD}id', '')}]"
    if name == "fldChar":
        return _form_field(element)
    if name == "d":
        return "("
    return _SIGNS.get(name) or _BEFORE.get(name, "")


def _fraction(element: Any, boxes: list[str]) -> str:
    """Return a fraction of a formula in a line, so that its two numbers do not become one."""
    parts = ("".join(_words(child, boxes)) for child in element if name_of(child) in {"num", "den"})
    return "/".join(part if part.isalnum() else f"({part})" for part in parts)


def _symbol(element: Any) -> str:
    """Return a sign that is named by its place in a font; only boxes and ticks are known."""
    try:
        code = int(element.get(f"{_WORD}char", ""), 16)
    except ValueError:
        return ""
    if element.get(f"{_WORD}font", "").startswith(_SYMBOL_FONTS):
        return _SYMBOLS.get(code & 0xFF, "")
    return chr(code) if code < _PRIVATE else ""


def _form_field(element: Any) -> str:
    """Return what is ticked or chosen in a field of an old form, which has no words of its own."""
    for box in element.iter(f"{_WORD}checkBox"):
        states = [*box.iter(f"{_WORD}checked"), *box.iter(f"{_WORD}default")]
        is_ticked = bool(states) and states[0].get(f"{_WORD}val", "1") not in _OFF
        return "☒" if is_ticked else "☐"
    for choice in element.iter(f"{_WORD}ddList"):
        entries = [entry.get(f"{_WORD}val", "") for entry in choice.iter(f"{_WORD}listEntry")]
        results = [*choice.iter(f"{_WORD}result"), *choice.iter(f"{_WORD}default")]
        number = results[0].get(f"{_WORD}val", "0") if results else "0"
        return entries[int(number)] if number.isdecimal() and int(number) < len(entries) else ""
    return ""


def _cells(row: Any) -> Iterator[str]:
    """Yield the cells of a row; one across several columns is followed by empty ones."""
    for child in row:
        name = name_of(child)
        if name == "tc":
            yield " ".join(line for line in lines_of(child) if line)
            span = child.find(f"{_WORD}tcPr/{_WORD}gridSpan")
            columns = span.get(f"{_WORD}val", "1") if span is not None else "1"
            yield from [""] * (min(int(columns), MOST_COLUMNS) - 1 if columns.isdecimal() else 0)
        elif name and name not in _LEFT_OUT:
            yield from _cells(child)


def _chosen(element: Any) -> Any:
    """Return the first of several forms of the same content."""
    forms = [child for child in element if name_of(child) == "Choice"]
    return forms[0] if forms else [one for child in element for one in child]
