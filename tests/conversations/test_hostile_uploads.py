"""Hostile uploads: whatever a stranger sends, it leaves as a download or as an image made anew."""

import io
import os
import re
import resource
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from conversations.files import names
from conversations.models import Attachment
from tests.api import clients
from tests.fakes.hostile_files import NAMES, Hostile, uploads

pytestmark = pytest.mark.slow


REFUSALS = {400, 413, 415}
INLINE = {
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "audio/wav",
    "audio/mpeg",
    "audio/aac",
    "audio/ogg",
    "video/mp4",
    "audio/mp4",
    "audio/webm",
    "video/webm",
}
PLACE = re.compile(r"attachments/\d{4}/\d\d/\d\d/[0-9a-f]{32}")
MOST_MEMORY = 100 * 1024
"""Kilobytes that the peak may rise by."""


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


@pytest.fixture
def api(alice: User) -> APIClient:
    return clients.browser(alice)


def test_two_hundred_hostile_uploads(api: APIClient, media: Path) -> None:
    check(api, media, number=200)


@pytest.mark.drill
def test_many_hostile_uploads(api: APIClient, media: Path) -> None:
    check(api, media, number=1000 if os.environ.get("DRILL_ROUNDS") == "full" else 400)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names(name: str) -> None:
    has_harmless_name(names.cleaned(name))


def check(api: APIClient, folder: Path, *, number: int) -> None:
    """Upload all files; assert that each is refused with a reason or served harmlessly."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = refused = 0
    for hostile in uploads(number):
        response = send(api, hostile)
        if response.status_code == 201:
            leaves_harmlessly(response.json(), hostile)
            taken += 1
        else:
            assert response.status_code in REFUSALS, (hostile.title, response.content)
            assert response.json()["detail"], hostile.title
            refused += 1
    assert taken > number / 2
    assert refused > number / 20
    lies_where_it_should(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert peak - before < MOST_MEMORY


def send(api: APIClient, hostile: Hostile) -> Any:
    """Upload a file with the name and type that it claims."""
    file = SimpleUploadedFile("x", hostile.data, content_type=hostile.content_type)
    file._name = hostile.name.encode(errors="replace").decode()  # type: ignore[attr-defined]
    return api.post("/api/v1/attachments/", {"file": file}, format="multipart")


def leaves_harmlessly(shown: dict[str, Any], hostile: Hostile) -> None:
    """Assert a download of plain bytes, or media that Parley knows, in a sandbox."""
    response = Client().get(shown["url"])
    why = (hostile.title, hostile.name)
    assert response.status_code == 200, why
    assert response["X-Content-Type-Options"] == "nosniff", why
    assert "default-src 'none'" in response["Content-Security-Policy"], why
    assert "sandbox" in response["Content-Security-Policy"], why
    assert "html" not in response["Content-Type"], why
    assert "svg" not in response["Content-Type"], why
    assert "xml" not in response["Content-Type"] or "openxml" in response["Content-Type"], why
    is_inline = response["Content-Disposition"].startswith("inline")
    assert is_inline == (response["Content-Type"] in INLINE), why
    assert not re.search(r"[\r\n\x00]", response["Content-Disposition"]), why
    has_harmless_name(shown["name"])
    if response["Content-Type"].startswith("image/"):
        # What is kept as it came lies behind its own address; pages show what was made of it.
        is_made_anew(Client().get(shown["preview_url"]).content, why)
    if shown["url"] not in {shown["preview_url"], shown["original_url"]}:
        assert not response["Content-Type"].startswith("image/"), why


def has_harmless_name(name: str) -> None:
    assert name
    assert len(name) <= 120
    assert name == name.strip(" .") or name.startswith(".")
    assert not re.search(r'[\x00-\x1f/\\<>:"|?*\u202a-\u202e]', name)
    assert name not in {".", ".."}


def is_made_anew(data: bytes, why: object) -> None:
    """Assert nothing but pixels: no script, no place, no second file."""
    for trace in (b"<script", b"<html", b"<svg", b"PK\x03\x04", b"Phone maker", b"GPS"):
        assert trace not in data, why
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif(), why


def lies_where_it_should(folder: Path) -> None:
    """Assert that every file has a random name below the attachments' folder, and a row."""
    files = {
        str(path.relative_to(folder / "media")) for path in folder.rglob("*") if path.is_file()
    }
    assert all(PLACE.fullmatch(name) for name in files)
    assert files == {path for row in Attachment.objects.all() for path in row.paths}
