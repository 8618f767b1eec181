"""Trying again: POST /api/v1/attachments/<id>/retry/."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from rest_framework.test import APIClient

from channels_layer.access.actors import System
from conversations.models import Attachment, Conversation, Message, Reading
from conversations.objects.message import message_object, visitor_message
from conversations.services import attachments
from conversations.services.attachments import Upload
from conversations.services.messages import Draft, customer_message
from tests.api import clients
from tests.factories import staff
from tests.fakes import files

pytestmark = pytest.mark.both_databases

VICTOR = System(name="Victor")


@pytest.fixture
def photo(
    conversation: Conversation, settings: Settings, tmp_path: Any, noon: datetime
) -> Attachment:
    """Return a photo of Victor's that could not be described."""
    settings.MEDIA_ROOT = tmp_path
    photo = attachments.store(upload=Upload(name="a.jpg", data=files.photo()), by=VICTOR, at=noon)
    draft = Draft(text="", attachments=(photo.pk,))
    customer_message(conversation=conversation, by=VICTOR, draft=draft, at=noon)
    Reading.objects.update(state="failed", error="The model refused this file.", attempts=5)
    return photo


def retry(client: APIClient, photo: Attachment) -> Any:
    return client.post(f"/api/v1/attachments/{photo.pk}/retry/")


def test_queues_the_reading_once_more(alice: User, photo: Attachment) -> None:
    client = clients.browser(alice)
    before = client.get(f"/api/v1/conversations/{photo_conversation(photo)}/messages/").json()
    shown = before["results"][-1]["attachments"][0]
    failed = {"state": "failed", "error": "The model refused this file.", "extent": None}
    assert shown["reading"] == failed
    response = retry(client, photo)
    assert response.status_code == 202
    assert response.json()["reading"] == {"state": "queued", "error": None, "extent": None}
    row = Reading.objects.get()
    assert (row.state, row.attempts) == ("queued", 0)


def test_refuses_what_has_not_failed(alice: User, photo: Attachment) -> None:
    client = clients.browser(alice)
    assert retry(client, photo).status_code == 202
    response = retry(client, photo)
    assert (response.status_code, response.json()["code"]) == (409, "nothing_to_retry")


def test_refuses_what_did_not_arrive_where_nobody_fetches(alice: User, photo: Attachment) -> None:
    Attachment.objects.update(status="failed")
    assert retry(clients.browser(alice), photo).status_code == 409
    assert Attachment.objects.get().status == "failed"


def test_hides_files_that_no_message_carries(
    alice: User, bob: User, photo: Attachment, noon: datetime
) -> None:
    own = attachments.store(upload=Upload(name="b.txt", data=b"b"), by=staff(bob), at=noon)
    assert retry(clients.browser(alice), own).status_code == 404


def test_customer_sees_no_reading(photo: Attachment) -> None:
    message = Message.objects.get(attachments=photo)
    shown = visitor_message(message_object(message))
    assert shown is not None
    assert shown["attachments"][0]["reading"] is None
    assert shown["attachments"][0]["status"] == "ready"


def photo_conversation(photo: Attachment) -> Any:
    return Attachment.objects.get(pk=photo.pk).conversation_id
