"""Notes that begin as mails, programs' files or recordings do: they stay texts, word by word."""

import pytest

from conversations.files import kinds, texts

MAIL = "message/rfc822"
FIRST = (
    b"Received: from a (b [192.0.2.1])\r\n\tby c; Fri, 20 Nov 2026 11:58:02 +0000\r\n",
    b"Return-Path: <a@b.example>\r\n",
    b"Delivered-To: a@b.example\r\n",
    b"X-Spam: no\r\nMessage-ID: <a@b.example>\r\n",
    b"DKIM-Signature: v=1; a=rsa-sha256\r\n",
    b"\xef\xbb\xbfMIME-Version: 1.0\r\n",
    b"From a@b Mon Nov  2 10:00:00 2026\r\n",
    b"From - Mon Nov 02 10:00:00 2026\r\nX-Mozilla-Status: 0001\r\n",
    b"From 17@xxx Mon Nov 02 10:00:00 +0000 2026\r\n",
    b"\r\nX-Mailer: Shop 1\r\n",
    b"X-Mailer: Shop 1\r\nSender: a@b.example\r\n",
)
LIKE_MAILS = {
    "lieferung.txt": b"Date: 3 May 2026\nReceived: 20 boxes\nDamaged: 2\n\nPlease credit 2 boxes",
    "shipment.yaml": b"received: 2026-05-03\nfrom: Berlin\nto: Paris\nitems: 3\ncolour: blue",
    "note.txt": b"From Anna\nTo: Bob\n\nHello, the parcel is late.",
    "price": b"From Berlin\nDate: 3 May\nPrice: 20 EUR",
    "trip.txt": b"From Berlin 12:30\nTo: Paris\nDate: 3 May\n\nTwo tickets",
    "lunch.txt": b"From: Bob\nSubject: lunch\n\nSee you",
    "all.txt": b"Date: today\nTo: all\n\nmime-version of it",
    "thanks": b"Received: one lamp\n\nThanks",
    "parcel.txt": b"Delivered-To: Anna\nFrom: the shop\nDate: 3 May\n\nIn the garage",
    "gone.txt": b"Delivered-To: bob@x.example\nFrom: the shop\n\nIn the garage",
    "back.txt": b"Return-Path: over the hill\nFrom: the lake\nTo: the hut\n\nTwo hours",
    "answer.log": b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html>",
    "goods.txt": b"Sender: shop\nReceived: 3 boxes; two of them at 12:30\nTo: Anna\n\nThanks",
    "desk.md": b"Message-ID: is what we need\nFrom: every customer\n\nAsk for it",
}


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("name", ["a.eml", "a", "a.txt"])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_mail_is_known_whatever_comes_first(first: bytes, name: str, end: bytes) -> None:
    data = (first + b"From: a@b.example\r\nSubject: Lamp\r\n\r\nBroken").replace(b"\r\n", end)
    assert kinds.sniff(data, name).content_type == MAIL


@pytest.mark.parametrize("name", LIKE_MAILS)
def test_note_that_begins_like_a_mail_is_told_whole(name: str) -> None:
    data = LIKE_MAILS[name]
    found = kinds.sniff(data, name).content_type
    assert found in {"text/plain", "text/markdown"}
    assert texts.read(data)[0] == data.decode()


@pytest.mark.parametrize("name", ["a.eml", "a.mht", "a.mbox"])
def test_ending_of_a_mail_needs_little_of_its_header(name: str) -> None:
    found = kinds.sniff(b"From Anna\nSubject: Lamp\n\nBroken", name)
    assert found.file_type in {"mail", "mbox"}


def test_mail_of_apple_begins_with_its_length() -> None:
    mail = b"Subject: Lamp\nFrom: a@b.example\n\nBroken\n"
    data = b"%-10d\n%b<?xml version='1.0'?><plist/>" % (len(mail), mail)
    assert kinds.sniff(data, "7.emlx").content_type == MAIL
    assert kinds.sniff(b"7\nSubject: x\n\ny", "a.txt").content_type == "text/plain"


LIKE_FILES = {
    "teile.csv": b"AC1001;Klimaanlage;499 EUR\nAC1002;Filter;20 EUR",
    "broken.txt": b"AC100 broken, please help",
    "print.txt": b"%!PS is what the printer writes",
    "letter.txt": b"{\\rtf files do not open",
    "web.txt": b"wOFF is a font? And wOF2?",
    "scan.txt": b"AT&TFORM is what it says",
    "voice.txt": b"OggS is what it begins with",
    "pack.txt": b"BZh91AY&SY is in my file",
    "film.txt": b"The moov atom is lost",
    "film2": b"The ftyp box is lost",
    "sound.txt": b"fLaC is a format",
    "picture.txt": b"GIF89a is an old format",
    "phone.txt": b"#!AMR is a format",
    "wave.txt": b"RIFF and WAVE are two words",
    "apple.txt": b"FORM and AIFF are two words",
    "tape.txt": b"a" * 257 + b"ustar is a word",
    "pdf.txt": b"%PDF-1.4 is what it begins with",
    "chrome.txt": b"Cr24 error on install",
    "phone app.txt": b"dex\nis what it begins with",
    "hello.txt": b"#! hello",
}
QUOTED = [
    b"<a@b.example> wrote:\nthe lamp is broken",
    b"<p.jones@b.example> and <div@b.example> asked",
    b"<link: see below>",
    b"<table-lamp> is the name",
    b"<a",
]
MARKUP = {
    b"<a href='https://a.example'>x</a>": "html",
    b"<p>One": "html",
    b"<br/>": "text",
    b"<div\nclass='a'>x</div>": "html",
    b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' [ <!ENTITY a 'b>c'> ]>\n<svg/>": "svg",
    b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='x'/>": "svg",
    b"<!-- > --><!DOCTYPE html><p>x": "html",
    b"<?xml version='1.0'?><order/>": "xml",
    b"<s:Envelope xmlns:s='x'/>": "xml",
}


@pytest.mark.parametrize("data", QUOTED)
def test_note_that_begins_with_an_address_is_no_page(data: bytes) -> None:
    assert kinds.sniff(data, "note").content_type == "text/plain"
    assert texts.read(data)[0] == data.decode()


@pytest.mark.parametrize("data", MARKUP)
def test_markup_is_known_by_its_first_tag(data: bytes) -> None:
    assert kinds.sniff(data, "note").file_type == MARKUP[data]


CYRILLIC = {
    "sklad.csv": "ящик;10 шт;полка 5\nлампа;3 шт;полка 7\n",  # noqa: RUF001 - Cyrillic is meant
    "note.txt": "явка обязательна, приходите все",
    "me.txt": "яблоки и груши",
}


@pytest.mark.parametrize("name", LIKE_FILES)
def test_note_that_begins_like_a_file_is_a_text(name: str) -> None:
    data = LIKE_FILES[name]
    assert not kinds.is_program(data, name)
    assert kinds.sniff(data, name).content_type in {"text/plain", "text/csv"}
    assert texts.read(data)[0] == data.decode()


@pytest.mark.parametrize("name", CYRILLIC)
@pytest.mark.parametrize("number", [1, 300])
def test_letters_of_other_scripts_are_no_frames_of_sound(name: str, number: int) -> None:
    data = CYRILLIC[name].encode("cp1251") * number
    assert kinds.sniff(data, name).content_type in {"text/plain", "text/csv"}


def test_latin_letter_is_no_frame_of_sound() -> None:
    data = "ÿû was here".encode("latin-1")
    assert kinds.sniff(data, "a.txt").content_type == "text/plain"


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"\xff\xfb\x90\x64", 417),
        (b"\xff\xfb\x92\x64", 418),
        (b"\xff\xf3\x18\xc4", 36),
        (b"\xff\xe3\x18\xc4", 72),
        (b"\xff\xfd\x80\x04", 417),
    ],
)
def test_frames_of_sound_follow_one_another(head: bytes, length: int) -> None:
    frame = head + bytes(length - 4)
    assert kinds.sniff(frame * 20, "a").file_type == "mp3"
    assert kinds.sniff(frame[:-9], "a").file_type == "mp3"
    assert kinds.sniff((frame + b"\x01") * 20, "a").file_type == "unknown"
