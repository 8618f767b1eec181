"""Mails as people save and forward them: RFC 822 in its many first lines, and Outlook's own."""

# ruff: noqa: RUF001 - letters of other scripts are meant

import struct
from base64 import b64encode

from tests.fakes import documents
from tests.fakes.corpus.compound import compound
from tests.fakes.corpus.specimens import Fate, Right, Specimen

CALLED = r"(?i)mail|outlook"
RECEIVED = """Return-Path: <jane@customer.example>
Received: from mx.customer.example (mx.customer.example [192.0.2.1])
\tby mail.nordhem.example with ESMTPS id 4F1; Fri, 20 Nov 2026 11:58:02 +0000
Delivered-To: desk@nordhem.example
From: Jane Doe <jane@customer.example>
To: desk@nordhem.example
Cc: bob@customer.example
Subject: =?utf-8?B?RGllIExhbXBlIGbDvHIgdW5zZXJlIEvDvGNoZQ==?=
Date: Fri, 20 Nov 2026 12:58:00 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hello, my order is ORD-48213. Gr=C3=BC=C3=9Fe, J=
ane
"""
LATIN = RECEIVED.replace("utf-8\nContent-Tr", "iso-8859-1\nContent-Tr").replace(
    "Gr=C3=BC=C3=9Fe", "Gr=FC=DFe"
)
RAW = """X-Spam: no
From: Jürgen <jane@customer.example>
Subject: Lampe für Küche
Content-Type: text/plain; charset=utf-8

Hallo.
"""
SHOWN = ("jane@customer.example", "Die Lampe für unsere Küche", "ORD-48213", "Grüße", "Jane")
WHOLE = (*SHOWN, "desk@nordhem.example", "bob@customer.example", "2026")
NEVER = ("<plist", "=C3", "=?utf-8", "Received:")


def multipart() -> bytes:
    """Return a mail with a text, the same as a page, and two files."""
    attached = b64encode(documents.pdf("Invoice")).decode()
    return f"""X-Mailer: Shop 1
From: jane@customer.example
To: desk@nordhem.example
Subject: Invoice of ORD-48213
Date: Fri, 20 Nov 2026 12:58:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="one"

--one
Content-Type: multipart/alternative; boundary="two"

--two
Content-Type: text/plain; charset=utf-8

See the attached invoice.
--two
Content-Type: text/html; charset=utf-8

<p>See the attached <b>invoice</b>.</p>
--two--
--one
Content-Type: application/pdf; name="invoice-7.pdf"
Content-Disposition: attachment; filename="invoice-7.pdf"
Content-Transfer-Encoding: base64

{attached}
--one
Content-Type: image/png
Content-Disposition: attachment; filename*=utf-8''st%C3%B6rung.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--one--
""".encode()


def chinese_page() -> bytes:
    """Return a mail that is a page in GB18030 alone, in Base64."""
    page = "<html><body><p>您好，我的<b>订单</b>号码是 48213。</p></body></html>".encode("gb18030")
    head = """Message-ID: <1@customer.example>
From: =?gb18030?B?zfXQocP3?= <wang@customer.example>
To: desk@nordhem.example
Subject: =?gb18030?B?tqm1pQ==?=
Date: Fri, 20 Nov 2026 12:58:00 +0800
MIME-Version: 1.0
Content-Type: text/html; charset=gb18030
Content-Transfer-Encoding: base64

"""
    return head.encode() + b64encode(page) + b"\n"


def nested() -> bytes:
    """Return a mail that forwards another as a file."""
    head = """From: bob@customer.example
To: desk@nordhem.example
Subject: Fwd: lamp
Date: Fri, 20 Nov 2026 13:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain

Please look at this.
--b
Content-Type: message/rfc822

"""
    return head.encode() + RECEIVED.encode() + b"\n--b--\n"


def apple() -> bytes:
    """Return a mail of Apple's program: its file lies in the rich form of the words alone."""
    attached = b64encode(documents.pdf("Invoice")).decode()
    return f"""From: jane@customer.example
To: desk@nordhem.example
Subject: Invoice of ORD-48213
Date: Fri, 20 Nov 2026 12:58:00 +0100
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="one"

--one
Content-Type: text/plain; charset=utf-8

See the attached invoice.
--one
Content-Type: multipart/mixed; boundary="two"

--two
Content-Type: text/html; charset=utf-8

<p>See the <b>attached</b> invoice.</p>
--two
Content-Type: application/pdf; name="invoice-7.pdf"
Content-Disposition: inline; filename="invoice-7.pdf"
Content-Transfer-Encoding: base64

{attached}
--two
Content-Type: text/html; charset=utf-8

<p></p>
--two--
--one--
""".encode()


def bounced() -> bytes:
    """Return the report that a mail did not arrive."""
    return b"""From: MAILER-DAEMON <mailer-daemon@mx.example>
To: jane@customer.example
Subject: Undelivered
Date: Fri, 20 Nov 2026 12:58:00 +0100
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="one"

--one
Content-Type: text/plain

Your message could not be delivered.
--one
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; desk@nordhem.example
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user
--one
Content-Type: message/rfc822

Subject: About ORD-48213
From: jane@customer.example

The lamp is broken.
--one--
"""


def wrong_charset() -> bytes:
    """Return a mail whose words are in another charset than it says."""
    words = "Здравствуйте, когда придёт мой заказ? Очень жду ответа, спасибо большое."
    head = (
        "Message-ID: <7@customer.example>\nFrom: ivan@customer.example\nTo: desk@nordhem.example\n"
    )
    head += "Subject: zakaz\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    return f"{head}Content-Transfer-Encoding: 8bit\n\n".encode() + words.encode("cp1251") + b"\n"


def outlook() -> bytes:
    """Return a message as Outlook saves it, with one file."""
    texts = {
        "001A": "IPM.Note",
        "0037": "Lamp broken",
        "1000": "The lamp of ORD-48213 is broken. Grüße",
        "0C1A": "Jane Doe",
        "0C1E": "SMTP",
        "0C1F": "jane@customer.example",
        "0E04": "desk@nordhem.example",
    }
    person = {"3001": "Desk", "3003": "desk@nordhem.example", "39FE": "desk@nordhem.example"}
    file = {"3707": "photo of lamp.jpg", "3703": ".jpg"}
    sent = 134_396_494_800_000_000
    times = [(0x00390040, sent), (0x0E060040, sent)]
    attached = _properties(bytes(8), file, [(0x37050003, 1)])
    return compound(
        {
            **_properties(struct.pack("<8xIIII8x", 1, 1, 1, 1), texts, times),
            "__nameid_version1.0": {
                "__substg1.0_00020102": b"",
                "__substg1.0_00030102": b"",
                "__substg1.0_00040102": b"",
            },
            "__recip_version1.0_#00000000": _properties(bytes(8), person, [(0x0C150003, 1)]),
            "__attach_version1.0_#00000000": {
                **attached,
                "__substg1.0_37010102": b"\xff\xd8\xff\xe0 no photo",
            },
        },
        class_id="00020D0B-0000-0000-C000-000000000046",
    )


def _properties(
    head: bytes, texts: dict[str, str], others: list[tuple[int, int]]
) -> dict[str, bytes]:
    """Return the streams of texts and the stream that lists all properties."""
    rows = head
    streams = {}
    for tag, words in texts.items():
        data = words.encode("utf-16-le")
        streams[f"__substg1.0_{tag}001F"] = data
        rows += struct.pack("<IIQ", int(tag + "001F", 16), 6, len(data) + 2)
    for number, value in others:
        rows += struct.pack("<IIQ", number, 6, value)
    return {**streams, "__properties_version1.0": rows}


def specimens() -> list[Specimen]:
    """Return the mails."""
    line = b"From jane@customer.example Fri Nov 20 12:58:00 2026\n"
    two = line + RECEIVED.encode() + b"\n" + line + RECEIVED.replace("48213", "7").encode()
    crlf = LATIN.replace("\n", "\r\n").encode()
    return [
        _mail("received first.eml", RECEIVED.encode(), *WHOLE),
        _mail("crlf latin.eml", crlf, *SHOWN),
        _mail("with mark.eml", b"\xef\xbb\xbf" + RECEIVED.encode(), *SHOWN),
        _mail("with mbox line.eml", line + RECEIVED.encode(), *SHOWN),
        _mail("export.mbox", two, *SHOWN),
        _mail("mail without ending", RECEIVED.encode(), *SHOWN),
        _mail("mail as text.txt", RECEIVED.encode(), *SHOWN),
        _mail(
            "with files.eml",
            multipart(),
            *("Invoice of ORD-48213", "See the attached", "invoice-7.pdf", "störung.png"),
        ),
        _mail("of apple.eml", apple(), "See the attached invoice", "invoice-7.pdf (PDF document"),
        _mail("bounced.eml", bounced(), "desk@nordhem", "5.1.1", "550 no such", "ORD-48213"),
        _mail("gb18030 page.eml", chinese_page(), "您好，我的", "订单", "wang@customer.example"),
        _mail("forwarded.eml", nested(), "Please look at this", *SHOWN[:3]),
        _mail("wrong charset.eml", wrong_charset(), "Здравствуйте, когда придёт мой заказ"),
        _mail(
            "outlook.msg",
            outlook(),
            *("Jane Doe", "Lamp broken", "ORD-48213", "Grüße", "photo of lamp.jpg"),
        ),
        _mail("apple.emlx", f"{len(RECEIVED):<10}\n{RECEIVED}<plist/>\n".encode(), *SHOWN),
        _mail("raw utf-8.eml", RAW.encode(), "Lampe für Küche", "jane@customer.example"),
        Specimen(
            "winmail.dat",
            lambda: b"\x78\x9f\x3e\x22\x01\x00" + bytes(range(200)),
            Right(fate=Fate.UNKNOWN, called=r"(?i)outlook|tnef|mail"),
        ),
    ]


def _mail(name: str, data: bytes, *words: str) -> Specimen:
    never = (*NEVER, "<p>", "<b>")
    right = Right(
        called=CALLED, words=words, never=never, served=r"text/plain|message/rfc822|octet|outlook"
    )
    return Specimen(name, lambda: data, right)
