"""A small file for each row of the table of files, by the name of its row."""

import bz2
import io
import lzma
import struct
import tarfile
import zipfile
from email.message import EmailMessage

from tests.fakes import documents, files
from tests.fakes.compounds import compound

Sample = tuple[bytes, str]
ODF = "application/vnd.oasis.opendocument."
_NAMESPACES = "urn:oasis:names:tc:opendocument:xmlns"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_SOUND = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
_ASF_FILM = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")


def box(kind: bytes, *content: bytes) -> bytes:
    """Return a box of MPEG-4."""
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + kind + body


def track(handler: bytes, codec: bytes = b"mp4a", samples: int = 500) -> bytes:
    """Return a track of MPEG-4 with as much as tells what it is."""
    entry = struct.pack(">I", 16) + codec + bytes(8)
    table = box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 1), entry),
        box(b"stsz", bytes(8), struct.pack(">I", samples)),
    )
    return box(
        b"trak",
        box(b"tkhd", bytes(84)),
        box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13)), box(b"minf", table)),
    )


def film(*tracks: bytes, brand: bytes = b"isom", sound: int = 200_000) -> bytes:
    """Return a film whose tracks are told behind ``sound`` bytes of it."""
    head = box(b"ftyp", brand, bytes(4), b"isomiso2")
    return head + box(b"mdat", b"\x21" * sound) + box(b"moov", box(b"mvhd", bytes(100)), *tracks)


def element(name: int, content: bytes) -> bytes:
    """Return an element of EBML."""
    number = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return number + (len(content) | 1 << 56).to_bytes(8, "big") + content


def matroska(*tracks: tuple[int, bytes], doctype: bytes = b"matroska", before: int = 0) -> bytes:
    """Return a film or a recording of tracks, with ``before`` bytes of tags before them."""
    entries = [
        element(0xAE, element(0x83, bytes([kind])) + element(0x86, codec)) for kind, codec in tracks
    ]
    head = element(0x1A45DFA3, element(0x4282, doctype))
    tags = element(0xEC, bytes(before))
    return head + element(0x18538067, tags + element(0x1654AE6B, b"".join(entries)))


def ogg(*packets: bytes) -> bytes:
    """Return the first pages of an Ogg file, a stream for each packet."""
    pages = [
        b"OggS\0\x02" + bytes(20) + b"\x01" + bytes([len(packet)]) + packet for packet in packets
    ]
    return b"".join(pages) + b"OggS\0\0" + bytes(22)


def packed(mimetype: str, **members: str) -> bytes:
    """Return an archive whose first entry names its type; ``_`` of a name stands for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", mimetype)
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return target.getvalue()


def opendocument(sort: str, body: str, styles: str = "", *, pages: str = "") -> bytes:
    """Return an OpenDocument file with this body, and with master pages."""
    names = " ".join(
        f'xmlns:{name}="{_NAMESPACES}:{where}:1.0"'
        for name, where in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "style": "style",
        }.items()
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    )
    masters = f"<office:master-styles>{pages}</office:master-styles>"
    about = f"<office:document-styles {names}>{masters}</office:document-styles>"
    return packed(ODF + sort, content_xml=content, **({"styles_xml": about} if pages else {}))


def office(*names: str) -> bytes:
    """Return an Office archive with these parts alone."""
    return files.archive({"[Content_Types].xml": b"", **dict.fromkeys(names, b"")})


def slides(title: str, notes: str = "") -> bytes:
    """Return a presentation of one slide."""
    import pptx  # noqa: PLC0415 - it takes long to load, and few tests need it

    presentation, target = pptx.Presentation(), io.BytesIO()
    slide = presentation.slides.add_slide(presentation.slide_layouts[0])
    slide.shapes.title.text = title
    if notes:
        slide.notes_slide.notes_text_frame.text = notes
    presentation.save(target)
    return target.getvalue()


def book(words: str) -> bytes:
    """Return an e-book of one chapter."""
    container = '<container><rootfiles><rootfile full-path="b/c.opf"/></rootfiles></container>'
    package = (
        '<package><manifest><item id="a" href="one.html"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    return packed(
        "application/epub+zip",
        **{
            "META-INF__container_xml": container,
            "b__c_opf": package,
            "b__one_html": f"<html><body><p>{words}</p></body></html>",
        },
    )


def tarball(name: str = "orders.log", mode: str = "w") -> bytes:
    """Return an archive of one file."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"lamp"))
    return target.getvalue()


def mail(subject: str = "Order", words: str = "Two lamps") -> EmailMessage:
    """Return a mail with an attachment."""
    message = EmailMessage()
    message["Received"] = "from a.example by b.example"
    message["From"], message["To"] = "Victor <victor@x.example>", "desk@x.example"
    message["Subject"] = subject
    message.set_content(words)
    message.add_attachment(files.PDF, maintype="application", subtype="pdf", filename="bill.pdf")
    return message


def _form(kind: bytes, *, of: bytes = b"RIFF") -> bytes:
    return of + struct.pack("<I", 40) + kind + bytes(40)


TEXTS: dict[str, Sample] = {
    "csv": (b"<!-- a -->\nlamp,2\n", "a.csv"),
    "markdown": (b"<!-- a -->\n# A lamp\n<b>x</b>", "a.md"),
    "json": (b'{"lamp": "<b>"}', "a.json"),
    "tsv": (b"lamp\t2", "a.tsv"),
    "log": (b"\x1b[31mlamp\x1b[0m failed <soap:Envelope>", "a.log"),
    "yaml": (b"lamp: 2", "a.yaml"),
    "settings": (b"[lamp]\na=1", "a.toml"),
    "calendar": (b"BEGIN:VCALENDAR\r\nSUMMARY:lamp", "a.ics"),
    "contact": (b"BEGIN:VCARD\nFN:lamp", "card"),
    "subtitles": (b"1\n00:00:01,000 --> 00:00:02,000\n<i>lamp</i>", "a.srt"),
    "sql": (b"select lamp", "a.sql"),
    "patch": (b"--- a\n+++ lamp", "a.patch"),
    "translation": (b'msgid "lamp"', "a.po"),
    "pem": (b"-----BEGIN CERTIFICATE-----\nlamp", "a.pem"),
    "code": (b'page = "<html>lamp"', "a.ts"),
    "text": (b"Jane <mailto:j@x.example> lamp", "a.txt"),
    "svg": (b"<!-- a --><svg><text>lamp</text></svg>", "a.svg"),
    "xml": (b'<?xml version="1.0"?><soap:Envelope>lamp</soap:Envelope>', "a.xml"),
}
DOCUMENTS: dict[str, Sample] = {
    "html": (b"<html><p>lamp</p></html>", "a.html"),
    "mail": (mail(words="lamp").as_bytes(), "a.eml"),
    "mbox": (b"From a@b Mon\n" + mail().as_bytes() + b"\nFrom a@b Tue\n" + mail().as_bytes(), "a"),
    "pdf": (b"junk\r\n" + documents.pdf("lamp"), "a"),
    "docx": (documents.word("lamp"), "a"),
    "xlsx": (documents.excel([["lamp"]]), "a"),
    "odt": (opendocument("text", "<office:text><text:p>lamp</text:p></office:text>"), "a"),
    "odp": (
        opendocument(
            "presentation",
            "<office:presentation><draw:page><text:p>lamp</text:p></draw:page></office:presentation>",
        ),
        "a",
    ),
    "odg": (
        opendocument("graphics", "<office:drawing><text:p>lamp</text:p></office:drawing>"),
        "a",
    ),
    "ods": (
        opendocument(
            "spreadsheet",
            "<office:spreadsheet><table:table><table:table-row><table:table-cell><text:p>lamp"
            "</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>",
        ),
        "a",
    ),
    "epub": (book("lamp"), "a"),
    "rtf": (b"{\\rtf1\\ansi lamp}", "a"),
    "zip": (files.archive({"lamp.txt": b"a"}), "a"),
    "tar": (tarball("lamp"), "a"),
    "gzip": (tarball("lamp", "w:gz"), "a.tgz"),
    "bzip2": (bz2.compress(tarball("lamp")), "a"),
    "xz": (lzma.compress(tarball("lamp")), "a"),
}
OTHERS: dict[str, Sample] = {
    "jpeg": (files.photo(), "a"),
    "png": (files.image("PNG"), "a"),
    "gif": (files.image("GIF"), "a"),
    "webp": (files.image("WEBP"), "a"),
    "bmp": (files.image("BMP"), "a"),
    "tiff": (files.image("TIFF"), "a"),
    "avif": (box(b"ftyp", b"mif1", bytes(4), b"mif1avif"), "a"),
    "heic": (box(b"ftyp", b"heim", bytes(4), b"mif1heim"), "a"),
    "jp2": (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40), "a"),
    "ico": (files.image("ICO"), "a"),
    "icns": (b"icns\0" + bytes(40), "a"),
    "psd": (b"8BPS\0\x01" + bytes(40), "a"),
    "dds": (b"DDS \x7c\0\0\0" + bytes(40), "a"),
    "qoi": (b"qoif\0" + bytes(40), "a"),
    "dcx": (b"\xb1\x68\xde\x3a" + bytes(40), "a"),
    "dwg": (b"AC1032" + bytes(40), "a"),
    "djvu": (b"AT&TFORM" + bytes(40), "a"),
    "mp3": (b"\xff\xfb\x90\x00" + bytes(413) + b"\xff\xfb\x90\x00" + bytes(413), "a"),
    "ogg": (ogg(b"OpusHead" + b"theora"), "a"),
    "wav": (_form(b"WAVE", of=b"RF64"), "a"),
    "m4a": (film(track(b"soun"), track(b"vide", b"jpeg", 1)), "a.mp4"),
    "3gp_sound": (film(track(b"soun", b"samr"), brand=b"3gp4"), "a"),
    "aac": ((b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)) * 3, "a"),
    "flac": (b"ID3\x04\0\0\0\0\0\0fLaC" + bytes(40), "a"),
    "amr": (b"#!AMR-WB\n" + bytes(40), "a"),
    "webm_sound": (matroska((2, b"A_OPUS"), doctype=b"webm", before=70_000), "a"),
    "mka": (matroska((2, b"A_FLAC"), (1, b"V_MJPEG")), "a"),
    "aiff": (_form(b"AIFC", of=b"FORM"), "a"),
    "caf": (b"caff\0\x01" + bytes(40), "a"),
    "wma": (_ASF + bytes(40) + _ASF_SOUND, "a"),
    "ac3": (b"\x0b\x77" + bytes(40), "a"),
    "au": (b".snd\0" + bytes(40), "a"),
    "midi": (b"MThd\0\0\0\x06" + bytes(40), "a"),
    "mp4": (film(track(b"soun"), track(b"vide", b"avc1")), "a.m4a"),
    "mov": (box(b"wide") + film(track(b"vide", b"avc1"))[24:], "a"),
    "3gp": (film(track(b"vide", b"s263"), brand=b"3gp5"), "a"),
    "webm": (matroska((2, b"A_OPUS"), (1, b"V_VP9"), doctype=b"webm"), "a"),
    "mkv": (matroska((1, b"V_MPEG4/ISO/AVC")), "a"),
    "ogv": (ogg(b"\x80theora", b"\x01vorbis"), "a"),
    "avi": (_form(b"AVI "), "a"),
    "wmv": (_ASF + bytes(40) + _ASF_SOUND + _ASF_FILM, "a"),
    "flv": (b"FLV\x01\x05" + bytes(40), "a"),
    "mpeg": (b"\0\0\x01\xba" + bytes(40), "a"),
    "mpegts": ((b"\x47" + bytes(187)) * 5, "a"),
    "outlook": (compound({"__properties_version1.0": b""}), "a.doc"),
    "pptx": (office("ppt/presentation.xml"), "a"),
    "xlsm": (office("xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx"),
    "docm": (office("word/document.xml", "word/vbaProject.bin"), "a"),
    "pptm": (office("ppt/presentation.xml", "ppt/vbaProject.bin"), "a"),
    "xlsb_macros": (office("xl/workbook.bin", "xl/vbaProject.bin"), "a"),
    "doc_macros": (compound({"WordDocument": b"", "_VBA_PROJECT": b""}), "a"),
    "xls_macros": (compound({"Workbook": b"", "_VBA_PROJECT_CUR": b""}), "a"),
    "xlsb": (office("xl/workbook.bin"), "a"),
    "vsdx": (office("visio/document.xml"), "a"),
    "iwork": (files.archive({"Index/Document.iwa": b""}), "a.pages"),
    "doc": (compound({"WordDocument": b"", "1Table": b""}), "a.xls"),
    "xls": (compound({"Workbook": b""}), "a.doc"),
    "ppt": (compound({"PowerPoint Document": b""}), "a"),
    "vsd": (compound({"VisioDocument": b""}), "a"),
    "mpp": (compound({"   114": b"", "Props14": b""}), "a"),
    "pub": (compound({"Quill": b""}), "a"),
    "thumbs": (compound({"Catalog": b""}), "Thumbs.db"),
    "ole": (compound({"Something": b""}), "a.doc"),
    "locked_xlsx": (compound({"EncryptedPackage": b"", "EncryptionInfo": b""}), "a.xlsx"),
    "locked_docx": (compound({"EncryptedPackage": b""}), "a.docx"),
    "locked_pptx": (compound({"EncryptedPackage": b""}), "a.pptx"),
    "locked_office": (compound({"EncryptedPackage": b""}), "a"),
    "winmail": (b"\x78\x9f\x3e\x22" + bytes(40), "winmail.dat"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(40), "a"),
    "rar": (b"Rar!\x1a\x07\x00" + bytes(40), "a"),
    "zstd": (b"\x28\xb5\x2f\xfd" + bytes(40), "a"),
    "sqlite": (b"SQLite format 3\0" + bytes(40), "a"),
    "font": (b"OTTO\0" + bytes(40), "a"),
    "postscript": (b"%!PS-Adobe-3.0\n", "a"),
    "raw": (b"II*\0\x10\0\0\0CR\x02\0" + bytes(40), "a.tif"),
    "jxl": (b"\xff\x0a" + bytes(40), "a"),
    "program": (b"MZ\x90\0" + bytes(40), "a.txt"),
    "jar": (files.archive({"META-INF/MANIFEST.MF": b"", "A.class": b""}), "a.zip"),
    "msi": (
        compound({"Tables": b""}, class_id="000c1084-0000-0000-c000-000000000046"),
        "setup.doc",
    ),
    "unknown": (bytes(range(256)), "a.txt"),
}
SAMPLES = TEXTS | DOCUMENTS | OTHERS
