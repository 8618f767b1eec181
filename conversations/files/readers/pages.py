"""Web pages: their words without the markup."""

from typing import IO, Any

from selectolax.lexbor import LexborHTMLParser

from conversations.files import charsets
from conversations.files.readers.bounds import Text

MOST = 4 * 1024 * 1024
_DROPPED = ["script", "style", "template", "noscript", "svg", "head > *:not(title)"]
_BLOCKS = (
    "p, div, br, li, tr, h1, h2, h3, h4, h5, h6, title, section, article, header, footer, pre, "
    "blockquote, dt, dd, table, ul, ol, option, figcaption, address, hr"
)
_CELLS = "td, th"
_FIELDS = "input, option[selected], img[alt], area[alt]"
_UNSEEN = frozenset({"hidden", "password", "file"})
_TICKED = frozenset({"checkbox", "radio"})
_BREAK, _CELL = "\ue000", "\ue001"


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the words of a page, and how many they are."""
    found = markup_of(source.read(MOST))
    text = Text()
    for line in lines_of(found.text):
        text.add(line)
    whole, words = text.in_words()
    return whole, charsets.with_doubt(words, found)


def markup_of(data: bytes, declared: str = "") -> charsets.Decoded:
    """Return the markup of a page, which may declare its charset itself."""
    return charsets.decoded(data, declared=declared or charsets.declared_in(data))


def lines_of(html: str) -> list[str]:
    """Return the words of ``html`` in lines, the cells of a row in one."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(_DROPPED)
    for node in tree.css(_BLOCKS):
        node.insert_before(_BREAK)
        node.insert_after(_BREAK)
    for node in tree.css(_CELLS):
        node.insert_after(_CELL)
    for node in tree.css(_FIELDS):
        node.insert_before(f" {_shown(node.tag or '', node.attributes)} ")
    root = tree.root
    words = root.text(deep=True) if root is not None else ""
    lines = (" ".join(line.split()) for line in words.split(_BREAK))
    return [line.replace(_CELL, " | ").strip(" |") for line in lines if line.strip(f"{_CELL} ")]


def _shown(tag: str, attributes: dict[str, Any]) -> str:
    """Return what is filled in or ticked in a field, or stands for a picture."""
    if tag == "option":
        return "☒"
    sort = (attributes.get("type") or "").lower()
    if tag != "input" or sort == "image":
        return attributes.get("alt") or ""
    if sort in _TICKED:
        return "☒" if "checked" in attributes else "☐"
    return "" if sort in _UNSEEN else attributes.get("value") or ""
