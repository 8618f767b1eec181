"""What was put on the pages of a PDF: fields that were filled in, words, notes."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree
from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

MOST_ANNOTATIONS = 1_000
"""Annotations of one page that are looked at."""
MOST_FIELDS = 2_000
DEEPEST = 10
_PUSHED = 1 << 16
_SILENT = frozenset({"/Popup", "/Link", "/Screen", "/Movie", "/FileAttachment"})
_ON = frozenset({"Yes", "On", "1", "Ja", "Oui"})
_FAULTS = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError)


class Form:
    """The fields of a document, each read on the first page that it is on."""

    def __init__(self, reader: PdfReader) -> None:
        """Begin before the first page."""
        self._reader = reader
        self._read: set[str] = set()

    def lines_of(self, page: PageObject) -> Iterator[str]:
        """Yield what was filled in, written or noted on a page."""
        try:
            annotations = list(islice(page.annotations or (), MOST_ANNOTATIONS))
        except _FAULTS:
            return
        for one in annotations:
            try:
                line = self._line(one.get_object())
            except _FAULTS:
                continue
            if line:
                yield line

    def rest(self) -> Iterator[str]:
        """Yield the values of a form that no page shows, which Adobe's own programs make (XFA)."""
        if self._read:
            return
        try:
            data = (self._reader.xfa or {}).get("datasets")
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.fromstring(data, parser) if isinstance(data, bytes) else None
        except (*_FAULTS, etree.XMLSyntaxError):
            return
        elements = root.iter("*") if root is not None else ()
        for leaf in islice((one for one in elements if not len(one)), MOST_FIELDS):
            if words := " ".join((leaf.text or "").split()):
                yield f"{etree.QName(leaf).localname}: {words}"

    def _line(self, annotation: Any) -> str:
        sort = annotation.get("/Subtype")
        if sort == "/Widget":
            return self._field(annotation)
        words = _text(annotation.get("/Contents"))
        if sort in _SILENT or not words:
            return ""
        return words if sort == "/FreeText" else f"Note: {words}"

    def _field(self, annotation: Any) -> str:
        """Return a field and its value; the parts of one stand under it."""
        chain = [annotation]
        while len(chain) < DEEPEST and "/Parent" in chain[-1]:
            chain.append(chain[-1]["/Parent"].get_object())
        names = [_text(one.get("/T")) for one in reversed(chain)]
        name = ".".join(filter(None, names))
        value = _value(_of_the_nearest(chain, "/FT"), chain)
        if not value or name in self._read or len(self._read) >= MOST_FIELDS:
            return ""
        self._read.add(name)
        label = _text(annotation.get("/TU")) or name
        return f"{label}: {value}" if label else value


def _of_the_nearest(chain: list[Any], key: str) -> Any:
    found = next((one.get(key) for one in chain if key in one), None)
    return found.get_object() if found is not None else None


def _value(sort: Any, chain: list[Any]) -> str:
    """Return what a field shows."""
    value = _of_the_nearest(chain, "/V")
    if sort == "/Sig":
        return "signed" if value is not None else ""
    if sort != "/Btn":
        return _text(value)
    if int(_of_the_nearest(chain, "/Ff") or 0) & _PUSHED:
        return ""
    state = str(value if value is not None else chain[0].get("/AS", "/Off")).removeprefix("/")
    if state == "Off":
        return "☐" if len(chain) == 1 else ""
    return "☒" if state in _ON else state


def _text(value: Any) -> str:
    """Return words that are written as a string, a name, several of them, or a stream."""
    value = value.get_object() if value is not None else None
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if hasattr(value, "get_data"):
        value = value.get_data().decode("utf-8", errors="replace")
    return " ".join(value.removeprefix("/").split()) if isinstance(value, str) else ""
