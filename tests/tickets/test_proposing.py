"""Proposals of tickets: by the utility model, or plain text at once."""

import time
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from channels_layer.access.actors import Visitor
from conversations.models import Conversation
from conversations.services import messages
from conversations.services.messages import Draft
from tests.api.clients import V1
from tests.chats.servers import DemoModelServer
from tests.factories import NOON
from tickets import proposals


@pytest.fixture
def model(demo_model: DemoModelServer, settings: Settings) -> DemoModelServer:
    """Return the demo model as the utility model."""
    settings.LLM_BASE_URL = demo_model.url
    settings.LLM_UTILITY_MODEL = "demo"
    return demo_model


def say(conversation: Conversation, text: str, at: datetime) -> None:
    assert conversation.contact_id
    victor = Visitor(conversation.contact_id, conversation.source_id, "Victor")
    messages.customer_message(conversation=conversation, by=victor, draft=Draft(text=text), at=at)


def test_the_model_proposes_subject_and_summary(
    api: APIClient, conversation: Conversation, noon: datetime, model: DemoModelServer
) -> None:
    say(conversation, "My lamp arrived with a cracked base", noon)
    answer = api.post(f"{V1}/conversations/{conversation.pk}/ticket-proposal").json()

    assert answer["source"] == "model"
    assert answer["subject"] == "Lamp arrived cracked base"
    assert "cracked base" in answer["description"]


def test_without_a_model_there_is_plain_text(
    api: APIClient, conversation: Conversation, noon: datetime, settings: Settings
) -> None:
    settings.LLM_BASE_URL = "http://127.0.0.1:9/v1"
    say(conversation, "My lamp arrived\nwith a cracked base " + "and more " * 20, noon)
    say(conversation, "Order ORD-12345", noon + timedelta(seconds=5))
    answer = api.post(f"{V1}/conversations/{conversation.pk}/ticket-proposal").json()

    assert answer["source"] == "fallback"
    assert answer["subject"].startswith("My lamp arrived with a cracked base")
    assert len(answer["subject"]) <= 80
    assert answer["description"].endswith("Order ORD-12345")


def test_a_slow_model_is_not_waited_for(
    conversation: Conversation, noon: datetime, model: DemoModelServer
) -> None:
    say(conversation, "[demo:stall-first=30] My lamp is broken", noon)
    began = time.monotonic()
    proposal = proposals.propose(conversation, at=NOON, patience=0.3)

    assert time.monotonic() - began < 2
    assert proposal["source"] == "fallback"


def test_an_empty_conversation_needs_no_model(conversation: Conversation) -> None:
    assert proposals.propose(conversation, at=NOON)["source"] == "fallback"
