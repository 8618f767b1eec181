"""The table of files: what each is called, how it is recognised, what becomes of it.

`docs/files.md` shows the same rows; tests walk them with a small file each.
"""

from dataclasses import dataclass

from conversations.files.kinds.types import AUDIO, DOCUMENT, IMAGE, VIDEO, Content, FileType

UNKNOWN = "application/octet-stream"
RAW = "raw"

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"


def _(label: str) -> str:
    """Mark a label for translation; the limited process, which has no Django, reads this too."""
    return label


def _image(name: str, label: str, content_type: str, known_by: str) -> FileType:
    return FileType(
        name=name,
        label=label,
        content_type=content_type,
        kind=IMAGE,
        endings=_OWN_ENDINGS.get(name, ()),
        known_by=known_by,
        content=Content.SEEN,
    )


def _sound(name: str, label: str, content_type: str, known_by: str) -> FileType:
    return FileType(
        name=name,
        label=label,
        content_type=content_type,
        kind=AUDIO,
        endings=_OWN_ENDINGS.get(name, (name,)),
        known_by=known_by,
        content=Content.SAID,
    )


def _film(name: str, label: str, content_type: str, known_by: str) -> FileType:
    return FileType(
        name=name,
        label=label,
        content_type=content_type,
        kind=VIDEO,
        endings=_OWN_ENDINGS.get(name, (name,)),
        known_by=known_by,
    )


def _text(name: str, label: str, endings: str, known_by: str = "ending of a text") -> FileType:
    return FileType(
        name=name,
        label=label,
        content_type=_TEXT_TYPES.get(name, "text/plain"),
        endings=tuple(endings.split()),
        known_by=known_by,
        content=Content.TEXT,
        is_served=True,
    )


def _document(
    name: str, label: str, content_type: str, known_by: str, content: Content = Content.DOCUMENT
) -> FileType:
    return FileType(
        name=name,
        label=label,
        content_type=content_type,
        endings=_OWN_ENDINGS.get(name, ()),
        known_by=known_by,
        content=content,
        is_served=name in _SERVED,
    )


def _archive(
    name: str, label: str, content_type: str, known_by: str, content: Content = Content.ENTRIES
) -> FileType:
    return _document(name, label, content_type, known_by, content)


def _plain(name: str, label: str, known_by: str, content_type: str = UNKNOWN) -> FileType:
    """Return a row of which nothing is read; it leaves as plain bytes unless it is harmless."""
    return _document(name, label, content_type, known_by, Content.NOTHING)


def _locked(name: str, label: str, known_by: str) -> FileType:
    return FileType(
        name=name,
        label=label,
        content_type="application/x-ole-storage",
        known_by=known_by,
        is_locked=True,
    )


def _program(name: str, label: str, known_by: str) -> FileType:
    return FileType(
        name=name, label=label, content_type=UNKNOWN, known_by=known_by, is_refused=True
    )


_OWN_ENDINGS: dict[str, tuple[str, ...]] = {
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "png": ("png", "apng"),
    "gif": ("gif",),
    "webp": ("webp",),
    "heic": ("heic", "heif", "hif", "heics", "heifs"),
    "avif": ("avif", "avifs"),
    "tiff": ("tif", "tiff"),
    "bmp": ("bmp", "dib"),
    "jp2": ("jp2", "j2k", "jpf", "jpx", "j2c", "jpc"),
    "ico": ("ico", "cur"),
    "icns": ("icns",),
    "psd": ("psd",),
    "dds": ("dds",),
    "qoi": ("qoi",),
    "dcx": ("dcx",),
    "ogg": ("ogg", "oga", "opus"),
    "m4a": ("m4a", "m4b", "mp4"),
    "3gp_sound": ("3gp", "3g2", "3gpp"),
    "amr": ("amr", "3ga"),
    "webm_sound": ("webm", "weba"),
    "mka": ("mka", "mkv"),
    "aiff": ("aiff", "aif"),
    "au": ("au", "snd"),
    "ac3": ("ac3", "eac3"),
    "mp4": ("mp4", "m4v", "mov", "3gp"),
    "mov": ("mov", "qt", "mp4"),
    "3gp": ("3gp", "3g2", "3gpp", "mp4"),
    "webm": ("webm", "mkv"),
    "mkv": ("mkv", "webm"),
    "ogv": ("ogv", "ogg", "ogm"),
    "mpeg": ("mpg", "mpeg", "vob"),
    "mpegts": ("ts", "mts", "m2ts", "mpg"),
    "pdf": ("pdf",),
    "audio": (),
    "video": (),
}
_SERVED = frozenset(
    [
        *("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "odg", "epub", "rtf"),
        *("doc_macros", "xls_macros"),
        *("doc", "xls", "ppt", "zip", "gzip", "tar", "bzip2", "xz", "7z", "rar"),
    ]
)
"""Documents besides texts that no browser shows as a page."""
_TEXT_TYPES = {
    "csv": "text/csv",
    "markdown": "text/markdown",
    "json": "application/json",
}

ROWS: tuple[FileType, ...] = (
    _image("jpeg", _("JPEG image"), "image/jpeg", "first bytes"),
    _image("png", _("PNG image"), "image/png", "first bytes"),
    _image("gif", _("GIF image"), "image/gif", "first bytes"),
    _image("webp", _("WebP image"), "image/webp", "first bytes"),
    _image("bmp", _("BMP image"), "image/bmp", "first bytes"),
    _image("tiff", _("TIFF image"), "image/tiff", "first bytes"),
    _image("avif", _("AVIF image"), "image/avif", "brands"),
    _image("heic", _("HEIC image"), "image/heic", "brands"),
    _image("jp2", _("JPEG 2000 image"), "image/jp2", "first bytes"),
    _image("ico", _("Icon"), "image/vnd.microsoft.icon", "first bytes"),
    _image("icns", _("Icon of macOS"), "image/icns", "first bytes"),
    _image("psd", _("Photoshop image"), "image/vnd.adobe.photoshop", "first bytes"),
    _image("dds", _("DDS image"), "image/vnd-ms.dds", "first bytes"),
    _image("qoi", _("QOI image"), "image/x-qoi", "first bytes"),
    _image("dcx", _("DCX fax"), "image/x-dcx", "first bytes"),
    _sound("mp3", _("MP3 recording"), "audio/mpeg", "ID3 tag, or two frames in a row"),
    _sound("ogg", _("Ogg recording"), "audio/ogg", "streams of its first pages"),
    _sound("wav", _("WAV recording"), "audio/wav", "RIFF, RF64 or BW64 of WAVE"),
    _sound("m4a", _("MPEG-4 recording"), "audio/mp4", "tracks of the film box, wherever it lies"),
    _sound("3gp_sound", _("3GP recording"), "audio/3gpp", "brand, tracks of the film box"),
    _sound("aac", _("AAC recording"), "audio/aac", "two frames in a row"),
    _sound("flac", _("FLAC recording"), "audio/flac", "first bytes"),
    _sound("amr", _("AMR recording"), "audio/amr", "first bytes"),
    _sound("webm_sound", _("WebM recording"), "audio/webm", "tracks"),
    _sound("mka", _("Matroska recording"), "audio/x-matroska", "tracks"),
    _sound("aiff", _("AIFF recording"), "audio/aiff", "FORM of AIFF or AIFC"),
    _sound("caf", _("Core Audio recording"), "audio/x-caf", "first bytes"),
    _sound("wma", _("Windows Media recording"), "audio/x-ms-wma", "streams"),
    _sound("ac3", _("AC-3 recording"), "audio/ac3", "first bytes"),
    _sound("au", _("AU recording"), "audio/basic", "first bytes"),
    FileType(
        name="midi",
        label=_("MIDI music"),
        content_type="audio/midi",
        kind=AUDIO,
        endings=("mid", "midi"),
        known_by="first bytes",
    ),
    _film("mp4", _("MPEG-4 film"), "video/mp4", "tracks of the film box, wherever it lies"),
    _film("mov", _("QuickTime film"), "video/quicktime", "brand, tracks of the film box"),
    _film("3gp", _("3GP film"), "video/3gpp", "brand, tracks of the film box"),
    _film("webm", _("WebM film"), "video/webm", "tracks"),
    _film("mkv", _("Matroska film"), "video/x-matroska", "tracks"),
    _film("ogv", _("Ogg film"), "video/ogg", "streams of its first pages"),
    _film("avi", _("AVI film"), "video/x-msvideo", "RIFF of AVI"),
    _film("wmv", _("Windows Media film"), "video/x-ms-wmv", "streams"),
    _film("flv", _("Flash film"), "video/x-flv", "first bytes"),
    _film("mpeg", _("MPEG film"), "video/mpeg", "first bytes"),
    _film("mpegts", _("MPEG transport stream"), "video/mp2t", "packets of 188 or 192 bytes"),
    _text("csv", _("CSV table"), "csv"),
    _text("markdown", _("Markdown text"), "md markdown"),
    _text("json", _("JSON data"), "json jsonl ndjson geojson har", "ending, and it can be parsed"),
    _text("tsv", _("Table of values"), "tsv psv tab"),
    _text("log", _("Log"), "log out err trace"),
    _text("yaml", _("YAML data"), "yaml yml"),
    _text("settings", _("Settings"), "toml conf cfg properties ini env"),
    _text("calendar", _("Calendar entries"), "ics ical", "ending, or its first line"),
    _text("contact", _("Contact card"), "vcf vcard", "ending, or its first line"),
    _text("subtitles", _("Subtitles"), "srt vtt sub"),
    _text("sql", _("SQL statements"), "sql"),
    _text("patch", _("Patch"), "diff patch"),
    _text("translation", _("Translation catalogue"), "po pot strings"),
    _text("pem", _("Certificate or key"), "pem crt cer asc", "its first line"),
    _text(
        "code",
        _("Source code"),
        "c h cc cpp hpp cs java kt go rs swift ts tsx css scss less sass tex py rb php",
    ),
    _text("text", _("Text"), "txt text rst adoc", "no other row; no bytes that text has not"),
    _document("html", _("Web page"), "text/html", "ending html, htm or xhtml, or its beginning"),
    _document(
        "svg", _("SVG drawing"), "image/svg+xml", "ending svg, or its beginning", Content.TEXT
    ),
    _document(
        "xml", _("XML document"), "application/xml", "ending xml, or its beginning", Content.TEXT
    ),
    _document("mail", _("E-mail"), "message/rfc822", "fields that programs write"),
    _document("mbox", _("Mailbox"), "application/mbox", "a line From, then a mail"),
    _document(
        "outlook", _("Outlook message (e-mail)"), "application/vnd.ms-outlook", "streams in OLE"
    ),
    _document("pdf", _("PDF document"), "application/pdf", "%PDF- within the first 1,024 bytes"),
    _document("docx", _("Word document"), f"{_OOXML}.wordprocessingml.document", "names in ZIP"),
    _document("xlsx", _("Excel workbook"), f"{_OOXML}.spreadsheetml.sheet", "names in ZIP"),
    _document(
        "xlsm",
        _("Excel workbook with macros"),
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "names in ZIP",
    ),
    _document(
        "docm",
        _("Word document with macros"),
        "application/vnd.ms-word.document.macroenabled.12",
        "names in ZIP",
    ),
    _document(
        "pptm",
        _("PowerPoint presentation with macros"),
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        "names in ZIP",
    ),
    _plain(
        "xlsb",
        _("Binary Excel workbook"),
        "names in ZIP",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    ),
    _plain(
        "xlsb_macros",
        _("Binary Excel workbook with macros"),
        "names in ZIP",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    ),
    _document(
        "pptx",
        _("PowerPoint presentation"),
        f"{_OOXML}.presentationml.presentation",
        "names in ZIP",
    ),
    _plain("vsdx", _("Visio drawing"), "names in ZIP", "application/vnd.ms-visio.drawing"),
    _document("odt", _("OpenDocument text"), f"{_ODF}.text", "type in ZIP"),
    _document("ods", _("OpenDocument spreadsheet"), f"{_ODF}.spreadsheet", "type in ZIP"),
    _document("odp", _("OpenDocument presentation"), f"{_ODF}.presentation", "type in ZIP"),
    _document("odg", _("OpenDocument drawing"), f"{_ODF}.graphics", "type in ZIP"),
    _document("epub", _("E-book"), "application/epub+zip", "type in ZIP"),
    _plain("iwork", _("Apple iWork document"), "names in ZIP", "application/vnd.apple.iwork"),
    _document("rtf", _("Rich text"), "application/rtf", "first bytes"),
    _document("doc", _("Word document (97 to 2003)"), "application/msword", "streams in OLE"),
    _document(
        "xls", _("Excel workbook (97 to 2003)"), "application/vnd.ms-excel", "streams in OLE"
    ),
    _document(
        "doc_macros",
        _("Word document (97 to 2003) with macros"),
        "application/msword",
        "streams in OLE",
    ),
    _document(
        "xls_macros",
        _("Excel workbook (97 to 2003) with macros"),
        "application/vnd.ms-excel",
        "streams in OLE",
    ),
    _document(
        "ppt",
        _("PowerPoint presentation (97 to 2003)"),
        "application/vnd.ms-powerpoint",
        "streams in OLE",
    ),
    _plain("vsd", _("Visio drawing (old)"), "streams in OLE", "application/vnd.visio"),
    _plain("mpp", _("Project plan"), "streams in OLE", "application/vnd.ms-project"),
    _plain("pub", _("Publisher document"), "streams in OLE", "application/x-mspublisher"),
    _plain("thumbs", _("Thumbnails of Windows"), "streams in OLE"),
    _plain("ole", _("Office document of an unknown program"), "first bytes"),
    _locked("locked_xlsx", _("Password-protected Excel workbook"), "encrypted package in OLE"),
    _locked("locked_docx", _("Password-protected Word document"), "encrypted package in OLE"),
    _locked(
        "locked_pptx", _("Password-protected PowerPoint presentation"), "encrypted package in OLE"
    ),
    _locked("locked_office", _("Password-protected Office document"), "encrypted package in OLE"),
    _plain("winmail", _("Outlook attachment (winmail.dat)"), "first bytes", "application/ms-tnef"),
    _archive("zip", _("ZIP archive"), "application/zip", "first bytes"),
    _archive("gzip", _("GZIP archive"), "application/gzip", "first bytes"),
    _archive("tar", _("TAR archive"), "application/x-tar", "mark at byte 257"),
    _archive("bzip2", _("BZIP2 archive"), "application/x-bzip2", "first bytes"),
    _archive("xz", _("XZ archive"), "application/x-xz", "first bytes"),
    _plain("7z", _("7-Zip archive"), "first bytes", "application/x-7z-compressed"),
    _plain("rar", _("RAR archive"), "first bytes", "application/vnd.rar"),
    _plain("zstd", _("Zstandard archive"), "first bytes", "application/zstd"),
    _plain("sqlite", _("SQLite database"), "first bytes", "application/vnd.sqlite3"),
    _plain("font", _("Font"), "first bytes", "font/sfnt"),
    _plain("dwg", _("AutoCAD drawing"), "first bytes", "image/vnd.dwg"),
    _plain("djvu", _("DjVu document"), "first bytes", "image/vnd.djvu"),
    _document(
        "postscript",
        _("PostScript drawing"),
        "application/postscript",
        "first bytes",
        Content.TEXT,
    ),
    _plain("raw", _("Raw picture of a camera"), "first bytes, or tags of a TIFF", "image/x-dcraw"),
    _plain("jxl", _("JPEG XL image"), "first bytes", "image/jxl"),
    _image("image", _("Image"), "image/*", "the sender's word, until the bytes are here"),
    _sound("audio", _("Recording"), "audio/*", "the sender's word, until the bytes are here"),
    _film("video", _("Film"), "video/*", "the sender's word, until the bytes are here"),
    _program("program", _("Program"), "first bytes, or the ending"),
    _program("jar", _("Java or Android program"), "names in ZIP"),
    _program("msi", _("Windows installer"), "class in OLE"),
    _plain("unknown", _("File of an unknown kind"), "no other row"),
)
BY_NAME = {row.name: row for row in ROWS}
BY_CONTENT_TYPE = {row.content_type: row for row in reversed(ROWS) if not row.is_refused}
BY_CONTENT_TYPE |= {"text/plain": BY_NAME["text"], UNKNOWN: BY_NAME["unknown"]}
ENDINGS: dict[str, tuple[str, ...]] = {
    row.content_type: row.endings for row in ROWS if row.kind != DOCUMENT
} | {
    row.content_type: row.endings for row in ROWS if row.name in {"pdf", "csv", "markdown", "json"}
}
"""By content type: the endings of its files, the usual one first; others keep their own."""
SAFE_DOCUMENTS = frozenset(
    {row.content_type for row in ROWS if row.kind == DOCUMENT and row.is_served}
)
"""Documents whose type may be sent to a browser; all others leave as plain bytes."""


@dataclass(frozen=True)
class Sniffed:
    """The content type of a file, its kind for people, and the name of its row."""

    content_type: str
    kind: str = DOCUMENT
    file_type: str = ""


def row_of(file_type: str, content_type: str, kind: str = DOCUMENT) -> FileType:
    """Return the row of a stored file; one that bears no row's name is known by its type.

    An image, recording or film whose type is in no row is at least that.
    """
    found = BY_NAME.get(file_type) or BY_CONTENT_TYPE.get(content_type.partition(";")[0].strip())
    if found is not None and (found.kind == kind or file_type):
        return found
    return BY_NAME[kind if kind in {IMAGE, AUDIO, VIDEO} else "unknown"]


def types_with(*contents: Content) -> frozenset[str]:
    """Return the content types of the rows whose content is one of ``contents``."""
    return frozenset(row.content_type for row in ROWS if row.content in contents)
