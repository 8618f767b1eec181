"""Documents: honest ones and hostile ones, made in a few lines."""

import io
import zipfile
from typing import Any

import docx
import openpyxl

from tests.fakes import files


def pdf(*pages: str) -> bytes:
    """Return a PDF with a line on each page."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    kids = []
    for line in pages:
        stream = f"BT /F1 12 Tf 72 700 Td ({line}) Tj ET"
        content = len(objects) + 1
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
        kids.append(f"{content + 1} 0 R")
        font = "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]{font}/Contents {content} 0 R>>"
        )
    objects[1] = f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(kids)}]>>"
    return assembled(objects)


def assembled(objects: list[str]) -> bytes:
    """Return a PDF of these objects, the first of which is its catalogue."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj{body}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF"
    return data + (head + trailer).encode()


def word(*paragraphs: str) -> bytes:
    """Return a Word document."""
    document, target = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(target)
    return target.getvalue()


def excel(rows: list[list[Any]]) -> bytes:
    """Return an Excel workbook of one sheet."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def with_stream(stream: bytes, filters: str) -> bytes:
    """Return a PDF of one page whose content is ``stream``, packed as ``filters`` say."""
    head = (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        f"4 0 obj<</Length {len(stream)}{filters}>>stream\n"
    )
    return head.encode() + stream + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def replaced(document: bytes, name: str, body: bytes) -> bytes:
    """Return the same Office file with another member ``name``."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    return files.archive({**members, name: body})


def swollen(document: bytes, name: str, size: int) -> bytes:
    """Return the same Office file with the member ``name`` padded by ``size`` spaces."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        body = archive.read(name)
    end = body.rindex(b"<")
    return replaced(document, name, body[:end] + b" " * size + body[end:])
