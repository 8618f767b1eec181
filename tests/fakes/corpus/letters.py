"""Letters, slides and books: of Word, PowerPoint, LibreOffice, and as PDF; new, old, locked."""

import io
import struct
import time
import zipfile
from collections.abc import Callable
from functools import partial

import docx
import pptx
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject

from tests.fakes import documents, office
from tests.fakes.corpus.archives import packed, settled, with_heading_junk
from tests.fakes.corpus.compound import compound
from tests.fakes.corpus.specimens import Fate, Right, Specimen
from tests.fakes.corpus.workbooks import odf

WORD, SLIDES = r"(?i)word", r"(?i)powerpoint|presentation|slides"
ORDER = "ORD-48213"
OLD = (r"ORD-48213|do not know what is in it",)
"""Few programs read them: the words, or that they are not known."""
_WORD = "lamp"
_OPEN = "application/vnd.openxmlformats-officedocument"
MACROS = (
    f"{_OPEN}.wordprocessingml.document.main+xml",
    "application/vnd.ms-word.document.macroEnabled.main+xml",
)
DECK = (
    f"{_OPEN}.presentationml.presentation.main+xml",
    "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
)
NOT_RUN = (r"macros, which were not run",)
SHOW = (
    f"{_OPEN}.presentationml.presentation.main+xml",
    f"{_OPEN}.presentationml.slideshow.main+xml",
)
RICH = r"""{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\f0\fs24 Dear shop,\par
the order \b ORD-48213\b0  from K\'f6ln is late. \u1055?\u1088?\u1080?\par}"""


def word() -> bytes:
    """Return a letter with a table, a header and an umlaut."""
    document, target = docx.Document(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "Nordhem lamps"
    document.add_heading("Complaint")
    document.add_paragraph(f"The lamp of {ORDER} flackert, Grüße.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Lamp", "Björk"
    document.save(target)
    return settled(target.getvalue())


def form() -> bytes:
    """Return a form that was filled in: controls, a box beside the text, a change that is open."""
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    name = f"<w:sdt><w:sdtPr/><w:sdtContent>{run.format('Jane Doe')}</w:sdtContent></w:sdt>"
    tick = f"<w:sdt><w:sdtPr/><w:sdtContent>{run.format('☒')}</w:sdtContent></w:sdt>"
    box = f"<w:txbxContent><w:p>{run.format('Box of words')}</w:p></w:txbxContent>"
    lines = (
        run.format("Name: ") + name,
        f"<w:ins w:author='Bob'>{run.format(ORDER)}</w:ins>",
        tick + run.format(" lamp"),
        f"<w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>",
    )
    return settled(office.word("".join(f"<w:p>{line}</w:p>" for line in lines)))


def slides() -> bytes:
    """Return two slides with a table and notes."""
    deck, target = pptx.Presentation(), io.BytesIO()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Lamps of the year"
    cells = slide.shapes.add_table(1, 2, 0, 0, 900000, 90000).table
    cells.cell(0, 0).text, cells.cell(0, 1).text = "Björk", ORDER
    slide.notes_slide.notes_text_frame.text = "Say that it is dimmable"
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "Thank you"
    deck.save(target)
    return settled(target.getvalue())


def old_word(*, is_locked: bool = False) -> bytes:
    """Return a letter of Word 97, its text in one piece."""
    words = f"The lamp of {ORDER} is broken.\rRegards, Jane\r"
    text_at, size = 0x600, len(words)
    pieces = struct.pack("<II", 0, size) + struct.pack("<HIH", 0, text_at * 2 | 0x40000000, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    flags = 0x0200 | (0x0100 if is_locked else 0)
    head = struct.pack("<HHHHHH", 0xA5EC, 0x00C1, 0, 0x0409, 0, flags).ljust(32, b"\0")
    head += struct.pack("<H", 14) + bytes(28)
    numbers = [0] * 22
    numbers[3] = size
    head += struct.pack("<H", 22) + struct.pack("<22I", *numbers)
    places = [(0, 0)] * 93
    places[33] = (0, len(table))
    head += struct.pack("<H", 93) + b"".join(struct.pack("<II", *one) for one in places)
    stream = head.ljust(text_at, b"\0") + words.encode("cp1252")
    return compound(
        {"WordDocument": stream.ljust(4608, b"\0"), "1Table": table.ljust(4096, b"\0")},
        class_id="00020906-0000-0000-C000-000000000046",
    )


def old_slides() -> bytes:
    """Return slides of PowerPoint 97."""
    words = f"Lamps of the year {ORDER}".encode()
    atom = struct.pack("<HHI", 0, 0x0FA8, len(words)) + words
    slide = struct.pack("<HHI", 0x0F, 0x03EE, len(atom)) + atom
    whole = struct.pack("<HHI", 0x0F, 0x03E8, len(slide)) + slide
    persisted = struct.pack("<HHIII", 0, 0x1772, 8, 1 << 20 | 1, 0)
    edit_at = len(whole) + len(persisted)
    edit = struct.pack("<HHI", 0, 0x0FF5, 0x1C)
    edit += struct.pack("<IHBBIIIIHH", 0, 0, 0, 3, 0, len(whole), 1, 1, 1, 0)
    user = struct.pack("<HHI", 0, 0x0FF6, 0x18)
    user += struct.pack("<IIIHHBBH", 0x14, 0xE391C05F, edit_at, 0, 0x03F4, 3, 0, 0) + bytes(4)
    return compound(
        {
            "PowerPoint Document": (whole + persisted + edit).ljust(4200, b"\0"),
            "Current User": user,
        },
        class_id="64818D10-4F9B-11CF-86EA-00AA00B929E8",
    )


def book() -> bytes:
    """Return a book of one chapter."""
    container = (
        '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
        'version="1.0"><rootfiles><rootfile full-path="book.opf" '
        'media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        "<metadata/><manifest>"
        '<item id="a" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    chapter = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Lamps</title></head>'
        f"<body><h1>Care of lamps</h1><p>Never wash {ORDER}.</p></body></html>"
    )
    members = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": container.encode(),
        "book.opf": package.encode(),
        "one.xhtml": chapter.encode(),
    }
    return packed(members, is_first_stored=True)


def as_kind(make: Callable[[], bytes], own: str, other: str) -> bytes:
    """Return a document whose list of contents says that it is of another kind."""
    with zipfile.ZipFile(io.BytesIO(make())) as file:
        members = {name: file.read(name) for name in file.namelist()}
    contents = members["[Content_Types].xml"].decode()
    assert own in contents
    members["[Content_Types].xml"] = contents.replace(own, other).encode()
    return packed(members)


def with_macros(make: Callable[[], bytes], folder: str) -> bytes:
    """Return an Office document with a part for macros."""
    with zipfile.ZipFile(io.BytesIO(make())) as file:
        members = {name: file.read(name) for name in file.namelist()}
    return packed({**members, f"{folder}/vbaProject.bin": compound({"PROJECT": b"x"})})


def locked_pdf(password: str = _WORD) -> bytes:
    """Return a PDF that a password protects; an empty one only keeps it from being changed."""
    writer, target = PdfWriter(PdfReader(io.BytesIO(documents.pdf("secret")))), io.BytesIO()
    identifiers = ArrayObject((ByteStringObject(bytes(16)), ByteStringObject(bytes(16))))
    writer._ID = identifiers
    writer.encrypt(password, "the owner's", algorithm="RC4-128")
    writer._ID = identifiers
    writer.write(target)
    return target.getvalue()


def filled_pdf() -> bytes:
    """Return a printed form with a name, a tick and a remark that were put in."""
    printed = "BT /F1 12 Tf 72 700 Td (Your name:) Tj ET"
    font = "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    fields = (
        "/Subtype/Widget/FT/Tx/T(name)/V(Jane Doe)",
        "/Subtype/Widget/FT/Btn/T(news)/V/Yes/AS/Yes",
        f"/Subtype/FreeText/Contents(about {ORDER})",
    )
    return documents.assembled(
        [
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R]>>>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]{font}/Contents 4 0 R"
            "/Annots[5 0 R 6 0 R 7 0 R]>>",
            f"<</Length {len(printed)}>>stream\n{printed}\nendstream",
            *(f"<</Type/Annot/Rect[0 0 9 9]{field}>>" for field in fields),
        ]
    )


def scan() -> bytes:
    """Return a PDF of one picture and no words."""
    target, day = io.BytesIO(), time.gmtime(0)
    Image.new("RGB", (60, 80), "white").save(target, "PDF", creationDate=day, modDate=day)
    return target.getvalue()


def specimens() -> list[Specimen]:
    """Return the documents."""
    text = f"<office:text><text:h>Complaint</text:h><text:p>The lamp of {ORDER}</text:p>"
    page = f'<draw:page draw:name="One"><draw:frame><draw:text-box><text:p>{ORDER}</text:p>'
    page += "</draw:text-box></draw:frame></draw:page>"
    return [
        _read("letter.docx", word, WORD, ORDER, "Nordhem lamps", "Grüße", "Björk", "Complaint"),
        _read("form.docx", form, WORD, "Name: Jane Doe", ORDER, "☒ lamp", "Box of words"),
        _read("strict.docx", lambda: settled(office.strict(word())), WORD, ORDER, "Nordhem lamps"),
        _read("strict.pptx", lambda: settled(office.strict(slides())), SLIDES, ORDER, "dimmable"),
        _read("letter renamed.txt", word, WORD, ORDER),
        _read("slides.pptx", slides, SLIDES, "Lamps of the year", "Björk", ORDER, "dimmable"),
        _read("old.doc", old_word, WORD, told=OLD),
        _read("old.ppt", old_slides, SLIDES, told=OLD),
        _read("old locked.doc", lambda: old_word(is_locked=True), WORD, fate=Fate.LOCKED),
        _read("old letter.doc", RICH.encode, r"(?i)rich|rtf|word", ORDER, "Köln"),
        _read("letter renamed.doc", word, WORD, ORDER),
        _read("letter.docm", partial(as_kind, word, *MACROS), WORD, ORDER),
        *_with_macros(),
        _read("show.ppsx", partial(as_kind, slides, *SHOW), SLIDES, "Lamps of the year"),
        _read("letter.odt", lambda: odf("text", f"{text}</office:text>"), r"(?i)open", ORDER),
        _read(
            "slides.odp",
            lambda: odf("presentation", f"<office:presentation>{page}</office:presentation>"),
            r"(?i)open|presentation",
            ORDER,
        ),
        _read("letter.rtf", RICH.encode, r"(?i)rich|rtf", ORDER, "Köln", "При", never=("fonttbl",)),
        _read("lamps.epub", book, r"(?i)book|epub", "Care of lamps", ORDER, never=("<p>",)),
        *_portable(),
        *_compounds(),
    ]


def _with_macros() -> list[Specimen]:
    letter = partial(with_macros, partial(as_kind, word, *MACROS), "word")
    deck = partial(with_macros, partial(as_kind, slides, *DECK), "ppt")
    return [
        _read("with macros.docm", letter, r"(?i)word.*macro", ORDER, "Complaint", told=NOT_RUN),
        _read("with macros.pptm", deck, r"(?i)powerpoint.*macro", "dimmable", told=NOT_RUN),
    ]


def _portable() -> list[Specimen]:
    called = r"(?i)pdf"
    plain = documents.pdf("Invoice 48213", "Page two")
    return [
        _read("invoice two pages.pdf", lambda: plain, called, "Invoice 48213", "Page two"),
        _read("filled form.pdf", filled_pdf, called, "Your name:", "Jane Doe", "news: ☒", ORDER),
        _read("junk before.pdf", with_heading_junk, called, "48213"),
        _read("mark before.pdf", lambda: b"\xef\xbb\xbf\n\n" + plain, called, "Invoice 48213"),
        _read("picture.png", lambda: plain, called, "Invoice 48213", shown_as=r"\.pdf$"),
        _read("printing is locked.pdf", partial(locked_pdf, ""), called, "secret"),
        _read("locked.pdf", locked_pdf, called, fate=Fate.LOCKED),
        _read("scan.pdf", scan, called, told=(r"(?i)no (words|text)",)),
        _read("cut.pdf", lambda: plain[:120], called, fate=Fate.UNKNOWN),
    ]


def _compounds() -> list[Specimen]:
    """Return compound files that are no letters."""
    installer = compound(
        {"\u4840\u3b3f\u43f2\u4438\u45b1": bytes(64), "\x05SummaryInformation": bytes(80)},
        class_id="000C1084-0000-0000-C000-000000000046",
    )
    visio = compound(
        {"VisioDocument": bytes(5000)}, class_id="00021A14-0000-0000-C000-000000000046"
    )
    return [
        Specimen("setup document.doc", lambda: installer, Right(fate=Fate.REFUSED)),
        _read("plan.vsd", lambda: visio, r"(?i)visio", fate=Fate.UNKNOWN),
        _read("Thumbs.db", lambda: compound({"Catalog": bytes(90)}), "", fate=Fate.UNKNOWN),
    ]


def _read(
    title: str, make: object, called: str, *words: str, fate: Fate = Fate.READ, **more: object
) -> Specimen:
    right = Right(fate=fate, called=called, words=words, **more)  # type: ignore[arg-type]
    return Specimen(title, make, right)  # type: ignore[arg-type]
