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
_ACTIVE_ENDINGS = frozenset(
    ["htm", "html", "mht", "mhtml", "shtml", "svg", "svgz", "xht", "xhtml", "xml", "xsl", "xslt"]
)
# What opens another program, address or setting on the reader's machine, though it is no program.
_OPENING_ENDINGS = frozenset(
    [
        # Links, and files that search, connect or sign in elsewhere.
        *("url", "website", "webloc", "inetloc", "fileloc", "desktop", "scf", "lnk", "library-ms"),
        *("search-ms", "searchconnector-ms", "settingcontent-ms", "appref-ms", "appcontent-ms"),
        *("contact", "group", "rdp", "rdg", "remoteapp", "ica", "vnc", "nfo", "osdx", "mapimail"),
        # Scripts and what runs them.
        *("bas", "command", "csh", "fxp", "hlp", "htc", "inf", "ins", "isp", "job", "jnlp", "ksh"),
        *("msc", "msh", "msh1", "msh2", "mst", "pl", "plg", "prg", "ps1xml", "ps2", "psc1", "psc2"),
        *("psd1", "psm1", "py", "pyc", "pyo", "pyw", "pyz", "pyzw", "rb", "sct", "shb", "shs"),
        *("terminal", "tool", "udl", "workflow", "action", "ws", "wsc", "wsb", "zsh", "bash"),
        *(
            "vbscript",
            "jscript",
            "service",
            "timer",
            "ini",
            "xrm-ms",
            "printerexport",
            "ppkg",
            "wim",
        ),
        *("application", "appinstaller", "appx", "appxbundle", "msix", "msixbundle", "chm"),
        *("gadget", "crx", "xpi", "xbap", "theme", "themepack", "deskthemepack", "mobileconfig"),
        *("diagcab", "diagcfg", "diagpkg", "vsix", "vsto", "vsw", "xnk", "grp", "clickonce"),
        # Sheets and add-ins that fetch or compute by themselves when they are opened.
        *("iqy", "dqy", "oqy", "rqy", "odc", "slk", "dif", "xll", "xla", "xlam", "xlm", "wll"),
        *(
            "ppa",
            "ppam",
            "accda",
            "accde",
            "accdr",
            "ade",
            "adp",
            "mda",
            "mde",
            "mdz",
            "prf",
            "oft",
        ),
        # Documents that hold macros.
        *("docm", "dotm", "xlsm", "xltm", "pptm", "potm", "ppsm", "sldm", "wbk", "one"),
        *("onepkg", "onetoc2", "vsdm", "vstm", "vssm"),
        # Volumes and packages, whose contents lose the mark of where they came from.
        *(
            "iso",
            "img",
            "vhd",
            "vhdx",
            "dmg",
            "pkg",
            "mpkg",
            "deb",
            "rpm",
            "appimage",
            "run",
            "cab",
        ),
        # Pages.
        *("asp", "aspx", "cdf", "dhtml", "dtd", "ht3", "htx", "jsp", "php", "stm", "xaml", "xsd"),
        *("ashx", "asmx", "atom", "cfm", "phtml", "rdf", "rss", "shtm", "wsdl", "xslfo"),
    ]
)
_RISKY_ENDINGS = _PROGRAM_ENDINGS | _ACTIVE_ENDINGS | _OPENING_ENDINGS
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
    """Return ``name`` with an ending that fits the type, or a neutral one in place of a risky one.

    So no program of the reader opens the file as anything but what it is.
    """
    endings = ENDINGS.get(content_type, ())
    if not endings and _is_risky(names.ending_of(name)):
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
    is_risky = any(map(_is_risky, name.lower().split(".")[1:]))
    return UNKNOWN if is_risky or content_type not in SAFE_DOCUMENTS else content_type


def _is_risky(ending: str) -> bool:
    """Return whether a reader's machine would do more with such a file than show it."""
    is_class = ending.startswith("{")  # which Windows opens by the class that it names
    return is_class or ending in _RISKY_ENDINGS


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
