"""Files at the widget: uploaded with the visitor's token, sent with a message."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from conversations.models import Attachment
from conversations.services import attachments
from tests.conversations.sources.widget.conftest import Frame, make_widget
from tests.fakes import files


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def visitor(db: None) -> Frame:
    frame = Frame(make_widget())
    frame.open()
    return frame


def upload(frame: Frame, conversation: str, data: bytes = b"hello", name: str = "a.txt") -> Any:
    return frame.client.post(
        f"/widget/{frame.widget.key}/conversations/{conversation}/attachments",
        {"file": SimpleUploadedFile(name, data)},
        headers={"Authorization": f"Bearer {frame.token}", **frame.headers},
    )


def test_visitor_sends_a_photo_without_words(visitor: Frame) -> None:
    conversation = visitor.start()
    shown = upload(visitor, conversation, files.photo(), "lamp.jpg")
    assert shown.status_code == 201
    message = visitor.say(conversation, "", attachments=[shown.json()["id"]])
    assert message.status_code == 201
    assert message.json()["attachments"][0]["kind"] == "image"
    listed = visitor.get(f"conversations/{conversation}/messages").json()["results"]
    url = listed[-1]["attachments"][0]["url"]
    assert visitor.client.get(url)["Content-Type"] == "image/jpeg"


def test_another_visitor_s_file_cannot_be_sent(visitor: Frame) -> None:
    file = upload(visitor, visitor.start()).json()["id"]
    other = Frame(visitor.widget)
    other.open()
    refused = other.say(other.start(), "mine", attachments=[file])
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["attachments"])


def test_another_visitor_s_conversation_takes_no_file(visitor: Frame) -> None:
    conversation = visitor.start()
    other = Frame(visitor.widget)
    other.open()
    assert upload(other, conversation).status_code == 404
    other.token = ""
    assert upload(other, conversation).status_code == 401
    assert Attachment.objects.count() == 0


@pytest.mark.slow
def test_hoarding_is_refused(visitor: Frame) -> None:
    conversation = visitor.start()
    for _ in range(attachments.MOST_WAITING):
        assert upload(visitor, conversation).status_code == 201
    refused = upload(visitor, conversation)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_fast")


@pytest.mark.parametrize(("limit", "most"), [("MOST_FILES_A_DAY", 2), ("MOST_BYTES_A_DAY", 11)])
def test_a_visitor_stores_so_much_within_a_day(
    visitor: Frame, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(attachments, limit, most)
    conversation = visitor.start()
    stored = [upload(visitor, conversation).status_code for _ in range(3)]

    assert stored == [201, 201, 429]
    first = Attachment.objects.order_by("created_at").first()
    assert first
    Attachment.objects.update(created_at=first.created_at - timedelta(days=1))
    assert upload(visitor, conversation).status_code == 201


@pytest.mark.both_databases
def test_a_file_uploaded_before_signing_in_can_be_sent_after_it(visitor: Frame) -> None:
    conversation = visitor.start()
    file = upload(visitor, conversation).json()["id"]
    visitor.open(token=visitor.token, identity=visitor.identity("42"))
    message = visitor.say(conversation, "", attachments=[file])
    assert message.status_code == 201, message.content
