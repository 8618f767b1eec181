"""Pictures in the forms that others take: photos of at most 5 MB, scans as PDF."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from conversations.files import conversion
from tests.fakes import files

HEIC = (Path(files.__file__).parent / "pictures" / "phone.heic").read_bytes()


def photo(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(conversion.photo(io.BytesIO(data))))


@pytest.mark.parametrize(
    ("data", "form", "size"),
    [
        (HEIC, "JPEG", (64, 96)),
        (files.image("WEBP"), "JPEG", (64, 48)),
        (files.image("WEBP", mode="RGBA"), "PNG", (64, 48)),
        (files.moving(4), "JPEG", (40, 30)),
        (files.moving(4, form="WEBP"), "JPEG", (40, 30)),
        (files.scan(3), "JPEG", (300, 200)),
        (files.image("PNG"), "JPEG", (64, 48)),
    ],
)
def test_every_picture_becomes_a_photo(data: bytes, form: str, size: tuple[int, int]) -> None:
    made = photo(data)
    assert (made.format, made.size) == (form, size)


def test_a_photo_is_made_smaller_until_it_is_small_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = io.BytesIO()
    Image.effect_noise((2_000, 1_500), 90).save(noise, "JPEG", quality=95)
    monkeypatch.setattr(conversion, "MOST_BYTES", 1_500_000)
    made = photo(noise.getvalue())
    assert made.size == (1_600, 1_200)


def test_a_scan_becomes_a_document_of_all_its_pages() -> None:
    reader = PdfReader(io.BytesIO(conversion.document(io.BytesIO(files.scan(24, (60, 80))))))
    assert len(reader.pages) == 24
    metadata: Any = reader.metadata or {}
    assert "/Author" not in metadata
