"""PowerPoint: the words of each slide, its tables and its notes."""

from collections.abc import Iterable, Iterator
from typing import IO, Any

from pptx.opc.package import PartFactory
from pptx.package import Package
from pptx.parts.presentation import PresentationPart

from conversations.files.readers.bounds import MOST_COLUMNS, Text, counted, joined, refuse_bombs

MOST_SLIDES = 300
DEEPEST = 8
_MAIN = (
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
    "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
)


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the text of the slides, and how many they are."""
    refuse_bombs(source)
    PartFactory.part_type_for.update(dict.fromkeys(_MAIN, PresentationPart))
    part: Any = Package.open(source).main_document_part
    slides = part.presentation.slides
    text, read = Text(), 0
    for number, slide in enumerate(slides, start=1):
        if number > MOST_SLIDES or text.is_full():
            break
        text.add(f"# Slide {number}")
        for line in (*_lines(slide.shapes, DEEPEST), *_notes(slide)):
            text.add(line)
        read = number
    return text.whole(), counted(read, "slide", of=len(slides))


def _lines(shapes: Iterable[Any], depth: int) -> Iterator[str]:
    """Yield the words of shapes, rows of tables, and what is in groups."""
    for shape in shapes:
        if depth and hasattr(shape, "shapes"):
            yield from _lines(shape.shapes, depth - 1)
        elif getattr(shape, "has_table", False):
            for row in shape.table.rows:
                yield joined(cell.text for cell in list(row.cells)[:MOST_COLUMNS])
        elif getattr(shape, "has_text_frame", False):
            yield shape.text_frame.text


def _notes(slide: Any) -> Iterator[str]:
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        words = slide.notes_slide.notes_text_frame.text.strip()
        if words:
            yield f"Notes: {words}"
