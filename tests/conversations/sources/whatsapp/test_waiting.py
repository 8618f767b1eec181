"""Waiting: what cannot leave says why; and a worker does not stay with one conversation."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from channels_layer.models import Event
from conversations.models import Conversation, Delivery
from conversations.services import deliveries
from conversations.sources.whatsapp import errors
from tests import factories
from tests.conversations.sources.whatsapp.graph import DemoGraphServer
from tests.conversations.sources.whatsapp.helpers import NOON, deliver, say, status_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AWAY = "http://127.0.0.1:9"


def shown(conversation: Conversation) -> str:
    """Return the conversation's page as an agent sees it."""
    client = Client()
    client.force_login(factories.person("alice"))
    return client.get(f"/conversations/{conversation.pk}/").content.decode()


def test_what_waits_says_why_from_the_second_attempt(
    talking: Conversation, settings: Settings, graph: DemoGraphServer
) -> None:
    settings.WHATSAPP_GRAPH_URL = AWAY
    message = say(talking, "Hello")
    deliver(talking)
    assert status_of(message) == ("queued", "")
    for minutes in range(1, 4):
        deliver(talking, NOON + timedelta(minutes=minutes))
        assert status_of(message) == ("queued", errors.UNREACHABLE)
    updates = Event.objects.filter(topic=talking.topic, type="message.updated")
    assert updates.count() == 1
    page = shown(talking)
    assert page.count(errors.UNREACHABLE) == 1
    assert "Sending…" in page
    settings.WHATSAPP_GRAPH_URL = graph.url
    deliver(talking, NOON + timedelta(minutes=10))
    assert status_of(message) == ("sent", "")


def test_a_worker_leaves_the_rest_to_another(talking: Conversation, graph: DemoGraphServer) -> None:
    for number in range(deliveries.SENT_AT_ONCE + 1):
        say(talking, f"Line {number}")
    late = NOON + timedelta(minutes=1)
    assert deliver(talking, late) == deliveries.SENT_AT_ONCE
    assert Delivery.objects.filter(state="queued").count() == 1
    assert deliver(talking, late) == 1
