"""Mails within mails, attachments beside rich text, reports that one did not arrive."""

import io
from email.message import EmailMessage

import pytest

from conversations.files.readers import mails

pytestmark = pytest.mark.slow


def told(data: bytes) -> list[str]:
    return mails.read(io.BytesIO(data))[0].splitlines()


def mail(subject: str, words: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", subject
    message.set_content(words)
    return message


def parts(kind: str, *inner: str, mark: str = "m") -> str:
    """Return a part of several, with its field of the header."""
    body = "".join(f"--{mark}\n{part}\n" for part in inner)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\n\n{body}--{mark}--\n'


PLAIN = "Content-Type: text/plain\n\nThe lamp is broken."
RICH = "Content-Type: text/html\n\n<p>The lamp is broken.</p>"
BILL = 'Content-Type: application/pdf; name="invoice.pdf"\n\n%PDF-1.4'
EVENT = "Content-Type: text/calendar\n\nBEGIN:VCALENDAR"


@pytest.mark.parametrize(
    ("inner", "name"),
    [
        (parts("mixed", RICH, BILL, RICH, mark="n"), "invoice.pdf (PDF document, 8 B)"),
        (parts("related", RICH, BILL, mark="n"), "invoice.pdf (PDF document, 8 B)"),
        (EVENT, "without a name (Calendar entries, 15 B)"),
    ],
)
def test_files_beside_other_forms_of_the_words_are_named(inner: str, name: str) -> None:
    data = "From: a@b.example\nMIME-Version: 1.0\n" + parts("alternative", PLAIN, inner)
    assert told(data.encode()) == [
        "From: a@b.example",
        "The lamp is broken.",
        "Attachments:",
        f"- {name}",
    ]


def test_mail_forwarded_eight_times_is_read_to_its_end() -> None:
    message = mail("L0", "The lamp is broken.")
    for number in range(1, 9):
        outer = mail(f"L{number}", f"See below, {number}")
        outer.add_attachment(message)
        message = outer
    lines = told(message.as_bytes())
    assert "The lamp is broken." in lines
    assert "[… cut]" not in lines


def test_mail_forwarded_too_often_says_where_it_is_cut() -> None:
    message = mail("L0", "The lamp is broken.")
    for number in range(1, 14):
        outer = mail(f"L{number}", f"See below, {number}")
        outer.add_attachment(message)
        message = outer
    lines = told(message.as_bytes())
    assert "The lamp is broken." not in lines
    assert lines[-1] == "[… cut]"


def test_mail_of_too_many_parts_says_where_it_is_cut() -> None:
    data = "From: a@b.example\n" + parts("mixed", *[PLAIN] * (mails.MOST_PARTS + 9))
    assert told(data.encode())[-1] == "[… cut]"
    assert told(data.encode()).count("[… cut]") == 1


def test_report_of_a_mail_that_did_not_arrive_says_why() -> None:
    status = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.b.example\n\n"
        "Final-Recipient: rfc822; jane@b.example\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 no such\n user\n"
    )
    sent = "Content-Type: text/rfc822-headers\n\nSubject: Lamp\nTo: jane@b.example\n"
    data = "From: a@b.example\nMIME-Version: 1.0\n" + parts("report", PLAIN, status, sent)
    assert told(data.encode()) == [
        "From: a@b.example",
        "The lamp is broken.",
        "--- Report:",
        "Final-Recipient: rfc822; jane@b.example",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 no such user",
        "--- Attached message:",
        "To: jane@b.example",
        "Subject: Lamp",
    ]
