"""Files as bytes: kinds, names, images, texts."""

import io

import pytest
from PIL import Image

from conversations.files import images, kinds, names, remaking, texts
from conversations.files.remaking import Remade
from tests.fakes import files


@pytest.mark.parametrize(
    ("data", "name", "content_type", "kind"),
    [
        (files.image("PNG"), "a.html", "image/png", "image"),
        (files.photo(), "a", "image/jpeg", "image"),
        (files.image("GIF"), "a", "image/gif", "image"),
        (files.image("WEBP"), "a", "image/webp", "image"),
        (files.image("TIFF"), "a", "image/tiff", "image"),
        (files.image("ICO"), "a", "image/vnd.microsoft.icon", "image"),
        (files.image("JPEG2000"), "a", "image/jp2", "image"),
        (files.image("DDS"), "a", "image/vnd-ms.dds", "image"),
        (files.image("QOI"), "a", "image/x-qoi", "image"),
        (files.image("TGA"), "a.tga", "application/octet-stream", "document"),
        (files.wav(), "a", "audio/wav", "audio"),
        (files.OGG, "a", "audio/ogg", "audio"),
        (files.MP3, "a", "audio/mpeg", "audio"),
        (files.mp4(), "a", "video/mp4", "video"),
        (files.mp4(b"soun"), "a", "audio/mp4", "audio"),
        (files.webm(), "a", "video/webm", "video"),
        (files.webm(b"A_OPUS"), "a", "audio/webm", "audio"),
        (files.PDF, "a.png", "application/pdf", "document"),
        (b"a,b\n1,2\n", "a.csv", "text/csv", "document"),
        (b"# Title\n", "a.md", "text/markdown", "document"),
        (b'{"a": 1}', "a.json", "application/json", "document"),
        (b"{not json", "a.json", "text/plain", "document"),
        ("Grüße".encode("cp1252"), "a.txt", "text/plain", "document"),
        (b"<svg onload=x>", "a.png", "image/svg+xml", "document"),
        (b"<html>", "a", "text/html", "document"),
        (b"\0\1\2\3" * 9, "a.pdf", "application/octet-stream", "document"),
        (files.archive({"a": b"b"}), "a.docx", "application/zip", "document"),
        (
            files.archive({"META-INF/MANIFEST.MF": b"", "a.jpg": b""}),
            "a.zip",
            "application/zip",
            "document",
        ),
    ],
)
def test_bytes_say_what_a_file_is(data: bytes, name: str, content_type: str, kind: str) -> None:
    found = kinds.sniff(data, name)
    assert (found.content_type, found.kind) == (content_type, kind)


def test_office_documents_are_told_apart_without_unpacking() -> None:
    data = files.archive({"[Content_Types].xml": b"", "xl/workbook.xml": b""})
    assert kinds.sniff(data, "prices.xlsx").content_type.endswith("spreadsheetml.sheet")


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/xml", "x/y"])
def test_active_types_leave_as_plain_bytes(content_type: str) -> None:
    assert kinds.served_type(content_type, kinds.DOCUMENT, "a") == "application/octet-stream"


RISKY = [
    *("a.url", "a.iqy", "a.library-ms", "a.scf", "a.webloc", "a.desktop", "a.search-ms"),
    *("a.SettingContent-ms", "a.chm", "a.slk", "a.xll", "a.Website", "a.rdp", "a.jnlp", "a.msc"),
    *("desktop.ini", "a.docm", "a.xlsm", "a.one", "a.ppkg", "a.vbscript", "a.service", "a.shtm"),
    *("a.html", "a.HTM", "a.svg", "a.xml", "a.xsl", "a.mht", "a.mhtml", "a.shtml", "a.hta"),
    *(
        "invoice.pdf.url",
        "a.url. . ",
        "a.url\u202e",
        "gpj\u202elru.url",
        "a.url\u200b",
        "a.{ABC-1}",
    ),
    *(
        "a.\uff28\uff34\uff2d\uff2c",
        "a\uff0ehtml",
        "a.html:",
        "a.html. :",
        "a.html::$DATA",
        "a.unknown",
        "St.Gallen",
    ),
    *("a.atomloc", "a.webarchive", "a.mhtm", "a.html5", "a.scpt", "a.prefpane", "a.efi", "a.mdb"),
    *("a.maf", "a.mshxml", "a.crt", "a.class", "a.whl", "a.so", "a.pub", "a.xlsb", "a.otm", "a.ps"),
    *("a.iso", "a.vhdx", "a.inetloc", "a.command", "a.py", "a.ps1xml", "a.appref-ms", "a.inf"),
]


@pytest.mark.parametrize("name", RISKY)
@pytest.mark.parametrize("data", [b"[InternetShortcut]\nURL=file://x", b"x" * 9000 + b"<html>"])
def test_no_program_of_the_reader_opens_a_risky_name(data: bytes, name: str) -> None:
    cleaned = names.cleaned(name)
    found = kinds.sniff(data, cleaned)

    harmless = kinds.harmless_name(cleaned, found.content_type)

    assert harmless.endswith(".bin")
    assert kinds.harmless_name(harmless, found.content_type) == harmless
    for served in (cleaned, harmless):
        served_type = kinds.served_type(found.content_type, found.kind, served)
        assert served_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "content_type", "kept"),
    [
        ("notes.txt", "text/plain", "notes.txt"),
        ("notes", "text/plain", "notes"),
        ("plan.dwg", "application/octet-stream", "plan.dwg"),
        ("backup.tar.gz", "application/gzip", "backup.tar.gz"),
        ("letter.docx", "application/octet-stream", "letter.docx"),
        ("Invoice No.5", "text/plain", "Invoice No.5"),
        ("To Mr. Okafor", "text/plain", "To Mr. Okafor"),
        ("invoice.pdf", "application/pdf", "invoice.pdf"),
        ("a.url", "application/pdf", "a.url.pdf"),
        ("a.html", "image/png", "a.html.png"),
    ],
)
def test_other_names_keep_their_ending(name: str, content_type: str, kept: str) -> None:
    assert kinds.harmless_name(name, content_type) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.txt", "x.txt"),
        ("a\x00b\u202e.png", "ab.png"),
        ("invoice.pdf\u3164\u2800\u115f\u200e.exe", "invoice.pdf.exe"),
        ("CON", "_CON"),
        ("con.png", "_con.png"),
        ("....", "file"),
        ("", "file"),
        ('a"b<c>.png', "a_b_c_.png"),
        ("trailing. ", "trailing"),
        ("  two \t words.pdf", "two words.pdf"),
        ("価格表.pdf", "価格表.pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert names.cleaned(given) == kept


def test_long_names_keep_their_ending() -> None:
    name = names.cleaned("a" * 300 + ".png")
    assert len(name) == names.LONGEST
    assert name.endswith(".png")


def remade_from(data: bytes) -> Remade:
    """Return what the other process would make of an image."""
    return remaking.remake(io.BytesIO(data))


def test_photo_is_turned_upright_and_forgets_where_it_was_taken() -> None:
    remade = remade_from(files.photo((320, 200)))
    with Image.open(io.BytesIO(remade.data)) as image:
        assert image.size == (200, 320) == (remade.width, remade.height)
        assert not image.getexif()
        assert "comment" not in image.info
    assert b"secret comment" not in remade.data
    assert b"Phone maker" not in remade.data


def test_what_follows_an_image_is_left_behind() -> None:
    for form in ("PNG", "GIF", "WEBP", "JPEG"):
        data = files.image(form) + b"<script>alert(1)</script>"
        assert b"<script>" not in remade_from(data).data


def test_thumbnail_is_small() -> None:
    remade = remade_from(files.image("PNG", (1200, 300)))
    with Image.open(io.BytesIO(remade.thumbnail)) as image:
        assert (image.format, image.size) == ("WEBP", (480, 120))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_every_sort_of_pixel_is_written(mode: str) -> None:
    target = io.BytesIO()
    Image.new(mode, (20, 10)).save(target, "PNG")
    assert remade_from(target.getvalue()).content_type == "image/png"


def test_print_colours_become_screen_colours() -> None:
    remade = remade_from(files.image("JPEG", mode="CMYK"))
    with Image.open(io.BytesIO(remade.data)) as image:
        assert image.mode == "RGB"


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_moving_images_go_on_moving(form: str) -> None:
    remade = remade_from(files.moving(5, form=form))
    with Image.open(io.BytesIO(remade.data)) as image:
        assert getattr(image, "n_frames", 1) == 5


def test_bombs_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(images.TooManyPixelsError):
        images.remake(files.huge_png(50_000, 50_000))


def test_broken_images_are_unreadable() -> None:
    with pytest.raises(images.UnreadableError):
        images.remake(files.image("PNG")[:60])


def test_text_is_read_in_any_common_code() -> None:
    assert texts.read("Grüße".encode())[0] == "Grüße"
    assert texts.read("Grüße".encode("cp1252"))[0] == "Grüße"
    assert texts.read("Grüße".encode("utf-16"))[0] == "Grüße"
    assert texts.read("\ufeffGrüße".encode())[0] == "Grüße"


def test_long_text_is_cut() -> None:
    text = texts.read("å".encode() * (texts.MOST * 3))[0]
    assert text.startswith("å" * texts.MOST)
    assert len(text) < texts.MOST + 20
