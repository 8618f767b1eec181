"""Endings and names: which programs of the reader would open a file, and which are harmless."""

import re

from conversations.files import names
from conversations.files.kinds import archives, compounds, table
from conversations.files.kinds.table import ENDINGS, ROWS, SAFE_DOCUMENTS, UNKNOWN
from conversations.files.kinds.types import DOCUMENT

HEAD = 64 * 1024
PLAIN = frozenset({"text/plain", "text/csv", "text/markdown"})
_FIRST = 64
_LOW = 9

_PROGRAMS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"\x00asm",
)
_SCRIPT = re.compile(rb"#![ \t]*(?:/|[A-Za-z]:[\\/])")
_PROGRAM_WORDS = (b"MZ", b"FWS", b"CWS", b"ZWS", b"Cr24", b"dex\n")
"""What words may begin with too; a program goes on with bytes that no text has."""
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
        *(ending for row in ROWS if row.kind != DOCUMENT for ending in row.endings),
        # Texts and data.
        *("txt", "text", "log", "out", "err", "md", "markdown", "rst", "adoc", "tex", "bib"),
        *("csv", "tsv", "psv", "json", "jsonl", "ndjson", "geojson", "har", "yaml", "yml", "toml"),
        *("conf", "cfg", "properties", "lock", "diff", "patch", "po", "pot", "strings", "sql"),
        *("srt", "vtt", "sub", "css", "scss", "less", "sass", "c", "h", "cc", "cpp", "hpp", "cs"),
        *("java", "kt", "go", "rs", "swift", "ts", "tsx", "asc", "gpg", "sig", "p7s", "p7m"),
        *("gpx", "dbf", "sqlite", "sqlite3", "parquet", "avro", "dat", "bak", "dmp", "pcap"),
        *("pcapng", "evtx", "crash", "ips", "trace", "tab"),
        # Documents and mail.
        *("pdf", "rtf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pps", "ppsx", "odt", "ods"),
        *("odp", "odg", "wps", "pages", "numbers", "key", "epub", "mobi", "azw3", "djvu", "xps"),
        *("oxps", "vsd", "vsdx", "mpp", "eml", "msg", "ics", "ical", "vcf", "vcard"),
        # Pictures that no browser shows, drawings, fonts.
        *("jxl", "tga", "raw", "cr2", "cr3", "nef", "arw", "dng", "orf", "rw2", "raf", "xcf"),
        *("nrw", "sr2", "srf", "gpr", "pef", "srw", "3fr", "x3f", "rwl", "mrw", "iiq"),
        *("indd", "sketch", "fig", "drawio", "ai", "dwg", "dxf", "step", "stp", "igs", "iges"),
        *("stl", "obj", "3mf", "skp", "gltf", "glb", "ttf", "otf", "woff", "woff2"),
        # Archives.
        *("zip", "gz", "tgz", "bz2", "tbz", "xz", "txz", "7z", "rar", "tar", "zst", "lz4", "lzma"),
    ]
)
_NEUTRAL_ENDING = "bin"
_VIRUS_TEST = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


def is_program(data: bytes, name: str) -> bool:
    """Return whether the file is a program, by its bytes or its name."""
    if names.ending_of(name) in _PROGRAM_ENDINGS or _VIRUS_TEST in data[:HEAD]:
        return True
    if data.startswith(_PROGRAMS) or _SCRIPT.match(data):
        return True
    if data.startswith(_PROGRAM_WORDS):
        return any(code < _LOW for code in data[:_FIRST])
    return _is_packed_program(data)


def harmless_name(name: str, content_type: str) -> str:
    """Return ``name`` with an ending that fits the type, or else with a harmless or neutral one.

    So no program of the reader opens the file as anything but what it is.
    """
    name = names.cleaned(name)
    endings = ENDINGS.get(content_type, ())
    if not endings and not _is_harmless(names.ending_of(name)):
        endings = (_NEUTRAL_ENDING,)
    return names.with_ending(name, endings)


def served_type(content_type: str, kind: str, name: str) -> str:
    """Return the type under which a file is served: its own only where that is harmless."""
    if kind != DOCUMENT:
        return content_type
    endings = names.endings_of(name)
    # A download of text is shown as text by the last ending, whatever stands before.
    asked = endings[-1:] if content_type in PLAIN else endings
    is_harmless = all(map(_is_harmless, asked))
    return content_type if is_harmless and content_type in SAFE_DOCUMENTS else UNKNOWN


def _is_harmless(ending: str) -> bool:
    """Return whether a reader's machine does no more with such a file than show it.

    What is no ending, but a number or words after a dot, no machine knows.
    """
    is_words = " " in ending and any(map(str.isalnum, ending))
    return not ending or ending.isdigit() or is_words or ending in _HARMLESS_ENDINGS


def _is_packed_program(data: bytes) -> bool:
    """Return whether an archive or a compound file is a program, whatever it is called."""
    if data.startswith(b"PK\x03\x04"):
        return table.BY_NAME[archives.type_of(data)].is_refused
    if data.startswith(compounds.MAGIC):
        return table.BY_NAME[compounds.type_of(data, "")].is_refused
    return False
