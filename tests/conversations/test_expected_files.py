"""Files whose bytes come later: expected, arrived, lost."""

from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage

from channels_layer.access.actors import System
from channels_layer.errors import DomainError
from channels_layer.models import Event
from channels_layer.work import audits
from conversations.models import Attachment, AuthorKind, Conversation, FileRemoval, Message
from conversations.objects.message import message_object
from conversations.services import attachments, thread
from conversations.services.attachments import Upload
from conversations.services.thread import Author, Entry
from tests.fakes import files

pytestmark = pytest.mark.both_databases

BY = System(name="WhatsApp")


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Any) -> Any:
    """A folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def expected(conversation: Conversation, noon: datetime) -> Attachment:
    """A photo on its way, in a message of Victor's."""
    photo = attachments.expect(
        name="Photo", content_type="image/jpeg", kind="image", by=BY, at=noon
    )
    author = Author(kind=AuthorKind.CUSTOMER, name="Victor")
    thread.append(conversation.locked(), Entry(author=author, attachments=[photo]), at=noon)
    return photo


def published(conversation: Conversation) -> list[Any]:
    rows = Event.objects.filter(topic=conversation.topic, type="message.updated").order_by("seq")
    return [row.data["attachments"][0] for row in rows]


def findings(at: datetime) -> list[tuple[str, str]]:
    return [one for one in audits.findings(audits.Scope(at=at)) if one[0] == "files"]


def test_message_carries_a_file_before_its_bytes_are_here(
    expected: Attachment, noon: datetime
) -> None:
    message = Message.objects.get(attachments=expected)
    shown = message_object(message)["attachments"][0]
    assert (shown["name"], shown["kind"], shown["status"]) == ("Photo", "image", "fetching")
    assert (shown["size"], shown["url"], shown["thumbnail_url"]) == (0, None, None)
    assert not findings(noon)


def test_bytes_arrive_and_are_judged_and_told(
    conversation: Conversation, expected: Attachment, noon: datetime, media: Any
) -> None:
    upload = Upload(name=expected.name, data=files.photo())
    attachments.arrived(attachment=expected, upload=upload, at=noon)
    expected.refresh_from_db()
    assert (expected.status, expected.name) == ("ready", "Photo.jpg")
    assert (expected.width, expected.height) == (200, 320)
    assert [one["status"] for one in published(conversation)] == ["ready"]
    assert not FileRemoval.objects.exists()
    assert not findings(noon)


def test_bytes_that_arrive_twice_change_nothing(
    conversation: Conversation, expected: Attachment, noon: datetime
) -> None:
    upload = Upload(name=expected.name, data=files.photo())
    first = attachments.arrived(attachment=expected, upload=upload, at=noon)
    second = attachments.arrived(attachment=expected, upload=upload, at=noon)
    assert first.path == second.path
    assert len(published(conversation)) == 1
    assert FileRemoval.objects.count() == 2, "what the second one wrote has to go"
    assert not findings(noon)


def test_program_is_not_taken_and_the_row_waits_for_a_verdict(
    conversation: Conversation, expected: Attachment, noon: datetime
) -> None:
    with pytest.raises(DomainError):
        attachments.arrived(
            attachment=expected, upload=Upload(name="a.exe", data=b"MZ" + bytes(90)), at=noon
        )
    expected.refresh_from_db()
    assert expected.status == "fetching"
    attachments.lost(attachment=expected, error="Programs and scripts are not taken.", at=noon)
    expected.refresh_from_db()
    assert (expected.status, expected.error) == ("failed", "Programs and scripts are not taken.")
    assert published(conversation)[-1]["error"] == "Programs and scripts are not taken."


def test_what_has_arrived_is_not_lost(expected: Attachment, noon: datetime) -> None:
    upload = Upload(name="a.jpg", data=files.photo())
    attachments.arrived(attachment=expected, upload=upload, at=noon)
    attachments.lost(attachment=expected, error="Too slow.", at=noon)
    expected.refresh_from_db()
    assert (expected.status, expected.error) == ("ready", "")


def test_bytes_for_a_conversation_that_is_gone_are_thrown_away(
    conversation: Conversation, expected: Attachment, noon: datetime
) -> None:
    conversation.delete()
    upload = Upload(name="a.jpg", data=files.photo())
    attachments.arrived(attachment=expected, upload=upload, at=noon)
    attachments.lost(attachment=expected, error="Gone.", at=noon)
    due = list(FileRemoval.objects.values_list("path", flat=True))
    assert len(due) == 2
    assert all(default_storage.exists(path) for path in due)
