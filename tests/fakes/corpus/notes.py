"""Texts with a form of their own: data, logs, subtitles, calendars, patches, keys."""

from tests.fakes.corpus.specimens import Specimen, text

# ruff: noqa: RUF001 - letters of other scripts are meant

ORDER = "ORD-48213"
CALENDAR = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Nordhem//Shop//EN
BEGIN:VEVENT
UID:1@nordhem.example
DTSTART:20261124T090000Z
SUMMARY:Delivery of {ORDER}
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
CARD = """BEGIN:VCARD
VERSION:3.0
FN:Elin Bergström
ORG:Nordhem AB
EMAIL:elin@nordhem.example
END:VCARD
""".replace("\n", "\r\n")
PATCH = f"""diff --git a/order.py b/order.py
--- a/order.py
+++ b/order.py
@@ -1,2 +1,2 @@
-number = "ORD-1"
+number = "{ORDER}"
"""
PO = f"""# Translations of the shop.
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#: templates/a.html:3
msgid "Where is {ORDER}?"
msgstr "Wo ist {ORDER}?"
"""
PEM = """-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIUQ0Uq2m1nK3v5cN0x8l0yq1v8cZkwCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----
"""
COLOURS = f"\x1b[32mINFO\x1b[0m order {ORDER} \x1b[1;31mfailed\x1b[0m\n" * 5
SUBTITLES = f"1\n00:00:01,000 --> 00:00:02,500\n<i>The lamp of {ORDER}</i>\n"
SQL = "INSERT INTO orders (number, note) VALUES ('ORD-48213', '<b>broken</b>');\n"
GEO = '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [18, 59]}}'
SOAP = f"""2026-11-20 12:00:01 INFO <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/">
2026-11-20 12:00:01 INFO <soap:Body><order>{ORDER}</order></soap:Body></soap:Envelope>
"""
README = f"""<!-- This file is made by hand. -->
# Lamp

<p align="center"><img src="lamp.png"></p>

The order is {ORDER}.<br>
"""
CODE = f"""def page() -> str:
    return "<html><body><script>alert('{ORDER}')</script></body></html>"
"""
LETTER = f"""From: the desk in the hall
Subject: lamps

This is a note on paper that somebody typed, about {ORDER}.
"""
DELIVERY = f"""Date: 3 May 2026
Received: 20 boxes
Damaged: 2

Please credit 2 boxes of {ORDER}.
"""
SHIPMENT = f"received: 2026-05-03\nfrom: Berlin\nto: Paris\norder: {ORDER}\n"
LATE = f"From Anna\nTo: Bob\n\nHello, {ORDER} is late.\n"
PARTS = f"AC1001;Klimaanlage;499 EUR\nAC1002;{ORDER};20 EUR\n"
STOCK = f"ящик;10 шт;полка 5\nлампа;3 шт;{ORDER}\n".encode("cp1251")
SOURCE = '#include <stdio.h>\nint main(void) { puts("' + ORDER + '"); return 0; }\n'


def specimens() -> list[Specimen]:
    """Return the texts."""
    return [*_data(), *_forms(), *_like_markup()]


def _data() -> list[Specimen]:
    return [
        text("orders.csv", f"number;item\n{ORDER};Björk\n", ORDER, "Björk", served="text/csv"),
        text("orders.tsv", f"number\titem\n{ORDER}\tBjörk\n", ORDER),
        text("formulas.csv", f'=HYPERLINK("http://x.example"),{ORDER}\n', ORDER, served="text/csv"),
        text("large.csv", _large(), "ORD-000000", "Björk", served="text/csv", told=(r"cut|first",)),
        text("README.md", f"# Order\n\n- {ORDER}\n", ORDER, served="text/(markdown|plain)"),
        text("order.json", f'{{"order": "{ORDER}", "note": "<b>x</b>"}}', ORDER, "<b>x</b>"),
        text("orders.jsonl", f'{{"n": "{ORDER}"}}\n{{"n": 2}}\n', ORDER),
        text("place.geojson", GEO, "Feature"),
        text("settings.yaml", f"order: {ORDER}\nitems: [lamp, bulb]\n", ORDER),
        text("settings.ini", f"[order]\nnumber = {ORDER}\n", ORDER),
        text("settings.toml", f'[order]\nnumber = "{ORDER}"\n', ORDER),
        text("dump.sql", SQL, ORDER, "<b>broken</b>"),
        text("main.c", SOURCE, ORDER, "#include <stdio.h>"),
    ]


def _forms() -> list[Specimen]:
    return [
        text("server.log", COLOURS, ORDER, "failed", never=("\x1b", "[32m", "[1;31m")),
        text("film.srt", SUBTITLES, ORDER, "-->"),
        text("delivery.ics", CALENDAR, ORDER, called=r"(?i)calendar|text|event"),
        text("elin.vcf", CARD, "Elin Bergström", called=r"(?i)contact|card|text"),
        text("fix.patch", PATCH, ORDER),
        text("de.po", PO, ORDER),
        text("server.pem", PEM, "BEGIN CERTIFICATE"),
        text("no ending", f"Just a note about {ORDER}", ORDER),
        text("NOTES.TXT", f"In capitals: {ORDER}", ORDER, served="text/plain"),
    ]


def _like_markup() -> list[Specimen]:
    safe = "text/(plain|csv|markdown)"
    mail = f"Jane <mailto:j@x.example> asks about {ORDER}"
    comment = f"<!-- a -->\nnumber,item\n{ORDER},lamp\n"
    return [
        text("jane.txt", mail, "<mailto:j@x.example>", ORDER, served=safe),
        text("comment.csv", comment, ORDER, served=safe),
        text("soap.log", SOAP, ORDER, served=safe),
        text("notes with html.md", README, ORDER, served=safe),
        text("page.py.txt", CODE, ORDER),
        text("letter.txt", LETTER, "the desk in the hall", ORDER, served=safe, called="(?i)text"),
        text("lieferung.txt", DELIVERY, "20 boxes", "Damaged: 2", ORDER, served=safe),
        text("shipment.yaml", SHIPMENT, "2026-05-03", ORDER, served="text/plain"),
        text("late.txt", LATE, "From Anna", ORDER, served=safe),
        text("teile.csv", PARTS, "AC1001", ORDER, served="text/csv"),
        text("sklad.csv", STOCK, "полка", ORDER, served="text/csv", is_doubtful=True),
        text("rtf.txt", f"{{\\rtf is what {ORDER} begins with", ORDER, served=safe),
        text("chrome.txt", f"Cr24 error on install, {ORDER}", "Cr24", ORDER, served=safe),
        text("generics.txt", f"List<String> of {ORDER} and a <b:c> of <T>", "List<String>"),
        text("doctype.txt", f"How do I use <!DOCTYPE html> here? {ORDER}", "<!DOCTYPE html>"),
        text("about pdf.txt", f"A PDF begins with %PDF-1.4, says {ORDER}.", ORDER, served=safe),
        text("tabbed.xls", f"number\titem\n{ORDER}\tBjörk\n", ORDER, "Björk"),
        text("sms.xml.txt", f'<?xml version="1.0"?>\n<sms body="{ORDER}"/>', ORDER),
    ]


def _large() -> bytes:
    """Return a table of 9.9 million bytes."""
    rows = "".join(f"ORD-{number:06},Björk,{number % 9}\n" for number in range(1000))
    return (rows * (9_900_000 // len(rows.encode()) + 1)).encode()[:9_900_000]
