"""Raw pictures of cameras: named as what they are, kept as files, and nobody makes them up."""

import struct
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.template.loader import render_to_string

from conversations.files import kinds
from conversations.models import Attachment
from conversations.objects.attachment import attachment_object, linked
from conversations.selectors import file_lines
from conversations.services import attachments
from conversations.services.attachments import Upload
from tests.factories import staff
from tests.fakes import files
from tests.fakes.corpus import Specimen, cameras

CANNOT = "The raw picture of a camera cannot be shown; it is kept as a file."


@pytest.mark.parametrize("one", cameras.specimens(), ids=lambda one: one.name)
def test_raw_picture_is_known_by_its_bytes(one: Specimen) -> None:
    for name in (one.name, "photo.jpg", "a"):
        found = kinds.sniff(one.data, name)
        assert (found.file_type, found.kind) == ("raw", "document")


@pytest.mark.parametrize("ending", ["nef", "dng", "arw"])
def test_ending_tells_a_raw_picture_from_a_scan_that_hides_it(ending: str) -> None:
    assert kinds.sniff(cameras.tiff(cameras.number(271, 0)), f"a.{ending}").file_type == "raw"


@pytest.mark.parametrize(
    "data",
    [
        *(files.image("TIFF"), files.scan(3), b"II*\0", b"MM\0*" + bytes(3)),
        b"II*\0" + struct.pack("<I", 8) + cameras.listed(following=8),
        b"II*\0" + struct.pack("<I", 1 << 31),
        b"II*\0" + struct.pack("<IH", 8, 65_535),
        cameras.tiff(cameras.number(330, 8)),
    ],
)
def test_other_picture_in_the_same_form_is_none(data: bytes) -> None:
    assert kinds.sniff(data, "a.tif").file_type == "tiff"


def test_text_that_begins_alike_is_a_text() -> None:
    for words in (b"IIRO is no camera", b"FUJIFILMCCD-RAW is a mark", b"MMOR of it", b"IIU"):
        assert kinds.sniff(words, "a.txt").file_type == "text"


@pytest.mark.django_db
def test_staff_and_model_are_told_that_there_is_no_preview(
    alice: User, noon: datetime, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = Upload(name="IMG_0001.CR2", data=cameras.canon())
    row = attachments.store(upload=upload, by=staff(alice), at=noon)
    assert (row.name, row.kind, row.error) == ("IMG_0001.CR2", "document", CANNOT)
    assert Attachment.objects.get().status == "ready"
    file = linked(attachment_object(row))
    page = render_to_string("conversations/_attachments.html", {"attachments": [file]})
    assert "Raw picture of a camera" in page
    assert CANNOT in page
    head, told = file_lines.line_of(Attachment.objects.get()).splitlines()
    assert "Raw picture of a camera, a file named “IMG_0001.CR2”" in head
    assert told == f"It could not be opened; you do not know what is in it. {CANNOT}"
