"""Archives: honest, locked and damaged ones, and those that are programs."""

import bz2
import gzip
import io
import re
import tarfile
import zipfile

from tests.fakes import documents
from tests.fakes.corpus.specimens import Fate, Right, Specimen

DAY = (2026, 11, 20, 12, 0, 0)
_WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def packed(members: dict[str, bytes], *, is_first_stored: bool = False) -> bytes:
    """Return a zip archive whose members all bear the same day."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for number, (name, data) in enumerate(members.items()):
            method = zipfile.ZIP_STORED if is_first_stored and not number else zipfile.ZIP_DEFLATED
            file.writestr(zipfile.ZipInfo(name, DAY), data, method)
    return target.getvalue()


def settled(document: bytes) -> bytes:
    """Return the same Office file without the time at which it was made."""
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    core = members.get("docProps/core.xml", b"")
    if core:
        members["docProps/core.xml"] = _WRITTEN.sub(rb"\g<1>2026-11-20T12:00:00Z", core)
    return packed(members)


def locked(archive: bytes) -> bytes:
    """Return a zip archive whose members say that a password is needed."""
    data = bytearray(archive)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def tar(members: dict[str, bytes]) -> bytes:
    """Return a tar archive."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as file:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            file.addfile(entry, io.BytesIO(data))
    return target.getvalue()


def specimens() -> list[Specimen]:
    """Return the archives."""
    files = {"orders/2026.csv": b"a;b\n", "störung.jpg": b"\xff\xd8\xff", "readme.txt": b"hello"}
    names = ("orders/2026.csv", "readme.txt")
    return [
        _named("photos.zip", packed(files), r"(?i)zip", *names, "störung.jpg"),
        _named("backup.tar.gz", gzip.compress(tar(files), mtime=0), r"(?i)tar|gzip|archive"),
        _named("backup.tar", tar(files), r"(?i)tar|archive"),
        _unknown("letter.txt.gz", gzip.compress(b"hello", mtime=0), r"(?i)gzip|archive|compressed"),
        _unknown("letter.bz2", bz2.compress(b"hello"), r"(?i)bzip|archive|compressed"),
        _unknown("photos.7z", b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(range(120)), r"(?i)7z|7-zip"),
        _unknown("photos.rar", b"Rar!\x1a\x07\x01\x00" + bytes(range(120)), r"(?i)rar"),
        Specimen(
            "secret.zip",
            lambda: locked(packed(files)),
            Right(fate=Fate.LOCKED, called=r"(?i)zip"),
        ),
        _unknown("cut.zip", packed(files)[:90], r"(?i)zip|archive"),
        _unknown("empty.zip", b"PK\x05\x06" + bytes(18), r"(?i)zip|archive"),
        _named("word folder.zip", packed({"word/list.txt": b"a", "xl/b.txt": b"b"}), r"(?i)zip"),
        _named("papers.zip", _papers(), r"(?i)zip", "letter.docx"),
        *_programs(),
    ]


def _papers() -> bytes:
    """Return an archive in which a letter lies as it is, its own names within sight."""
    return packed({"letter.docx": settled(documents.word("Hello"))}, is_first_stored=True)


def _programs() -> list[Specimen]:
    """Return programs under their own names and others."""
    manifest, code = b"Manifest-Version: 1.0\n", b"\xca\xfe\xba\xbe\0\0\0\x3d" + bytes(40)
    java = packed({"META-INF/MANIFEST.MF": manifest, "shop/Main.class": code})
    android = packed({"AndroidManifest.xml": b"\x03\0\x08\0", "classes.dex": b"dex\n035\0"})
    shortcut = b"L\0\0\0\x01\x14\x02\0" + bytes(90)
    return [
        _program("tool.zip", java),
        _program("app.jar", java),
        _program("photo viewer.zip", android),
        _program("game.apk", android),
        _program("invoice.pdf", b"MZ\x90\0" + bytes(200)),
        _program("setup.EXE", b"MZ\x90\0" + bytes(200)),
        _program("photo.jpg.lnk", shortcut),
        _program("run.txt", b"#!/bin/sh\nrm -rf /\n"),
        _program("start.bat", b"@echo off\r\n"),
    ]


def with_heading_junk() -> bytes:
    """Return a PDF behind the headers with which a careless program stored it."""
    return b"\r\nHTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + documents.pdf("48213")


def _named(name: str, data: bytes, called: str, *words: str) -> Specimen:
    return Specimen(name, lambda: data, Right(called=called, words=words))


def _unknown(name: str, data: bytes, called: str) -> Specimen:
    return Specimen(name, lambda: data, Right(fate=Fate.UNKNOWN, called=called))


def _program(name: str, data: bytes) -> Specimen:
    return Specimen(name, lambda: data, Right(fate=Fate.REFUSED))
