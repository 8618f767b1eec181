"""PDF: what was filled in and written on the page is told with what was printed."""

import io

import pytest

from conversations.files.readers import pdf
from tests.fakes import documents

pytestmark = pytest.mark.slow

FONT = "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
PRINTED = "BT /F1 12 Tf 72 700 Td (Your name:) Tj ET"


def form(*annotations: str, more: str = "", last: str = "<<>>") -> bytes:
    """Return a PDF of one printed page with these annotations, each an object from the fifth on."""
    numbers = " ".join(f"{n} 0 R" for n in range(5, 5 + len(annotations)))
    return documents.assembled(
        [
            f"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{numbers}]{more}>>>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]{FONT}/Contents 4 0 R"
            f"/Annots[{numbers}]>>",
            f"<</Length {len(PRINTED)}>>stream\n{PRINTED}\nendstream",
            *(f"<</Type/Annot/Rect[0 0 9 9]{one}>>" for one in annotations),
            last,
        ]
    )


def told(data: bytes) -> list[str]:
    return pdf.read(io.BytesIO(data))[0].splitlines()[1:]


FIELDS = {
    "text": ("/Subtype/Widget/FT/Tx/T(name)/V(FILLED Jane Doe)", ["name: FILLED Jane Doe"]),
    "label": ("/Subtype/Widget/FT/Tx/T(f1)/TU(Your name)/V(Jane)", ["Your name: Jane"]),
    "empty": ("/Subtype/Widget/FT/Tx/T(name)", []),
    "wide": ("/Subtype/Widget/FT/Tx/T(name)/V<FEFF004A00F600720067>", ["name: Jörg"]),
    "ticked": ("/Subtype/Widget/FT/Btn/T(news)/V/Yes/AS/Yes", ["news: ☒"]),
    "unticked": ("/Subtype/Widget/FT/Btn/T(news)/V/Off", ["news: ☐"]),
    "named state": ("/Subtype/Widget/FT/Btn/T(size)/V/Large", ["size: Large"]),
    "button": ("/Subtype/Widget/FT/Btn/Ff 65536/T(send)", []),
    "choices": ("/Subtype/Widget/FT/Ch/T(colours)/V[(red)(blue)]", ["colours: red, blue"]),
    "signature": ("/Subtype/Widget/FT/Sig/T(sign)/V<</Type/Sig>>", ["sign: signed"]),
    "typed on the page": ("/Subtype/FreeText/Contents(Two of them)", ["Two of them"]),
    "note": ("/Subtype/Text/T(Bob)/Contents(Too dear)", ["Note: Too dear"]),
    "marked": ("/Subtype/Highlight/Contents()", []),
    "window": ("/Subtype/Popup/Contents(Too dear)", []),
    "broken": ("/Subtype/Widget/FT/Tx/T 7/V 12 0 R", []),
}


@pytest.mark.parametrize("name", FIELDS)
def test_what_was_filled_in_is_told(name: str) -> None:
    annotation, lines = FIELDS[name]
    assert told(form(annotation)) == lines


def test_field_is_told_once_under_the_names_above_it() -> None:
    data = form(
        "/Subtype/Widget/Parent 7 0 R/AS/Off",
        "/Subtype/Widget/Parent 7 0 R/AS/Card",
        "/FT/Btn/T(pay)/V/Card/Parent 8 0 R/Kids[5 0 R 6 0 R]",
        "/T(order)/Kids[7 0 R]",
    )
    assert told(data) == ["order.pay: Card"]


def test_form_that_stands_in_a_circle_ends() -> None:
    data = form("/Subtype/Widget/FT/Tx/T(a)/V(b)/Parent 5 0 R")
    assert told(data)[0].endswith(": b")


def test_form_of_another_make_is_told() -> None:
    filled = "<xfa:datasets xmlns:xfa='x'><xfa:data><form><name>Jane</name><empty/></form>"
    filled += "</xfa:data></xfa:datasets>"
    stream = f"<</Length {len(filled)}>>stream\n{filled}\nendstream"
    data = form("/Subtype/Link", more="/XFA[(datasets) 6 0 R]", last=stream)
    assert told(data) == ["name: Jane"]
