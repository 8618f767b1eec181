"""PowerPoint: the words of each slide, its tables, charts and diagrams, and its notes."""

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree
from pptx.opc.package import PartFactory
from pptx.package import Package
from pptx.parts.presentation import PresentationPart

from conversations.files.readers import charts
from conversations.files.readers.bounds import Text, counted
from conversations.files.readers.office_words import lines_of
from conversations.files.readers.packages import opened

MOST_SLIDES = 300
_MAIN = (
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
    "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
)


def read(source: IO[bytes]) -> tuple[str, str]:
    """Return the text of the slides, and how many they are."""
    source = opened(source)
    PartFactory.part_type_for.update(dict.fromkeys(_MAIN, PresentationPart))
    part: Any = Package.open(source).main_document_part
    slides = part.presentation.slides
    text, read = Text(), 0
    for number, slide in enumerate(slides, start=1):
        if number > MOST_SLIDES or text.is_full():
            break
        text.add(f"# Slide {number}")
        for line in (*lines_of(slide.element), *_charts(slide), *_notes(slide)):
            text.add(line)
        read = number
    return text.whole(), counted(read, "slide", of=len(slides))


def _charts(slide: Any) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for relation in slide.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind in charts.KINDS and not relation.is_external:
            yield from charts.lines_of(kind, etree.fromstring(relation.target_part.blob, parser))


def _notes(slide: Any) -> Iterator[str]:
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        words = slide.notes_slide.notes_text_frame.text.strip()
        if words:
            yield f"Notes: {words}"
