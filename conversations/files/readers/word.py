"""Word: the paragraphs and tables of a document, of one with macros, of a template."""

from collections.abc import Iterator
from typing import IO, Any

from docx.opc.part import PartFactory
from docx.package import Package
from docx.parts.document import DocumentPart

from conversations.files.readers.bounds import MOST_COLUMNS, Text, counted, joined, refuse_bombs

MOST_BLOCKS = 20_000
_MAIN = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the text of a document, and how many words it has."""
    refuse_bombs(source)
    PartFactory.part_type_for.update(dict.fromkeys(_MAIN, DocumentPart))
    part: Any = Package.open(source).main_document_part
    text = Text()
    for number, block in enumerate(part.document.iter_inner_content()):
        if number >= MOST_BLOCKS or text.is_full():
            break
        for line in _lines_of(block):
            text.add(line)
    whole = text.whole()
    return whole, counted(len(whole.split()), "word")


def _lines_of(block: Any) -> Iterator[str]:
    """Yield the text of a paragraph, or of the rows of a table."""
    if not hasattr(block, "rows"):
        yield block.text
        return
    for row in block.rows:
        yield joined(cell.text for cell in row.cells[:MOST_COLUMNS])
