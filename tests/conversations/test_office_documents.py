"""Office files: all words that their readers would see, and each of them once."""

import io

import pytest

from conversations.files import extraction, kinds
from tests.fakes import documents, file_types, office

pytestmark = pytest.mark.slow


def read(data: bytes) -> str:
    """Return the text, as the limited process would."""
    return extraction.read(kinds.sniff(data, "a").content_type, io.BytesIO(data))[0]


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def line(words: str) -> str:
    return paragraph(run(words))


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


BOXED = f"<w:txbxContent>{line('Box one')}{line('Box two')}</w:txbxContent>"
BOTH = (
    f"<mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{BOXED}</wps:txbx></mc:Choice>"
    f"<mc:Fallback><w:pict><v:textbox>{BOXED}</v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent>"
)
FORM = (
    "<w:r><w:fldChar w:fldCharType='begin'><w:ffData>{}</w:ffData></w:fldChar></w:r>"
    "<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>"
    "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
)
TICKED = FORM.format("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>")
UNTICKED = FORM.format("<w:checkBox><w:default w:val='1'/><w:checked w:val='0'/></w:checkBox>")
CHOSEN = FORM.format(
    "<w:ddList><w:result w:val='1'/><w:listEntry w:val='Red'/><w:listEntry w:val='Blue'/>"
    "</w:ddList>"
)
CHART = ["Chart: Sales", "Lamps: Q1 19.2 | Q2 20.1"]
BODIES = {
    "control around paragraphs": (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{line('Jane')}{line('Doe')}</w:sdtContent></w:sdt>",
        "Jane\nDoe",
    ),
    "control in a line": (
        paragraph(f"{run('Name: ')}<w:sdt><w:sdtContent>{run('Jane')}</w:sdtContent></w:sdt>"),
        "Name: Jane",
    ),
    "tracked changes": (
        paragraph(
            f"{run('It costs ')}<w:ins>{run('4711')}</w:ins>"
            "<w:del><w:r><w:delText>99</w:delText></w:r></w:del>"
            f"<w:moveFrom>{run('old')}</w:moveFrom><w:moveTo>{run(' now')}</w:moveTo>"
        ),
        "It costs 4711 now",
    ),
    "fields": (
        paragraph(
            f"<w:fldSimple w:instr='DATE'>{run('3 May')}</w:fldSimple>"
            f"<w:smartTag>{run(' in Berlin')}</w:smartTag><w:hyperlink>{run(' here')}</w:hyperlink>"
        ),
        "3 May in Berlin here",
    ),
    "boxes": (
        paragraph(f"{run('Before')}<w:r>{BOTH}</w:r>{run(' after')}") + line("Last"),
        "Before after\nBox one\nBox two\nLast",
    ),
    "old box alone": (paragraph(f"<w:r><w:pict>{BOXED}</w:pict></w:r>"), "Box one\nBox two"),
    "breaks": (
        paragraph(
            "<w:r><w:t>One</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t>"
            "<w:noBreakHyphen/><w:t>four</w:t><w:softHyphen/><w:t>teen</w:t></w:r>"
        ),
        "One\ntwo\tthree-fourteen",
    ),
    "signs": (
        paragraph(
            "<w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:t> yes </w:t>"
            "<w:sym w:font='Wingdings' w:char='F0A8'/><w:t> no </w:t>"
            "<w:sym w:font='Arial' w:char='2013'/></w:r>"
        ),
        "☒ yes ☐ no –",  # noqa: RUF001 - a dash is meant
    ),
    "old form": (paragraph(TICKED + run(" A ") + UNTICKED + run(" B ") + CHOSEN), "☒ A ☐ B Blue"),
    "formula": (
        paragraph("<m:oMath><m:r><m:t>E</m:t></m:r><m:r><m:t>=mc²</m:t></m:r></m:oMath>"),
        "E=mc²",
    ),
    "merged cells": (
        "<w:tbl><w:tr>"
        + cell(line("Title"), "<w:gridSpan w:val='2'/>")
        + cell(line("Sum"))
        + "</w:tr><w:tr>"
        + cell(line("a"))
        + cell(line("b") + line("c"))
        + cell(line("3"))
        + "</w:tr></w:tbl>",
        "Title |  | Sum\na | b c | 3",
    ),
    "table in a cell": (
        "<w:tbl><w:tr>"
        + cell("<w:tbl><w:tr>" + cell(line("deep")) + "</w:tr></w:tbl>" + line("flat"))
        + f"<w:sdt><w:sdtContent>{cell(line('held'))}</w:sdtContent></w:sdt>"
        + "</w:tr></w:tbl>",
        "deep flat | held",
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_words_of_a_document_are_told_once(name: str) -> None:
    body, text = BODIES[name]
    assert read(office.word(body)) == text


def test_words_around_the_body_are_told_with_it() -> None:
    data = office.word(
        paragraph(f"{run('Body')}<w:r><w:footnoteReference w:id='2'/></w:r>"),
        header1=line("Invoice 4711"),
        header2=line("Invoice 4711"),
        footer1=line("IBAN DE02"),
        footnotes=f"<w:footnote w:id='-1' w:type='separator'><w:p/></w:footnote>"
        f"<w:footnote w:id='2'>{line('without tax')}</w:footnote>",
        endnotes=f"<w:endnote w:id='1'>{line('the end')}</w:endnote>",
        comments=f"<w:comment w:id='1' w:author='Bob'>{line('too dear')}</w:comment>",
    )
    assert read(data).splitlines() == [
        "Invoice 4711",
        "Body[2]",
        "IBAN DE02",
        "[2] without tax",
        "[1] the end",
        "Comment by Bob: too dear",
    ]


def test_chart_and_diagram_of_a_document_are_told() -> None:
    data = office.word(line("Body"), chart1=office.CHART, diagramData1=office.DIAGRAM)
    assert read(data).splitlines() == ["Body", *CHART, "Order", "Pay"]


def test_chart_and_diagram_of_a_slide_are_told() -> None:
    data = office.related_chart(file_types.slides("Lamps", "Say hello"), "slide1")
    assert read(data).splitlines() == [
        "# Slide 1",
        "Lamps",
        *CHART,
        "Order",
        "Pay",
        "Notes: Say hello",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: documents.word("Lamp"), "Lamp"),
        (lambda: documents.excel([["Lamp", 2]]), "# Sheet\nLamp | 2"),
        (lambda: file_types.slides("Lamp", "Hi"), "# Slide 1\nLamp\nNotes: Hi"),
    ],
)
def test_strict_form_is_read_as_the_usual_one(data: object, words: str) -> None:
    assert callable(data)
    assert read(office.strict(data())) == words


def test_boxes_of_an_open_document_stand_in_lines_of_their_own() -> None:
    box = "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    body = f"<text:p>A{box.format('12')}{box.format('34')}B</text:p><text:p>C</text:p>"
    data = file_types.opendocument("text", f"<office:text>{body}</office:text>")
    assert read(data).splitlines() == ["AB", "12", "34", "C"]


def test_words_around_an_open_document_are_told_with_it() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>net"
        "</text:p></text:note-body></text:note>"
    )
    body = f"<text:p>20 EUR{note} each</text:p>"
    page = (
        "<style:master-page><style:header><text:p>Invoice 4711</text:p></style:header>"
        "<style:footer><text:p>IBAN DE02</text:p></style:footer></style:master-page>"
    )
    data = file_types.opendocument("text", f"<office:text>{body}</office:text>", pages=page * 2)
    assert read(data).splitlines() == ["Invoice 4711", "20 EUR[1] each", "[1] net", "IBAN DE02"]


def test_head_foot_and_notes_of_a_rich_text_are_told() -> None:
    data = rb"{\rtf1\ansi{\header Invoice 4711\par}{\footerr IBAN\par}Sum{\footnote net} soon\par}"
    assert read(data).split() == ["Invoice", "4711", "IBAN", "Sum", "net", "soon"]
