"""What is written: messages of the staff and of customers, the floor, webhooks, deliveries."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count as numbers
from typing import Any

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from channels_layer import times
from channels_layer.access.actors import System
from conversations.models import Conversation, Delivery
from conversations.sources.whatsapp.models import WebhookEvent
from conversations.sources.whatsapp.tasks import work_webhooks
from conversations.tasks import deliver
from handoff import services as handoff
from tests import factories
from tests.api import clients
from tests.api.clients import V1
from tests.conversations.sources.whatsapp import helpers, payloads
from tests.conversations.sources.whatsapp.conftest import Meta
from tests.conversations.sources.widget.conftest import Frame
from tests.statements.conftest import Count

pytestmark = pytest.mark.both_databases

HOUR = timedelta(hours=1)


@pytest.fixture
def names() -> Iterator[str]:
    """Names, each another one."""
    return (f"name-{number}" for number in numbers())


@pytest.fixture
def staff(db: None) -> APIClient:
    """Alice's browser."""
    return clients.browser(factories.person("alice"))


@pytest.fixture
def shop(db: None) -> APIClient:
    """Another system, with its key."""
    return clients.system()


def post(client: APIClient, path: str, *, key: str = "", **body: Any) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    response = client.post(f"{V1}/conversations/{path}", body, format="json", headers=headers)
    assert response.status_code in {200, 201}, response.content


def test_a_message_of_the_staff(
    count: Count, names: Iterator[str], staff: APIClient, conversation: Conversation
) -> None:
    path = f"{conversation.pk}/messages/"
    count("message of the staff", lambda: post(staff, path, text="Sure.", client_id=next(names)))
    count(
        "message of the staff with `Idempotency-Key`",
        lambda: post(staff, path, key=next(names), text="Sure.", client_id=next(names)),
    )


def test_a_message_that_takes_the_floor(
    count: Count, names: Iterator[str], staff: APIClient
) -> None:
    count(
        "message of the staff that takes the floor",
        lambda talk: post(staff, f"{talk.pk}/messages/", text="Sure.", client_id=next(names)),
        factories.conversation,
    )


def test_a_message_of_a_customer(
    count: Count, names: Iterator[str], shop: APIClient, conversation: Conversation
) -> None:
    path = f"{conversation.pk}/customer-messages/"
    count(
        "message of a customer over REST",
        lambda: post(shop, path, text="Where is it?", client_id=next(names)),
    )
    count(
        "message of a customer over REST with `Idempotency-Key`",
        lambda: post(shop, path, key=next(names), text="Where is it?", client_id=next(names)),
    )


def test_a_message_of_a_visitor(count: Count, names: Iterator[str], victor: Frame) -> None:
    talk = victor.start()

    def say() -> None:
        response = victor.say(talk, "Where is my lamp?", client_id=next(names))
        assert response.status_code == 201

    count("message of a visitor in the widget", say)


def test_accepting(count: Count, staff: APIClient) -> None:
    def requested() -> Conversation:
        return handoff.join(floor=factories.conversation(), by=System(), at=factories.NOON)

    count("accept", lambda talk: post(staff, f"{talk.pk}/accept"), requested)


def test_the_intake_of_a_webhook(count: Count, names: Iterator[str], meta: Meta) -> None:
    def call(body: bytes) -> HttpResponse:
        response = meta.call(body)
        assert response.status_code == 200
        return response

    def work(_arranged: object) -> None:
        work_webhooks(sender=str(meta.sender.pk))

    def body() -> bytes:
        return payloads.body(payloads.text("Where is it?", wamid=next(names)))

    count("webhook of WhatsApp, stored and answered", call, body)
    work(None)
    count("webhook of WhatsApp, its message taken in", work, lambda: call(body()))
    assert not WebhookEvent.objects.exclude(state="done").exists()


def test_a_delivery(count: Count, talking: Conversation) -> None:
    at = times.now()
    Conversation.objects.update(window_expires_at=at + HOUR)

    count(
        "delivery of a message to WhatsApp",
        lambda _message: deliver(conversation=str(talking.pk)),
        lambda: helpers.say(talking, "Of course.", at=at),
    )
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
