"""The demo data: ``manage.py demo``."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker, Settings

from channels_layer.access import keys
from channels_layer.access.keys import ALL_SCOPES
from channels_layer.models import ApiKey
from chats import tools
from chats.models import Article, Run, ToolCall
from chats.selectors import knowledge
from chats.services import approvals
from chats.services.approvals import Decision
from chats.tools import catalogue
from config.demo.data import files
from config.demo.graph import senders
from conversations import source_kinds
from conversations.models import (
    Assistant,
    Conversation,
    Delivery,
    Message,
    Reading,
    Source,
)
from conversations.selectors import conversations as selectors
from conversations.sources.whatsapp.models import Sender
from conversations.sources.widget.models import Widget
from handoff.models import Agent, PendingNotification
from handoff.selectors import staff_actor
from tests import registries
from tests.factories import NOON
from tickets.models import Ticket

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.django_db]


def demo(*arguments: str) -> str:
    """Run the command as a deployment without DEBUG that wants it."""
    output = StringIO()
    call_command("demo", "--force", *arguments, stdout=output)
    return output.getvalue()


def facts() -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(demo("--json"))
    return printed


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Yield the demo, loaded once for all tests below that ask for it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield facts()
        transaction.set_rollback(True)


def test_is_refused_where_debug_is_off() -> None:
    with pytest.raises(CommandError, match="--force"):
        call_command("demo")
    assert not User.objects.exists()


def test_is_loaded_where_debug_is_on(settings: Settings) -> None:
    settings.DEBUG = True
    output = StringIO()
    call_command("demo", stdout=output)

    assert "alice / alice-demo" in output.getvalue()


def test_a_story_without_its_tool_is_left_out() -> None:
    with registries.restored(catalogue._sources, are_empty=True):
        demo()
    assert not Run.objects.live().exists()
    assert not Conversation.objects.filter(context__demo="hugo").exists()


def test_prints_what_the_contract_promises(loaded: dict[str, Any], settings: Settings) -> None:
    printed = loaded

    assert printed["url"] == f"http://127.0.0.1:{settings.PORT}"
    widget = Widget.objects.get()
    assert (printed["widget_key"], printed["widget_secret"]) == (widget.key, widget.secret)
    assert printed["url"] in widget.allowed_origins
    assert [user["role"] for user in printed["users"]] == [
        "agent",
        "agent",
        "supervisor",
        "administrator",
    ]
    assert [row["name"] for row in printed["assistants"]] == ["Ada", "Kit"]
    assert {row["kind"] for row in printed["sources"]} == set(source_kinds.names())
    sender = Sender.objects.get()
    assert printed["whatsapp"] == {
        "sender_id": str(sender.pk),
        "phone_number_id": sender.phone_number_id,
        "verify_token": sender.verify_token,
        "app_secret": sender.app_secret,
    }
    key = keys.find(printed["api_key"], at=NOON)
    assert key is not None
    assert set(key.scopes) == set(ALL_SCOPES)


def test_everybody_can_sign_in(loaded: dict[str, Any]) -> None:
    for user in loaded["users"]:
        found = authenticate(username=user["username"], password=user["password"])
        assert found is not None
        assert Agent.objects.get(user=found).role == user["role"]
        assert found.is_staff is found.is_superuser is (user["role"] == "administrator")
    assert User.objects.get(username="alice").get_full_name() == "Alice Moreau"


def test_loading_again_changes_nothing_but_the_key(loaded: dict[str, Any]) -> None:
    models = (User, Article, Conversation, Message, Run, Ticket)
    counted = [model.objects.count() for model in models]
    with CaptureQueriesContext(connection) as queries:
        again = facts()

    assert {**loaded, "api_key": ""} == {**again, "api_key": ""}
    assert ApiKey.objects.count() == 2
    assert counted == [model.objects.count() for model in models]
    assert len(queries) < 40


@pytest.mark.usefixtures("loaded")
def test_what_a_person_changed_stays() -> None:
    Assistant.objects.filter(name="Ada").update(instructions="Be brief.", tools=[])
    Source.objects.filter(kind="api").update(name="Warehouse")
    demo()

    ada = Assistant.objects.get(name="Ada")
    assert ada.instructions == "Be brief."
    assert sorted(ada.tools) == sorted(tools.names())
    assert Source.objects.filter(kind="api", name="Warehouse").exists()


@pytest.mark.usefixtures("loaded")
def test_the_inbox_shows_every_kind_of_conversation() -> None:
    rows = Conversation.objects.all()

    assert set(rows.values_list("control", flat=True)) == {"ai", "requested", "agent"}
    assert set(rows.values_list("switch", flat=True)) == {"active", "paused", "blocked"}
    assert set(rows.values_list("lifecycle", flat=True)) == {"active", "ended"}
    assert set(rows.values_list("source__kind", flat=True)) == set(source_kinds.names())
    assert not rows.filter(answer_due_at__isnull=False).exists()
    assert [run.status for run in Run.objects.live()] == [Run.Status.WAITING]


@pytest.mark.usefixtures("loaded")
def test_one_answer_waits_for_approval() -> None:
    alice = staff_actor(User.objects.get(username="alice"))
    assert alice is not None
    call = ToolCall.objects.pending().get()
    assert (call.name, call.run.conversation.title) == (
        "refund_order",
        "Money back for a late parcel",
    )

    approvals.decide(call=call, by=alice, decision=Decision(is_approved=True), at=NOON)

    assert Run.objects.live().get().status == Run.Status.READY


@pytest.mark.usefixtures("loaded")
def test_tickets_stand_in_every_state_and_are_linked() -> None:
    tickets = {ticket.subject: ticket for ticket in Ticket.objects.all()}

    assert {name: ticket.status for name, ticket in tickets.items()} == {
        "Refund of €189.00 for a cracked lamp": "open",
        "Ask the carrier about ORD-20871": "open",
        "New driver for a Måne, NH204417": "pending",
        "Gift card emails end up in spam": "solved",
        "Offer for twelve Arc lamps, with delivery to a castle": "open",
        "Offer for five Arc lamps: 8 % until Friday": "pending",
        "Write an article about smart bulbs": "closed",
    }
    for ticket in tickets.values():
        conversation = ticket.conversations.get()
        assert conversation.messages.filter(change="ticket").exists()
        assert ticket.requester == conversation.contact
    assert tickets["Ask the carrier about ORD-20871"].created_by_name == "Ada"
    assert not PendingNotification.objects.filter(kind__startswith="ticket.").exists()


@pytest.mark.usefixtures("loaded")
def test_every_story_is_told_once() -> None:
    keys = [story["key"] for story in files.table("stories")["story"]]
    told = Conversation.objects.values_list("context__demo", flat=True)
    assert sorted(told) == sorted(set(keys)) == sorted(keys)


@pytest.mark.usefixtures("loaded")
def test_whatsapp_shows_every_state_of_the_window() -> None:
    at = Sender.objects.get().created_at
    closes = Conversation.objects.filter(source__kind="whatsapp").values_list(
        "window_expires_at", flat=True
    )
    hours = sorted((one - at) / timedelta(hours=1) for one in closes if one)
    assert hours[0] < 0 < hours[1] < 2 < hours[2]
    assert not Delivery.objects.filter(state__in=Delivery.OPEN).exists()
    assert not Reading.objects.filter(state=Reading.State.QUEUED).exists()
    assert Message.objects.filter(status="failed", error__startswith="WhatsApp cannot").exists()


@pytest.mark.usefixtures("loaded")
def test_the_demo_graph_knows_the_demo_s_sender(settings: Settings) -> None:
    known = senders.demo(settings.SECRET_KEY, f"http://127.0.0.1:{settings.PORT}")
    sender = Sender.objects.get()
    assert known.sender_id == str(sender.pk)
    assert known.app_secret == sender.app_secret
    assert known.webhook.endswith(reverse("whatsapp-webhook", args=[sender.pk]))


@pytest.mark.usefixtures("loaded")
def test_the_first_row_waits_for_a_person() -> None:
    alice = staff_actor(User.objects.get(username="alice"))
    assert alice is not None
    first, *others = selectors.conversation_objects(selectors.rows(selectors.inbox(alice), alice))

    assert first["contact"]["name"] == "Maya Lindqvist"
    assert (first["control"], first["unread_count"]) == ("requested", 2)
    assert first["request_reason"] == "Refund above €150"
    assert len(others) > 12


@pytest.mark.usefixtures("loaded")
def test_the_assistant_finds_what_customers_need() -> None:
    ada = Assistant.objects.get(name="Ada")
    for question, title in (
        ("How long does delivery take?", "Delivery times and shipping costs"),
        ("My lamp arrived damaged, I want a refund", "Refunds for damaged goods"),
        ("How long is the warranty?", "Five years of warranty"),
        ("When are you open? opening hours", "Opening hours of shop and support"),
        ("Can I pay with a gift card?", "Gift cards"),
    ):
        assert title in [article.title for article in knowledge.search(ada.pk, question)]
    assert Article.objects.filter(assistant=ada).count() >= 12
