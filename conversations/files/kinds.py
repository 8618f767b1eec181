"""Kinds of files, detected from the bytes; the name decides among texts alone."""

import re
from dataclasses import dataclass

import orjson
import puremagic

from conversations.files import names

IMAGE = "image"
AUDIO = "audio"
VIDEO = "video"
DOCUMENT = "document"
UNKNOWN = "application/octet-stream"

HEAD = 64 * 1024
MARKUP_HEAD = 4 * 1024

# By content type: the endings of its files, the usual one first.
ENDINGS: dict[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png", "apng"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/wav": ("wav",),
    "audio/mp4": ("m4a", "mp4"),
    "audio/aac": ("aac",),
    "audio/flac": ("flac",),
    "audio/amr": ("amr",),
    "audio/webm": ("webm", "weba"),
    "video/mp4": ("mp4", "m4v", "mov", "3gp"),
    "video/webm": ("webm", "mkv"),
    "video/ogg": ("ogv", "ogg"),
    "application/pdf": ("pdf",),
    "text/plain": (),
    "text/csv": ("csv",),
    "text/markdown": ("md", "markdown"),
    "application/json": ("json", "jsonl", "geojson", "har"),
}
# Documents whose type may be sent to a browser; all others leave as plain bytes.
SAFE_DOCUMENTS = frozenset(
    {
        "application/pdf",
        "application/json",
        "application/zip",
        "application/gzip",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/x-7z-compressed",
        "application/rtf",
        "text/csv",
        "text/markdown",
        "text/plain",
    }
)
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    b"opendocument.text": "application/vnd.oasis.opendocument.text",
    b"opendocument.spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
}
_OLD_OFFICE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"FWS",
    b"CWS",
    b"ZWS",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"#!",
)
_PROGRAM_ENDINGS = frozenset(
    [
        *("apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse", "lnk"),
        *("msi", "msp", "mjs", "pif", "ps1", "reg", "scr", "sh", "swf", "sys", "vb", "vbe", "vbs"),
        *("wsf", "wsh"),
    ]
)
# What a reader's machine only shows, plays or unpacks. With any other ending a file might be run,
# fetch something, change a setting, or open in a browser as a page: it gets a neutral one.
_HARMLESS_ENDINGS = frozenset(
    [
        # Texts and data.
        *("txt", "text", "log", "out", "err", "md", "markdown", "rst", "adoc", "tex", "bib"),
        *("csv", "tsv", "psv", "json", "jsonl", "ndjson", "geojson", "har", "yaml", "yml", "toml"),
        *("conf", "cfg", "properties", "lock", "diff", "patch", "po", "pot", "strings", "sql"),
        *("srt", "vtt", "sub", "css", "scss", "less", "sass", "c", "h", "cc", "cpp", "hpp", "cs"),
        *("java", "kt", "go", "rs", "swift", "ts", "tsx", "asc", "gpg", "sig", "p7s", "p7m"),
        *("gpx", "dbf", "sqlite", "sqlite3", "parquet", "avro", "dat", "bak", "dmp", "pcap"),
        *("pcapng", "evtx", "crash", "ips", "trace"),
        # Documents and mail.
        *("pdf", "rtf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pps", "ppsx", "odt", "ods"),
        *("odp", "odg", "wps", "pages", "numbers", "key", "epub", "mobi", "azw3", "djvu", "xps"),
        *("oxps", "vsd", "vsdx", "mpp", "eml", "msg", "ics", "vcf"),
        # Pictures, drawings, fonts.
        *("jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp", "avif", "heic", "heif"),
        *("bmp", "tif", "tiff", "ico", "jp2", "jxl", "tga", "raw", "cr2", "cr3", "nef", "arw"),
        *("dng", "orf", "rw2", "raf", "psd", "xcf", "indd", "sketch", "fig", "drawio", "ai"),
        *("dwg", "dxf", "step", "stp", "igs", "iges", "stl", "obj", "3mf", "skp", "gltf", "glb"),
        *("ttf", "otf", "woff", "woff2"),
        # Sound and film.
        *("mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "amr", "weba", "wma", "aif"),
        *("aiff", "mid", "midi", "caf", "mka", "mp4", "m4v", "mov", "3gp", "webm", "mkv", "ogv"),
        *("avi", "wmv", "mpg", "mpeg", "flv", "mts", "m2ts", "vob"),
        # Archives.
        *("zip", "gz", "tgz", "bz2", "tbz", "xz", "txz", "7z", "rar", "tar", "zst", "lz4", "lzma"),
    ]
)
_NEUTRAL_ENDING = "bin"
_VIRUS_TEST = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|svg|script|iframe|object|embed|math|\?xml|!--|[a-z]+:[a-z]+)",
    re.IGNORECASE,
)
_MHTML = re.compile(rb"^(?:from|mime-version|content-type)\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Sniffed:
    """The content type of a file, and its kind for people."""

    content_type: str
    kind: str = DOCUMENT


_RIFF = {b"WEBP": Sniffed("image/webp", IMAGE), b"WAVE": Sniffed("audio/wav", AUDIO)}
_BEGINNINGS = (
    ((b"\x89PNG\r\n\x1a\n",), Sniffed("image/png", IMAGE)),
    ((b"\xff\xd8\xff",), Sniffed("image/jpeg", IMAGE)),
    ((b"GIF87a", b"GIF89a"), Sniffed("image/gif", IMAGE)),
    ((b"II*\x00", b"MM\x00*"), Sniffed("image/tiff", IMAGE)),
    ((b"fLaC",), Sniffed("audio/flac", AUDIO)),
    ((b"#!AMR",), Sniffed("audio/amr", AUDIO)),
    ((b"\xff\xf1", b"\xff\xf9"), Sniffed("audio/aac", AUDIO)),
    ((b"ID3", b"\xff\xfa", b"\xff\xfb", b"\xff\xf2", b"\xff\xf3"), Sniffed("audio/mpeg", AUDIO)),
)


def is_program(data: bytes, name: str) -> bool:
    """Return whether the file is a program, by its first bytes or its name."""
    if names.ending_of(name) in _PROGRAM_ENDINGS or _VIRUS_TEST in data[:HEAD]:
        return True
    return data.startswith(_PROGRAMS) and not data.startswith(b"#!AMR")


def harmless_name(name: str, content_type: str) -> str:
    """Return ``name`` with an ending that fits the type, or else with a harmless or neutral one.

    So no program of the reader opens the file as anything but what it is.
    """
    name = names.cleaned(name)
    endings = ENDINGS.get(content_type, ())
    if not endings and not _is_harmless(names.ending_of(name)):
        endings = (_NEUTRAL_ENDING,)
    return names.with_ending(name, endings)


def sniff(data: bytes, name: str) -> Sniffed:
    """Return the type of ``data``; the ending of ``name`` distinguishes plain texts alone."""
    head = data[:HEAD]
    found = _by_beginning(head) or _container(head)
    if found is not None:
        return found
    if head.startswith(b"%PDF-"):
        return Sniffed("application/pdf")
    return _markup(head) or _text(data, name) or _other(data, name)


def served_type(content_type: str, kind: str, name: str) -> str:
    """Return the type under which a file is served: its own only where that is harmless."""
    if kind != DOCUMENT:
        return content_type
    is_harmless = all(map(_is_harmless, names.endings_of(name)))
    return content_type if is_harmless and content_type in SAFE_DOCUMENTS else UNKNOWN


def _is_harmless(ending: str) -> bool:
    """Return whether a reader's machine does no more with such a file than show it.

    What is no ending, but a number or words after a dot, no machine knows.
    """
    is_words = " " in ending and any(map(str.isalnum, ending))
    return not ending or ending.isdigit() or is_words or ending in _HARMLESS_ENDINGS


def _by_beginning(head: bytes) -> Sniffed | None:
    """Detect images and sounds by their first bytes."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    for beginnings, sniffed in _BEGINNINGS:
        if head.startswith(beginnings):
            return sniffed
    is_bitmap = head[:2] == b"BM" and head[6:10] == b"\x00" * 4
    return Sniffed("image/bmp", IMAGE) if is_bitmap else None


def _container(head: bytes) -> Sniffed | None:
    """Detect sound or video in the containers that may hold either."""
    if head.startswith(b"OggS"):
        is_video = b"theora" in head
        return Sniffed("video/ogg", VIDEO) if is_video else Sniffed("audio/ogg", AUDIO)
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        is_video = any(codec in head for codec in (b"V_VP", b"V_AV1", b"V_MPEG"))
        return Sniffed("video/webm", VIDEO) if is_video else Sniffed("audio/webm", AUDIO)
    if head[4:8] == b"ftyp":
        return _of_brand(head)
    return None


def _of_brand(head: bytes) -> Sniffed:
    brand = head[8:12]
    if brand in {b"avif", b"avis"}:
        return Sniffed("image/avif", IMAGE)
    if brand in {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}:
        return Sniffed("image/heic")
    if brand in {b"M4A ", b"M4B "}:
        return Sniffed("audio/mp4", AUDIO)
    is_sound = b"soun" in head and b"vide" not in head
    return Sniffed("audio/mp4", AUDIO) if is_sound else Sniffed("video/mp4", VIDEO)


def _markup(head: bytes) -> Sniffed | None:
    """Detect pages, drawings and mails: whatever a browser might take for one."""
    text = _decoded(head[:MARKUP_HEAD]).lstrip("\ufeff \t\r\n\x00\f")
    if _MHTML.match(head) and b"\n\n" in head.replace(b"\r", b""):
        return Sniffed("message/rfc822")
    if not _MARKUP.search(text):
        return None
    lower = text.lower()
    if "<svg" in lower and "<html" not in lower:
        return Sniffed("image/svg+xml")
    is_xml = lower.startswith("<?xml") and "<html" not in lower and "<script" not in lower
    return Sniffed("application/xml") if is_xml else Sniffed("text/html")


def _text(data: bytes, name: str) -> Sniffed | None:
    ending = names.ending_of(name)
    if not is_text(data):
        return None
    if ending in ENDINGS["application/json"] and _is_json(data, ending):
        return Sniffed("application/json")
    for content_type in ("text/csv", "text/markdown"):
        if ending in ENDINGS[content_type]:
            return Sniffed(content_type)
    return Sniffed("text/plain")


def is_text(data: bytes) -> bool:
    """Return whether the bytes are text: UTF-8, UTF-16 with its mark, or an older code page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "\x00" not in _decoded(data)
    return not _NOT_TEXT.search(data)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8", errors="replace")


def _is_json(data: bytes, ending: str) -> bool:
    if ending == "jsonl":
        return True
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


def _other(data: bytes, name: str) -> Sniffed:
    ending = names.ending_of(name)
    if data.startswith(b"PK\x03\x04"):
        return Sniffed(_of_zip(data))
    if data.startswith(b"\xd0\xcf\x11\xe0") and ending in _OLD_OFFICE:
        return Sniffed(_OLD_OFFICE[ending])
    try:
        content_type = puremagic.from_string(data, mime=True)
    except (puremagic.PureError, ValueError):
        return Sniffed(UNKNOWN)
    return Sniffed(content_type if content_type in SAFE_DOCUMENTS else UNKNOWN)


def _of_zip(data: bytes) -> str:
    """Detect an archive's type by the names of its entries; nothing is unpacked."""
    seen = data[:HEAD] + data[-HEAD:]
    for mark, content_type in _OFFICE.items():
        if mark in seen:
            return content_type
    return "application/zip"
