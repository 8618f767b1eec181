"""Numbers of thousands of digits, of which Python makes none, wherever they come from."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from config.edge import bodies
from conversations.api import uploads
from conversations.models import Conversation
from conversations.sources.whatsapp.parser.shapes import Status
from conversations.sources.whatsapp.selectors import _number
from conversations.sources.whatsapp.services import sends
from tests.api.clients import V1
from tests.conversations.sources.whatsapp.conftest import make_sender
from tests.factories import NOON

LONG = "9" * 5000
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["limit", "after", "cursor"])
def test_the_feed_refuses_them_by_their_field(
    api: APIClient, conversation: Conversation, name: str
) -> None:
    response = api.get(f"{V1}/events/", {"topic": conversation.topic, name: LONG})

    assert (response.status_code, list(response.json()["fields"])) == (400, [name])


@pytest.mark.parametrize("path", ["tickets/{}/", "agents/{}/", "contacts/{}/", "runs/{}/"])
def test_a_path_of_digits_is_not_found(api: APIClient, path: str) -> None:
    assert api.get(f"{V1}/{path.format(LONG)}").status_code == 404


def test_pages_take_the_nearest_position(
    client: Client, alice: User, conversation: Conversation
) -> None:
    client.force_login(alice)
    for path in ("/conversations/{}/messages/", "/chats/{}/messages/"):
        response = client.get(path.format(conversation.pk), {"before": LONG})
        assert response.status_code in {200, 404}
    assert client.get("/tickets/", {"search": f"#{LONG}"}).status_code == 200
    assert client.get("/tickets/", {"cursor": LONG}).status_code in {200, 400}


def test_an_announced_length_may_have_any_form() -> None:
    assert uploads.is_too_large(LONG)
    for length in ("²", "-1", "5", ""):
        assert not uploads.is_too_large(length)


def test_a_declared_length_of_any_size_is_a_number() -> None:
    scope = {"headers": [(b"content-length", LONG.encode()), (b"content-length", b"5")]}

    assert bodies._declared(scope) > 10**9


def test_codes_and_tiers_of_another_server_may_be_anything() -> None:
    sender = make_sender()
    status = Status(id="wamid.1", state="failed", error_code=LONG, at=NOON)

    sends.record_status(sender=sender, status=status, at=NOON)

    assert _number(f"TIER_{LONG}K") is None
    assert _number("TIER_2K") == 2000
