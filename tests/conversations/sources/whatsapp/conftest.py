"""What the tests of WhatsApp share: a sender, and webhooks that reach it as Meta's would."""

import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from channels_layer import times
from channels_layer.access.actors import System
from conversations.models import Contact, Conversation, Delivery, Message
from conversations.services.messages import Draft, post
from conversations.sources.whatsapp import KIND
from conversations.sources.whatsapp.models import Sender, WebhookEvent
from conversations.sources.whatsapp.services import events
from tests import factories
from tests.conversations.sources.whatsapp import helpers, payloads
from tests.conversations.sources.whatsapp.graph import DemoGraphServer, demo_graph_server

SECRET = "the app's secret"


def make_sender(**fields: Any) -> Sender:
    """Return a number of the shop."""
    source = factories.SourceFactory.create(kind=KIND, name="WhatsApp")
    usual = {
        "phone_number_id": payloads.PHONE_NUMBER_ID,
        "business_account_id": "WABA",
        "display_number": "+46 8 00 00",
        "app_secret": SECRET,
        "verify_token": "the verify token",
    }
    return Sender.objects.create(source=source, **{**usual, **fields})


def signature(body: bytes, secret: str = SECRET) -> str:
    """Return what Meta's servers sign a body with."""
    return f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"


class Meta:
    """Meta's servers: they call the webhook, and the clock advances."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.now = factories.NOON
        self.client = Client(enforce_csrf_checks=True)

    @property
    def url(self) -> str:
        """Where the sender's webhook is."""
        return f"/webhooks/whatsapp/{self.sender.pk}"

    def call(self, body: bytes, **headers: str) -> HttpResponse:
        """Call the webhook, which reads the clock itself."""
        signed = {"X-Hub-Signature-256": signature(body), **headers}
        kind = "application/json"
        response = self.client.post(self.url, body, content_type=kind, headers=signed)
        self.now = times.now()
        return response  # type: ignore[return-value]

    def send(self, *messages: payloads.Json, **fields: Any) -> None:
        """Deliver messages in a webhook, and process it."""
        self.deliver(payloads.body(*messages, **fields))

    def deliver(self, body: bytes | payloads.Json) -> None:
        """Store a webhook, and process it."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        assert events.store(sender=self.sender, body=data, at=self.now)
        self.work()

    def work(self) -> int:
        """Process the due webhooks."""
        return events.work(sender_id=self.sender.pk, clock=lambda: self.now)

    def later(self, **time: float) -> None:
        """Let time go by, and work what is due then."""
        self.now += timedelta(**time)
        self.work()

    def event(self) -> WebhookEvent:
        """Return the newest event."""
        return WebhookEvent.objects.order_by("-received_at", "-id")[0]


@pytest.fixture
def sender(db: None) -> Sender:
    """Return a number of the shop."""
    return make_sender()


@pytest.fixture
def meta(sender: Sender) -> Meta:
    """Meta's servers."""
    return Meta(sender)


@pytest.fixture(scope="module")
def graph_server() -> Iterator[DemoGraphServer]:
    """Yield a demo Graph."""
    with demo_graph_server() as running:
        yield running


@pytest.fixture
def graph(graph_server: DemoGraphServer, settings: LazySettings) -> DemoGraphServer:
    """Return the demo Graph as new, and the settings pointed to it."""
    settings.WHATSAPP_GRAPH_URL = graph_server.url
    settings.SEND_INTERVAL_SECONDS = 0
    graph_server.reset()
    return graph_server


@pytest.fixture
def number(graph: DemoGraphServer, db: None) -> Sender:
    """Return a number of the shop that the demo Graph knows."""
    sender = make_sender(access_token="token", business_account_id="1")
    graph.add(sender_id=sender.pk, phone_number_id=sender.phone_number_id)
    return sender


@pytest.fixture
def talking(number: Sender) -> Conversation:
    """Return a conversation whose customer has just written to this number."""
    return helpers.talk(number)


def said() -> list[str]:
    """Return what stands in all threads, in their order."""
    rows = Message.objects.order_by("conversation_id", "position")
    return list(rows.values_list("text", flat=True))


def the_contact() -> Contact:
    """Return the only contact."""
    return Contact.objects.get()


def the_conversation() -> Conversation:
    """Return the only conversation."""
    return Conversation.objects.get()


def noon(**after: float) -> datetime:
    """Return a time after noon."""
    return factories.NOON + timedelta(**after)


def sent(conversation: Conversation, text: str, provider_id: str) -> Message:
    """Something that the shop wrote, on its way as ``provider_id``."""
    message, _ = post(conversation=conversation, by=System(), draft=Draft(text=text), at=noon())
    Delivery.objects.update_or_create(
        message=message,
        part=0,
        defaults={
            "conversation": conversation,
            "provider_id": provider_id,
            "state": "sent",
            "created_at": noon(),
            "changed_at": noon(),
        },
    )
    return message
