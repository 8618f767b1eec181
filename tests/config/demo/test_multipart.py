"""Forms with files, as the demo's servers read them: every byte of a file is the file's own."""

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, encode_multipart

from config.demo.loopback import multipart

CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
PLAIN = b"From: jane@x.example\r\nSubject: Lamp\r\n\r\nIt is broken.\r\n"
MANY = (
    b"From: jane@x.example\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n"
    b'--inner\r\nContent-Disposition: form-data; name="file"\r\n\r\nnot this\r\n'
    b'--inner\r\nContent-Disposition: attachment; name="other"; filename="a.txt"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\nbGFtcA==\r\n--inner--\r\n"
)


def form(data: bytes, content_type: str, name: str = "letter.eml") -> dict[str, multipart.Part]:
    file = SimpleUploadedFile(name, data, content_type=content_type)
    body = encode_multipart(BOUNDARY, {"messaging_product": "whatsapp", "file": file})
    return multipart.parts(CONTENT_TYPE, body)


@pytest.mark.parametrize("data", [PLAIN, MANY, b"", os.urandom(3000), b"\r\n", b"a\rb\nc\r\n\r\n"])
@pytest.mark.parametrize(
    "content_type",
    [
        *("message/rfc822", "message/delivery-status", "application/octet-stream"),
        *("multipart/mixed; boundary=inner", "multipart/related", "text/plain; charset=utf-16"),
    ],
)
def test_file_arrives_as_it_was_sent(data: bytes, content_type: str) -> None:
    found = form(data, content_type)
    assert set(found) == {"messaging_product", "file"}
    assert found["messaging_product"].data == b"whatsapp"
    assert found["file"].data == data
    assert found["file"].content_type == content_type.partition(";")[0]


@pytest.mark.parametrize("name", ["letter.eml", "Lämpchen für Žofie.eml", "灯.eml", "a; b.eml"])
def test_file_keeps_its_name(name: str) -> None:
    assert form(PLAIN, "message/rfc822", name)["file"].filename == name


def test_body_that_is_no_form_has_no_fields() -> None:
    assert multipart.parts("application/json", b'{"name": 1}') == {}
    assert multipart.parts("multipart/form-data", b"--x\r\n\r\n") == {}
