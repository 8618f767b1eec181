"""Readers of documents: mails, workbooks, slides and the like, in all their words."""

import io
from base64 import b64encode
from datetime import datetime, time
from email.message import EmailMessage
from typing import Any

import msoffcrypto
import openpyxl
import pytest
import xlwt

from conversations.files import extraction, kinds
from conversations.files.readers.bounds import RefusedError
from tests.fakes import documents, file_types, files
from tests.fakes.compounds import compound

# ruff: noqa: RUF001, DTZ001 - signs of Chinese that look like others; cells know no zone
pytestmark = pytest.mark.slow


def read(data: bytes, name: str = "a") -> tuple[str, str]:
    """Return text and extent, as the limited process would."""
    return extraction.read(kinds.sniff(data, name).content_type, io.BytesIO(data))


@pytest.mark.parametrize(
    "first", [b"", b"From a@b Mon Nov 2 10:00:00 2026\n", b"\r\n", b"\xef\xbb\xbf"]
)
def test_header_of_a_mail_keeps_what_a_person_wrote(first: bytes) -> None:
    data = first + b"Message-ID: <a@b>\nFrom: a@b\nDamaged: 2\nX-Spam: no\nLines: 1\n"
    text, _ = read(data + b"Subject: Lamp\n\nBroken")
    assert text == "From: a@b\nSubject: Lamp\nDamaged: 2\nBroken"


def test_mail_of_apple_is_read_without_its_length_and_list() -> None:
    mail = b"Subject: Lamp\nFrom: a@b.example\n\nBroken\n"
    data = b"%-10d\n%b<?xml version='1.0'?><plist/>" % (len(mail), mail)
    assert read(data, "7.emlx")[0] == "From: a@b.example\nSubject: Lamp\nBroken"


def test_mail_is_decoded_and_its_attachments_are_named() -> None:
    message = file_types.mail("Grüße aus Köln, und noch viel mehr Worte, die einen Umbruch machen")
    message["Cc"] = "Jörg Müller <j@x.example>"
    message.add_attachment(b"x" * 2048, maintype="image", subtype="png", filename="störung.png")
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "Inner", "i@x.example"
    inner.set_content("Quoted – words")
    message.add_attachment(inner)
    text, extent = read(message.as_bytes(), "a.eml")
    assert text.splitlines() == [
        "From: Victor <victor@x.example>",
        "To: desk@x.example",
        "Cc: Jörg Müller <j@x.example>",
        "Subject: Grüße aus Köln, und noch viel mehr Worte, die einen Umbruch machen",
        "Two lamps",
        "--- Attached message:",
        "From: i@x.example",
        "Subject: Inner",
        "Quoted – words",
        "Attachments:",
        f"- bill.pdf (PDF document, {len(files.PDF)} B)",
        "- störung.png (Text, 2 kB)",
    ]
    assert extent == "2 attachments"


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("gb18030", "gb18030"), ("us-ascii", "gb18030"), ("iso-8859-1", "gb18030"), ("none", "utf-8")],
)
def test_words_of_a_web_page_in_a_mail_are_decoded(declared: str, codec: str) -> None:
    page = "<p>您好，我上周订购的台灯还没有收到，请问什么时候可以送到？</p><p>谢谢您的帮助</p>"
    head = f"MIME-Version: 1.0\nFrom: a@b\nContent-Type: text/html; charset={declared}\n"
    body = b64encode((page * 3).encode(codec))
    text, _ = read(f"{head}Content-Transfer-Encoding: base64\n\n".encode() + body)
    assert "您好，我上周订购的台灯还没有收到，请问什么时候可以送到？" in text
    assert "<p>" not in text


def test_mailbox_shows_its_first_mails() -> None:
    one = b"From a@b Mon\nFrom: a@b\nSubject: One\n\nFirst\n\n"
    text, extent = read(one + one.replace(b"One", b"Two"), "a.mbox")
    assert extent == "2 mails"
    assert "Subject: One" in text
    assert "Subject: Two" in text


def test_page_is_read_without_its_markup() -> None:
    page = b"<!doctype html><title>Bill</title><style>p{}</style><p>Two <b>lam</b>ps<br>soon"
    page += b"<table><tr><td>Lamp<td>2</table><script>evil()</script>"
    assert read(page)[0].splitlines() == ["Bill", "Two lamps", "soon", "Lamp | 2"]


FILLED = {
    "<p>Order: <input name=n value='4711'> please": ["Order: 4711 please"],
    "<p>Name <input type=email value='a@b.example'><input type=hidden value=secret>": [
        "Name a@b.example"
    ],
    "<p><input type=password value=secret>x": ["x"],
    "<p><input type=checkbox checked value=on> News <input type=radio> Post": ["☒ News ☐ Post"],
    "<p><input type=submit value=Send>": ["Send"],
    "<select><option>Red<option selected>Blue</select>": ["Red", "☒ Blue"],
    "<p>See <img src=a.png alt='ALT words'> here<img alt=''>": ["See ALT words here"],
    "<input type=image alt=Buy><map><area alt=Berlin></map>": ["Buy Berlin"],
    "<p>x<textarea>Typed</textarea>": ["xTyped"],
}


@pytest.mark.parametrize("page", FILLED)
def test_what_was_filled_in_and_stands_for_pictures_is_told(page: str) -> None:
    assert read(f"<!doctype html>{page}".encode())[0].splitlines() == FILLED[page]


def workbook(write: Any) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    write(book)
    book.save(target)
    return target.getvalue()


def test_cells_are_read_as_they_are_shown() -> None:
    def write(book: Any) -> None:
        sheet = book.active
        sheet.append([1234567.0, 0.125, datetime(2026, 11, 3), datetime(2026, 11, 3, 14, 30)])
        sheet["B1"].number_format = "0.0%"
        sheet.append([True, "#REF!", "=SUM(A1:A2)", 12.5])
        sheet["D2"].number_format = '#,##0.00 "€"'
        sheet.merge_cells("A3:B3")
        sheet["A3"] = "merged"
        hidden = book.create_sheet("Costs")
        hidden.sheet_state = "hidden"
        hidden.append([time(9, 30)])

    text, extent = read(workbook(write))
    assert text.splitlines() == [
        "# Sheet",
        "1234567 | 12.5% | 2026-11-03 | 2026-11-03 14:30",
        "TRUE | #REF! | =SUM(A1:A2) | 12.50 €",
        "merged",
        "# Costs (hidden)",
        "09:30",
    ]
    assert extent == "2 sheets"


def test_long_sheet_is_read_beyond_its_two_hundredth_row() -> None:
    text, _ = read(documents.excel([[number, "lamp"] for number in range(900)]))
    assert text.endswith("899 | lamp")


def test_old_workbook_is_read_as_it_is_shown() -> None:
    book, target = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Prices")
    for column, (value, pattern) in enumerate(
        [
            (1234567.0, "General"),
            (0.125, "0.0%"),
            (datetime(2026, 11, 3), "YYYY-MM-DD"),
            (True, "General"),
            ("лампа", "General"),
            (1067, "00000"),
            (1.25, "[h]:mm"),
            (0.604340277777778, "hh:mm:ss"),
        ]
    ):
        sheet.write(0, column, value, xlwt.easyxf(num_format_str=pattern))
    book.save(target)
    assert (
        read(target.getvalue())[0]
        == "# Prices\n1234567 | 12.5% | 2026-11-03 | TRUE | лампа | 01067 | 30:00 | 14:30:15"
    )


def test_cells_of_open_documents_are_shown_or_their_formula() -> None:
    cells = (
        "<table:table-cell><text:p>12,50 <text:span>€</text:span></text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=SUM([.A1])"/>'
        '<table:table-cell table:number-columns-repeated="16000"/>'
    )
    body = (
        '<office:spreadsheet><table:table table:name="Costs" table:style-name="h">'
        f"<table:table-row>{cells}</table:table-row></table:table></office:spreadsheet>"
    )
    style = (
        '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    )
    text, extent = read(file_types.opendocument("spreadsheet", body, style))
    assert text == "# Costs (hidden)\n12,50 € | =SUM([.A1])"
    assert extent == "1 sheet"


def test_slides_are_read_with_their_notes() -> None:
    text, extent = read(file_types.slides("Lamps", "Say hello"))
    assert text == "# Slide 1\nLamps\nNotes: Say hello"
    assert extent == "1 slide"


def test_workbook_behind_a_password_is_called_locked() -> None:
    target = io.BytesIO()
    plain = msoffcrypto.OfficeFile(io.BytesIO(documents.excel([["lamp"]])))
    plain.encrypt("secret", target)
    found = kinds.sniff(target.getvalue(), "prices.xlsx")
    assert found.file_type == "locked_xlsx"
    assert kinds.row_of(found.file_type, found.content_type).is_locked


def test_old_document_is_read_piece_by_piece() -> None:
    words = "Zwölf Lampen\rab \x13 PAGE \x14 7\x15 morgen"
    narrow, wide = words[:6].encode("cp1252"), words[6:].encode("utf-16-le")
    document = bytearray(4096)
    document[0x01A2:0x01AA] = (0).to_bytes(4, "little") + (33).to_bytes(4, "little")
    document[1024 : 1024 + len(narrow)] = narrow
    document[2048 : 2048 + len(wide)] = wide
    places = [0, 6, len(words)]
    table = b"".join(place.to_bytes(4, "little") for place in places)
    table += b"\0\0" + (1024 * 2 | 1 << 30).to_bytes(4, "little") + b"\0\0"
    table += b"\0\0" + (2048).to_bytes(4, "little") + b"\0\0"
    pieces = b"\x02" + len(table).to_bytes(4, "little") + table
    data = compound({"WordDocument": bytes(document), "0Table": pieces})
    assert read(data)[0] == "Zwölf Lampen\nab  7 morgen"


def test_locked_old_document_says_so() -> None:
    document = bytearray(4096)
    document[10:12] = (0x0100).to_bytes(2, "little")
    with pytest.raises(RefusedError, match="password"):
        read(compound({"WordDocument": bytes(document), "0Table": b""}))


def test_old_slides_are_read() -> None:
    wide = "Zwei Lampen".encode("utf-16-le")
    records = b"\x0f\0\xe8\x03" + (8 + len(wide)).to_bytes(4, "little")
    records += b"\0\0\xa0\x0f" + len(wide).to_bytes(4, "little") + wide
    records += b"\0\0\xa8\x0f" + (4).to_bytes(4, "little") + b"soon"
    assert read(compound({"PowerPoint Document": records}))[0] == "Zwei Lampen\nsoon"


def test_names_in_an_archive_are_those_of_its_computer() -> None:
    data = files.archive({"lampe.txt": b"a"}).replace(
        b"lampe.txt", "lämpe.tx".encode("cp437") + b"t"
    )
    text, extent = read(data)
    assert text.startswith("lämpe.txt (")
    assert extent == "1 file"
