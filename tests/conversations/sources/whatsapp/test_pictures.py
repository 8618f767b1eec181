"""Pictures that leave through WhatsApp: each in a form that Meta takes."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from channels_layer.access.actors import Key
from channels_layer.models import ApiKey
from conversations.files import images
from conversations.models import Attachment, Conversation
from conversations.services import attachments
from conversations.services.attachments import Upload
from conversations.services.messages import Draft, post
from conversations.sources.whatsapp.services import outgoing_files
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.whatsapp.helpers import NOON, deliver, requests
from tests.fakes import files

pytestmark = pytest.mark.django_db

HEIC = (Path(files.__file__).parent / "pictures" / "phone.heic").read_bytes()
JPEG, PNG = ("image", "image/jpeg", b"\xff\xd8"), ("image", "image/png", b"\x89PNG")


@pytest.fixture
def shop(db: None, settings: LazySettings, tmp_path: Path) -> Key:
    settings.MEDIA_ROOT = tmp_path
    key = ApiKey.objects.create(name="Shop", prefix="p", digest="d", created_at=NOON)
    return Key(key=key)


def upload(shop: Key, name: str, data: bytes) -> Attachment:
    return attachments.store(upload=Upload(name=name, data=data), by=shop, at=NOON)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("IMG_1.HEIC", HEIC, JPEG),
        ("logo.webp", files.image("WEBP", mode="RGBA"), PNG),
        ("party.gif", files.moving(4), JPEG),
        ("fax.tif", files.scan(1), JPEG),
        ("lamp.png", files.image("PNG"), PNG),
    ],
)
def test_a_picture_leaves_as_a_photo(
    shop: Key, name: str, data: bytes, expected: tuple[str, str, bytes]
) -> None:
    row = upload(shop, name, data)
    file = outgoing_files.prepared(row)
    kind, content_type, beginning = expected
    assert (file.kind, file.content_type) == (kind, content_type)
    assert file.data.startswith(beginning)
    assert outgoing_files.kind_of(row) == kind


@pytest.mark.slow
def test_a_scan_leaves_as_a_document_of_all_its_pages(
    talking: Conversation, graph: DemoGraphServer, shop: Key
) -> None:
    scan = upload(shop, "scan.tif", files.scan(2))
    draft = Draft(text="The form", attachments=(scan.pk,))
    post(conversation=talking, by=shop, draft=draft, at=NOON)
    deliver(talking)
    (request,) = requests(graph)
    assert request["type"] == "document"
    assert request["document"]["filename"] == "scan.pdf"
    assert request["document"]["caption"] == "The form"


def test_what_could_not_be_converted_leaves_as_its_small_copy(
    shop: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = upload(shop, "logo.webp", files.image("WEBP"))
    monkeypatch.setattr(images, "LONGEST", 0.001)
    file = outgoing_files.prepared(row)
    assert (file.kind, file.content_type) == ("image", "image/jpeg")
