"""Hostile files: everything that a stranger might upload to do harm, as many as wanted."""

import gzip
import itertools
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes import files

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

PAYLOADS: dict[str, bytes] = {
    "html": b"<!doctype html><html><body>" + SCRIPT + b"</body></html>",
    "html in capitals": b"<HTML><BODY onload=alert(1)>",
    "html behind blanks": b"\n\t  \x0c <html>" + SCRIPT,
    "html behind a mark": b"\xef\xbb\xbf<html>" + SCRIPT,
    "html in UTF-16": ("\ufeff<html>" + SCRIPT.decode()).encode("utf-16"),
    "html behind text": b"Dear team,\n" * 20 + SCRIPT,
    "html comment": b"<!-- " + b"-" * 200 + b" -->" + SCRIPT,
    "svg": SVG,
    "svg with a declaration": b'<?xml version="1.0"?>' + SVG,
    "svg behind a comment": b"<!-- hi -->" + SVG,
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT,
    "xml with an entity": XXE,
    "xml bomb": b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>",
    "xslt": b'<?xml version="1.0"?><?xml-stylesheet href="#"?><xsl:stylesheet/>',
    "mhtml": b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>" + SCRIPT,
    "swf": b"FWS\x09" + b"\0" * 60,
    "swf, packed": b"CWS\x0d" + b"\0" * 60,
    "GIF and script": b"GIF89a=1;/*" + b"\0" * 20 + b"*/" + SCRIPT,
    "GIF and page": files.image("GIF") + SCRIPT,
    "PNG and page": files.image("PNG") + b"<html>" + SCRIPT,
    "JPEG and archive": files.photo() + files.archive({"a.html": SCRIPT}),
    "JPEG whose comment is a page": files.photo(comment=b"<html>" + SCRIPT),
    "PDF and page": files.PDF + b"<html>" + SCRIPT,
    "page and PDF": b"<html>" + SCRIPT + files.PDF,
    "PDF with script": files.PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>"),
    "zip": files.archive({"../../etc/passwd": b"x", "a.html": SCRIPT}),
    "zip bomb": files.archive({f"{n}.txt": b"\0" * 1_000_000 for n in range(3)}),
    "zip that claims 10 GB": b"PK\x03\x04" + b"\x14\0" * 4 + struct.pack("<Q", 10**10) + b"\0" * 60,
    "docx": files.archive({"word/document.xml": XXE, "[Content_Types].xml": XXE}),
    "xlsx with an entity": files.archive({"xl/workbook.xml": XXE, "[Content_Types].xml": XXE}),
    "gzip bomb": gzip.compress(b"\0" * 5_000_000),
    "PNG of 50 000 by 50 000": files.huge_png(50_000, 50_000),
    "PNG of 2 billion by 1": files.huge_png(2_000_000_000, 1),
    "GIF of many frames": files.moving(600, (8, 8)),
    "JPEG cut short": files.photo()[:200],
    "PNG that breaks off": files.image("PNG")[:40],
    "GIF of nothing": b"GIF89a",
    "photo with a place": files.photo(),
    "WebP": files.image("WEBP") + SCRIPT,
    "TIFF": files.image("TIFF"),
    "BMP": files.image("BMP"),
    "wav of 10 hours": files.wav(claimed=2**32 - 1),
    "MP3 and page": files.MP3 + SCRIPT,
    "MP4 and page": files.mp4() + SCRIPT,
    "nothing": b"",
    "EICAR": EICAR,
    "program": b"MZ\x90\0" + b"\0" * 100,
    "ELF": b"\x7fELF" + b"\0" * 60,
    "shell script": b"#!/bin/sh\nrm -rf /",
    "zeros": b"\0" * 5000,
    "JSON of a page": b'{"a": "<script>alert(1)</script>"}',
    "CSV with formulas": b'=cmd|\' /C calc\'!A0,"=HYPERLINK(""http://x"")"\n',
}

NAMES = (
    "photo.png",
    "../../../../etc/cron.d/parley",
    "..\\..\\windows\\system32\\x.dll",
    "/etc/passwd",
    "C:\\autoexec.txt",
    "a.png.html",
    "a.html",
    "a.svg",
    "image.svgz",
    "x.xhtml",
    "mail.mht",
    "%2e%2e%2fetc%2fpasswd",
    "..%252f..%252fx",
    "a\x00.png",
    "a.png\x00.html",
    "\u202egnp.exe.txt",
    "invoice\u202efdp.pdf",
    "CON",
    "con.png",
    "NUL.txt",
    "LPT1.pdf",
    "AUX.csv",
    "a" * 300 + ".png",
    "." * 300,
    "....",
    "..",
    ".",
    "",
    " ",
    "trailing.dot.",
    "trailing space.png ",
    ".htaccess",
    ".bashrc",
    "a\r\nContent-Type: text/html\r\n\r\n<script>.png",
    'a";filename="b.html',
    "a'; drop table x;--.png",
    "<img src=x onerror=alert(1)>.png",
    "über äöü 価格表.pdf",
    "👩‍👩‍👧.png",
    "a/b/c.png",
    "a:b.png",
    "a|b?.png",
    "file.tar.gz",
    "no ending",
    "x." + "y" * 100,
    "\ud800.png",
)

TYPES = ("image/png", "text/html", "image/svg+xml", "application/pdf", "", "text/plain; charset=x")


@dataclass(frozen=True)
class Hostile:
    """One upload: what it is, the name and type it claims, its bytes."""

    title: str
    name: str
    content_type: str
    data: bytes


def uploads(number: int, *, seed: int = 20261120) -> Iterator[Hostile]:
    """Yield ``number`` uploads: every payload and every name at least once, then at random."""
    chance = random.Random(seed)  # noqa: S311 - the same ones every time
    titles = itertools.cycle(PAYLOADS)
    named = itertools.cycle(NAMES)
    for index in range(number):
        if index < max(len(PAYLOADS), len(NAMES)):
            title, name = next(titles), next(named)
        else:
            title, name = chance.choice(list(PAYLOADS)), chance.choice(NAMES)
        yield Hostile(title, name, chance.choice(TYPES), _spoilt(PAYLOADS[title], index, chance))


def _spoilt(data: bytes, index: int, chance: random.Random) -> bytes:
    """After one honest round: with a tail, cut, or with some bytes turned."""
    if index < len(PAYLOADS) or not data:
        return data
    match index % 4:
        case 0:
            return data
        case 1:
            return data + SCRIPT
        case 2:
            return data[: chance.randrange(1, len(data) + 1)]
        case _:
            spoilt = bytearray(data)
            for _ in range(3):
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            return bytes(spoilt)
