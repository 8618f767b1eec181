"""Pictures: each is seen whole, upright and in its colours, whatever it is stored as."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image, ImageCms, TiffImagePlugin

from conversations.files import images, kinds, moving, pages, remaking
from conversations.models import Attachment
from conversations.objects.attachment import attachment_object, linked
from conversations.selectors import attachments as selectors
from conversations.selectors import file_lines
from conversations.services import attachments
from conversations.services.attachments import Upload
from tests.conversations.looking import alphas, colours, film, is_near, opened, pixel, remade_from
from tests.factories import staff
from tests.fakes import files

HEIC = Path(files.__file__).parent / "pictures"
RED, GREEN, BLUE, WHITE = (254, 0, 0), (0, 255, 1), (0, 0, 254), (255, 255, 255)


def heic(name: str = "phone", *, major: bytes = b"", compatible: bytes = b"") -> bytes:
    """Return a HEIC file, with other brands than its own."""
    data = (HEIC / f"{name}.heic").read_bytes()
    own = data[8:12]
    head = data[:12].replace(own, major or own) + data[12:28].replace(own, compatible or own)
    return head + data[28:]


def stored(by: User, data: bytes, name: str, at: datetime) -> Attachment:
    return attachments.store(upload=Upload(name=name, data=data), by=staff(by), at=at)


BRANDS = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevm", b"hevs", b"mif1", b"msf1"]


@pytest.mark.parametrize("brand", BRANDS)
def test_every_brand_of_heic_is_a_picture(brand: bytes) -> None:
    data = heic(major=brand)
    assert kinds.sniff(data, "a") == kinds.Sniffed("image/heic", kinds.IMAGE, "heic")
    remade = remade_from(data)
    assert (remade.content_type, remade.original) == ("image/jpeg", "image/heic")
    assert remade.is_still == (brand in {b"hevc", b"hevm", b"hevs", b"msf1"})


@pytest.mark.parametrize("major", [b"avif", b"mif1", b"miaf"])
def test_avif_is_a_picture_whatever_its_major_brand(major: bytes) -> None:
    data = files.image("AVIF")
    data = data[:8] + major + data[12:]
    assert kinds.sniff(data, "a") == kinds.Sniffed("image/avif", kinds.IMAGE, "avif")
    if major != b"miaf":
        assert remade_from(data).original == "image/avif"


def test_a_phone_s_heic_is_turned_once() -> None:
    remade = remade_from(heic())
    assert (remade.width, remade.height) == (64, 96)
    assert is_near(pixel(remade.data, (5, 5)), RED)
    assert is_near(pixel(remade.data, (58, 90)), BLUE)


def test_ten_bits_and_transparency_of_heic_are_shown() -> None:
    remade = remade_from(heic("clear"))
    with opened(remade.data) as image:
        assert image.mode == "RGBA"
        assert alphas(image, (5, 5), (60, 5)) == [255, 0]


def test_a_burst_shows_its_primary_picture_first_and_all_others() -> None:
    remade = remade_from(heic("burst"))
    assert remade.page_count == 3
    shown = [remade.data, *(still.data for still in remade.stills)]
    for data, colour in zip(shown, (GREEN, RED, BLUE), strict=True):
        assert is_near(pixel(data, (30, 30)), colour)


def test_every_page_of_a_scan_is_shown() -> None:
    remade = remade_from(files.scan(4))
    assert remade.page_count == 4
    shown = [remade.data, *(still.data for still in remade.stills)]
    assert [pixel(data, (12, 20))[0] < 60 for data in shown] == [False, False, True, True]


def test_a_long_scan_shows_its_first_pages_and_counts_all() -> None:
    remade = remade_from(files.scan(34, (60, 80)))
    assert (remade.page_count, len(remade.stills)) == (34, pages.MOST - 1)
    assert remade.original == "image/tiff"


def test_a_smaller_copy_in_a_scan_is_no_page() -> None:
    page, copy = Image.new("L", (200, 100)), Image.new("L", (20, 10))
    copy.encoderinfo = {"tiffinfo": {254: 1}}
    data = film("TIFF", [page, copy])
    assert remade_from(data).page_count == 1


def test_a_coarse_fax_is_not_squashed() -> None:
    remade = remade_from(files.scan(1, (864, 550), dpi=(204, 98)))
    assert (remade.width, remade.height) == (864, 1100)


def swapped_profile() -> bytes:
    """Return the profile of a screen whose red and blue stand in each other's place."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    names = (b"rXYZ", b"gXYZ", b"bXYZ")
    places = {name: profile.index(name) for name in names}
    changed = bytearray(profile)
    red, blue = places[b"rXYZ"], places[b"bXYZ"]
    changed[red + 4 : red + 12] = profile[blue + 4 : blue + 12]
    changed[blue + 4 : blue + 12] = profile[red + 4 : red + 12]
    return bytes(changed).replace("sRGB".encode("utf-16-be"), "own!".encode("utf-16-be"))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_colours_are_those_of_the_profile(form: str) -> None:
    data = files.image(form, mode="RGB", icc_profile=swapped_profile())
    red, _green, blue = pixel(remade_from(data).data, (5, 5))
    assert blue > red + 60
    assert "icc_profile" not in opened(remade_from(data).data).info


def test_a_broken_profile_counts_for_nothing() -> None:
    data = files.image("PNG", icc_profile=b"nothing at all")
    assert pixel(remade_from(data).data, (5, 5)) == (200, 80, 40)


def levels(mode: str, form: str, low: float, high: float, **options: Any) -> bytes:
    image = Image.new(mode, (40, 20), low)
    for place in range(400):
        image.putpixel((20 + place % 20, place // 20), high)
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (levels("I;16", "PNG", 0, 65_535), (0, 255)),
        (levels("I;16", "PNG", 16_384, 32_768), (64, 128)),
        (levels("I;16", "TIFF", 0, 65_535), (0, 255)),
        (levels("F", "TIFF", -1.5, 3.5), (0, 255)),
        (levels("F", "TIFF", 0.0, 1.0), (0, 1)),
        (levels("I", "TIFF", 0, 100_000), (0, 255)),
        (levels("L", "TIFF", 40, 200, compression="tiff_lzw"), (40, 200)),
        (levels("L", "TIFF", 40, 200, compression="jpeg"), (40, 200)),
        (levels("1", "TIFF", 0, 255, compression="group4"), (0, 255)),
    ],
)
def test_levels_of_any_depth_are_told_apart(data: bytes, expected: tuple[int, int]) -> None:
    shown = remade_from(data).data
    found = pixel(shown, (5, 5))[0], pixel(shown, (35, 5))[0]
    assert is_near(found, expected)


@pytest.mark.parametrize(
    ("form", "options"), [("JPEG", {}), ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"})]
)
def test_print_colours_are_not_inverted(form: str, options: dict[str, Any]) -> None:
    target = io.BytesIO()
    Image.new("CMYK", (40, 20), (0, 255, 255, 0)).save(target, form, **options)
    red, green, blue = pixel(remade_from(target.getvalue()).data, (5, 5))
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_what_a_palette_lets_through_stays_so(form: str) -> None:
    image = Image.new("P", (20, 10), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.paste(0, (10, 0, 20, 10))
    target = io.BytesIO()
    image.save(target, form, transparency=0)
    with opened(remade_from(target.getvalue()).data) as shown:
        assert shown.getpixel((5, 5)) == (255, 0, 0, 255)
        assert alphas(shown, (15, 5)) == [0]


@pytest.mark.parametrize("form", ["ICO", "ICNS", "JPEG2000", "PSD", "DDS", "QOI", "BMP", "DCX"])
def test_rarer_formats_are_shown(form: str, alice: User, noon: datetime) -> None:
    made: dict[str, Callable[[], bytes]] = {"PSD": photoshop, "DCX": fax_of_pcx}
    data = made.get(form, lambda: files.image(form, (64, 64)))()
    sniffed = kinds.sniff(data, "a")
    assert sniffed.kind == kinds.IMAGE
    remade = remade_from(data)
    assert is_near(pixel(remade.data, (5, 5)), (200, 80, 40))
    assert remade.original in {"", sniffed.content_type}


def photoshop() -> bytes:
    """Return a Photoshop file of one picture, 64 by 64."""
    head = b"8BPS\0\1" + bytes(6) + b"\0\3" + b"\0\0\0\x40" * 2 + b"\0\x08\0\3" + bytes(12)
    planes = b"".join(bytes([level]) * 64 * 64 for level in (200, 80, 40))
    return head + b"\0\0" + planes


def fax_of_pcx() -> bytes:
    page = files.image("PCX", (64, 64))
    return b"\xb1\x68\xde\x3a" + (12).to_bytes(4, "little") + bytes(4) + page


@pytest.mark.parametrize("form", ["HEIC", "TIFF", "AVIF", "WEBP"])
def test_no_file_that_is_kept_says_where_it_was_made(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "CPU_SECONDS", -1)
    data = heic() if form == "HEIC" else with_place(form)
    assert b"Phone maker" in data
    assert b"Secret place" in data
    remade = remade_from(data)
    assert remade.original
    kept = images.blanked(data, remade.spans)
    assert len(kept) == len(data)
    for words in (b"Phone maker", b"Secret place"):
        assert words not in kept + remade.data
    with opened(kept) as image:
        assert not image.getexif().get_ifd(0x8825)
    again = remade_from(kept)
    assert (again.data, again.content_type) == (remade.data, remade.content_type)


def test_a_file_whose_traces_cannot_be_blanked_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "CPU_SECONDS", -1)
    remade = remade_from(with_place("PNG"))
    assert (remade.is_still, remade.original) == (True, "")


def test_what_is_covered_may_lie_anywhere() -> None:
    spans = [(6, 9, 0), (1, 2, 32), (2, 3, 32), (40, 2, 0)]
    assert images.blanked(b"0123456789", spans) == b"0    5\0\0\0\0"
    assert images.blanked(b"0123456789", []) == b"0123456789"


def test_broken_words_about_a_photo_do_not_hide_it() -> None:
    exif = b"Exif\0\0" + b"\0" * 30
    assert remade_from(files.image("JPEG", exif=exif)).width == 64
    assert remade_from(files.image("PNG", exif=exif)).width == 64


def with_place(form: str) -> bytes:
    """Return a picture with the place where it was taken, moving where the format may move."""
    frames = colours("red", "lime")
    xmp = b"<x:xmpmeta><rdf:RDF>Secret place</rdf:RDF></x:xmpmeta>"
    folders = {0x8769: {0x927C: b"Phone maker"}, 0x8825: files.GPS[34853]}
    if form == "TIFF":
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        for number, content, kind in ((700, xmp, 1), *((*one, 4) for one in folders.items())):
            tags[number] = content
            tags.tagtype[number] = kind
        return film(form, frames[:1], tiffinfo=tags)
    exif = Image.Exif()
    for number, folder in folders.items():
        exif[number] = folder
    return film(form, frames, exif=exif.tobytes(), xmp=xmp, duration=80)


def test_what_is_kept_is_served_beside_what_is_shown(
    alice: User, noon: datetime, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    data = files.scan(3)
    row = stored(alice, data, "scan.tif", noon)
    assert (row.name, row.kind, row.content_type) == ("scan.tif", "image", "image/tiff")
    assert (row.size, row.page_count) == (len(data), 3)
    shown = linked(attachment_object(row))
    assert [page["width"] for page in shown["pages"]] == [300, 300]
    served = {name: Client().get(shown[name]) for name in ("url", "preview_url", "thumbnail_url")}
    pages_served = [Client().get(page["url"]) for page in shown["pages"]]
    assert served["url"].content == data
    types = [one["Content-Type"] for one in (*served.values(), *pages_served)]
    assert types == [
        "image/tiff",
        "image/jpeg",
        "image/webp",
        "image/jpeg",
        "image/jpeg",
    ]
    names = [one["Content-Disposition"] for one in (*served.values(), *pages_served)]
    assert names[0] == 'inline; filename="scan.tif"'
    assert names[1] == 'inline; filename="scan.jpg"'
    assert names[4] == 'inline; filename="scan page-3.jpg"'
    assert len(row.paths) == len(set(row.paths)) == 6
    gone = Client().get(shown["pages"][0]["url"].replace("page-2", "page-4"))
    assert gone.status_code == 404


def test_a_model_sees_every_page_and_is_told_so(alice: User, noon: datetime) -> None:
    row = stored(alice, files.scan(3), "scan.tif", noon)
    assert len(selectors.data_urls(row)) == 3
    assert all(url.startswith("data:image/jpeg") for url in selectors.data_urls(row))
    note = file_lines.note_on(row, shown=3)
    assert note == "It has 3 pages; pages 1 to 3 are shown, one picture each."
    assert file_lines.note_on(row, shown=1) == "It has 3 pages; only the first is shown."


def test_a_model_is_told_that_a_picture_moves(alice: User, noon: datetime) -> None:
    row = stored(alice, files.moving(5), "party.gif", noon)
    assert (row.motion, row.content_type) == ("moving", "image/gif")
    assert len(selectors.data_urls(row)) == 2
    assert "moves" in file_lines.note_on(row, shown=2)


def test_a_heic_is_shown_as_jpeg_and_kept(alice: User, noon: datetime) -> None:
    row = stored(alice, heic(major=b"mif1"), "IMG_0001.HEIC", noon)
    assert (row.name, row.content_type, row.kind) == ("IMG_0001.HEIC", "image/jpeg", "image")
    (url,) = selectors.data_urls(row)
    assert url.startswith("data:image/jpeg")
    shown = linked(attachment_object(row))
    assert shown["preview_url"] == shown["url"]
    picture, kept = (Client().get(shown[name]) for name in ("url", "original_url"))
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["Content-Disposition"] == 'inline; filename="IMG_0001.jpg"'
    assert kept["Content-Disposition"] == 'attachment; filename="IMG_0001.HEIC"'
    assert kept.content[4:12] == b"ftypmif1"
    assert b"Secret place" not in kept.content


@pytest.mark.slow
def test_a_photo_with_a_picture_of_its_light_is_a_photo() -> None:
    photo, light = Image.new("RGB", (5712, 4284), RED), Image.new("RGB", (64, 48), WHITE)
    made = io.BytesIO()
    photo.save(made, "MPO", save_all=True, append_images=[light])
    assert opened(made.getvalue()).format == "MPO"
    remade = remade_from(made.getvalue())
    assert (remade.content_type, remade.is_still) == ("image/jpeg", False)
    assert max(remade.width, remade.height) == remaking.LONGEST_SIDE
    assert is_near(pixel(remade.data, (9, 9)), RED)
