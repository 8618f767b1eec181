"""Pictures as cameras, phones, programs and fax machines make them; whole, moving, cut, rare."""

import io
import struct
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw

from tests.fakes import files
from tests.fakes.corpus.specimens import DOCUMENT, IMAGE, Fate, Right, Specimen

STILL = r"image/|octet-stream"
FOLDER = Path(__file__).parent
WIDE = (320, 200)


def drawn(mode: str = "RGB", size: tuple[int, int] = WIDE) -> Image.Image:
    """Return a picture with an edge and a middle, so that what is cut away is missed."""
    picture = Image.new("RGB", size, (220, 100, 40))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=(20, 20, 20), width=6)
    pen.ellipse((size[0] // 3, size[1] // 3, size[0] // 2, size[1] // 2), fill=(50, 90, 200))
    return picture.convert(mode)


def written(form: str, mode: str = "RGB", size: tuple[int, int] = WIDE, **options: object) -> bytes:
    """Return the picture in a format of Pillow's."""
    target = io.BytesIO()
    drawn(mode, size).save(target, form, **options)
    return target.getvalue()


def turned() -> bytes:
    """Return a photo whose camera was held upright, with the place it was taken at."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update(files.GPS[34853])
    return written("JPEG", exif=exif)


def moving(form: str) -> bytes:
    """Return six pictures that follow each other."""
    return files.moving(6, (120, 80), form=form)


def deep() -> bytes:
    """Return a picture of 16 bits a pixel."""
    target = io.BytesIO()
    Image.new("I;16", (40, 30), 30000).save(target, "PNG")
    return target.getvalue()


def pages(number: int, **options: object) -> bytes:
    """Return a TIFF of several pages."""
    first, *later = [drawn("1" if options else "RGB", (80, 120)) for _ in range(number)]
    target = io.BytesIO()
    first.save(target, "TIFF", save_all=True, append_images=later, **options)
    return target.getvalue()


def kept(name: str) -> bytes:
    """Return a picture that nothing in the tests can write; it was written once."""
    return (FOLDER / name).read_bytes()


def branded(brand: bytes) -> bytes:
    """Return the HEIC photo under another major brand, its own among the compatible ones."""
    data = kept("photo.heic")
    return data[:8] + brand + data[12:]


def photoshop() -> bytes:
    """Return a drawing of Photoshop's: one layer of one colour."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 20, 30, 8, 3)
    return head + bytes(12) + b"\0\0" + b"\x80" * (3 * 20 * 30)


def specimens() -> list[Specimen]:
    """Return the pictures."""
    return [*_stills(), *_moving(), *_rare(), *_broken()]


def _stills() -> list[Specimen]:
    photo = "image image/jpeg"
    return [
        _seen("lamp.jpg", written_as("JPEG"), meta=photo),
        _seen("turned.jpeg", turned, meta=photo),
        _seen("print colours.jpg", written_as("JPEG", "CMYK"), meta=photo),
        _seen("progressive.jpg", written_as("JPEG", progressive=True), meta=photo),
        _seen("UPPER.JPG", written_as("JPEG", "L"), meta=photo),
        _seen("palette.png", written_as("PNG", "P"), meta="image image/png"),
        _seen("sixteen bits.png", deep, meta="image image/png"),
        _seen("screen.png", written_as("PNG", "RGBA"), meta="image image/png"),
        _seen("tall.png", written_as("PNG", "RGB", (60, 600)), meta="image image/png"),
        _seen("paint.bmp", written_as("BMP")),
        _seen("lossless.webp", written_as("WEBP", lossless=True)),
        _seen("sticker.webp", written_as("WEBP", "RGBA"), meta="sticker image/webp"),
        _seen("photo.avif", written_as("AVIF")),
        _seen("photo.heic", partial(kept, "photo.heic")),
        _seen("photo.heif", partial(branded, b"mif1")),
        _seen("burst.heic", partial(branded, b"heim")),
        _seen("scalable.HEIC", partial(branded, b"heis")),
        _seen("fax of one page.tif", partial(pages, 1, compression="group4")),
        _seen("print.tif", written_as("TIFF", "CMYK")),
        _seen("photo renamed.pdf", written_as("JPEG"), shown_as=r"\.jpe?g$"),
        _seen("without ending", written_as("PNG")),
    ]


def _moving() -> list[Specimen]:
    told = (r"(?i)mov|anim",)
    many = (r"(?i)\b2\b.*page|page.*\b2\b|two pages",)
    return [
        _seen("dance.gif", partial(moving, "GIF"), told=told),
        _seen("dance.webp", partial(moving, "WEBP"), told=told),
        _seen("dance.png", partial(moving, "PNG"), told=told),
        _seen("dance.avif", partial(kept, "moving.avif"), told=told),
        _seen("still.gif", written_as("GIF", "P")),
        _seen("two pages.tiff", partial(pages, 2), told=many),
        _seen("fax.tif", partial(pages, 2, compression="group4"), told=many),
    ]


def _rare() -> list[Specimen]:
    return [
        _either("icon.ico", written_as("ICO", size=(48, 48))),
        _either("scan.jp2", written_as("JPEG2000")),
        _either("drawing.psd", photoshop),
        _either("photo.jxl", lambda: b"\xff\x0a" + bytes(range(60))),
        _either("game.tga", written_as("TGA")),
        _either("raw.cr2", lambda: b"II*\0\x10\0\0\0CR\x02\0" + bytes(200)),
    ]


def _broken() -> list[Specimen]:
    photo = "image image/jpeg"
    gone = Right(fate=Fate.UNKNOWN, kind="image|document", served=r"octet-stream|image/jpeg")
    half = Right(fate=Fate.SEEN, kind="image|document", told=(r"(?i)damaged|not know|broken",))
    return [
        Specimen("head alone.jpg", lambda: written("JPEG")[:300], gone, photo),
        Specimen("half.jpg", lambda: written("JPEG")[:2000], half, photo),
        Specimen("cut.png", lambda: written("PNG")[:200], half, "image image/png"),
        Specimen(
            "no picture.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(80), gone, "image image/png"
        ),
        Specimen("empty brand.heic", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", gone),
    ]


def written_as(
    form: str, mode: str = "RGB", size: tuple[int, int] = WIDE, **options: object
) -> partial[bytes]:
    """Return what writes the picture later."""
    return partial(written, form, mode, size, **options)


def _seen(title: str, make: object, *, meta: str = "", **more: object) -> Specimen:
    right = Right(fate=Fate.SEEN, kind=IMAGE, served=STILL, **more)  # type: ignore[arg-type]
    return Specimen(title, make, right, meta)  # type: ignore[arg-type]


def _either(title: str, make: object) -> Specimen:
    """Return a rare picture: shown as one, or else a document of which nothing is known."""
    right = Right(fate=Fate.SEEN, kind=f"{IMAGE}|{DOCUMENT}", served=STILL)
    return Specimen(title, make, right)  # type: ignore[arg-type]
