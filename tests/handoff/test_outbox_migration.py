"""Upgrading: what the tables of conversations and tickets had not sent is sent by the outbox."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from channels_layer.ids import new_id
from conversations.models import Conversation
from handoff import notifications
from handoff.models import Notification, PendingNotification
from handoff.notifications import NotificationDraft
from tests import factories
from tests.conversations.test_notifications import asks, notified
from tests.handoff.sending import send_all
from tickets.services import tickets
from tickets.services.tickets import Draft

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
]

NAME = "pending_notifications"


def migrate(targets: list[tuple[str, str]]) -> Any:
    """Migrate to these points; return the models of that time."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def before() -> list[tuple[str, str]]:
    """Return the last migrations with the old tables."""
    graph = MigrationExecutor(connection).loader.graph
    moves = [key for key in graph.nodes if key[1].endswith(NAME) and key[0] != "handoff"]
    return [
        (parent.key[0], parent.key[1])
        for key in moves
        for parent in graph.node_map[key].parents
        if parent.key[0] == key[0]
    ]


@pytest.fixture
def newest() -> Iterator[list[tuple[str, str]]]:
    """Return the newest migrations, and leave the database at them."""
    found = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield found
    migrate(found)


def test_waiting_rows_are_sent_and_others_are_not(
    conversation: Conversation,
    alice: User,
    bob: User,
    noon: datetime,
    newest: list[tuple[str, str]],
) -> None:
    asks(conversation, "Are you there?", noon)
    message = conversation.messages.get()
    ticket = tickets.create(draft=Draft(subject="Lamp"), by=factories.staff(alice), at=noon)
    old = migrate(before())
    alerts = old.get_model("conversations", "Alert").objects
    common = {"conversation_id": conversation.pk, "message_id": message.pk, "created_at": noon}
    wrote = alerts.create(kind="conversation.message", user_id=bob.pk, **common)
    alerts.create(kind="conversation.message", user_id=alice.pk, done_at=noon, **common)
    waiting = old.get_model("tickets", "TicketNotification").objects
    about = {"ticket_id": ticket.pk, "kind": "ticket.assigned", "created_at": noon}
    waiting.create(user_id=bob.pk, by_name="Alice", **about)
    waiting.create(user_id=alice.pk, by_name="Bob", sent_at=noon, **about)

    migrate(newest)

    assert PendingNotification.objects.count() == 2
    assert PendingNotification.objects.get(pk=wrote.pk).subject == conversation.topic
    assert send_all() == 2
    assert notified(alice) == []
    assert set(notified(bob)) == {
        ("conversation.message", "Are you there?"),
        ("ticket.assigned", "Alice assigned this ticket to you"),
    }
    subjects = set(Notification.objects.values_list("subject", flat=True))
    assert subjects == {conversation.topic, ticket.topic}


def test_who_was_notified_already_is_not_notified_once_more(
    waiting: Conversation, bob: User, noon: datetime, newest: list[tuple[str, str]]
) -> None:
    PendingNotification.objects.all().delete()
    message = waiting.messages.get(change="requested")
    old = migrate(before())
    alert = old.get_model("conversations", "Alert").objects.create(
        id=new_id(),
        kind="conversation.escalated",
        conversation_id=waiting.pk,
        message_id=message.pk,
        created_at=noon,
    )
    draft = NotificationDraft(kind=alert.kind, title="Victor waits", cause=f"alert:{alert.pk}")
    notifications.send(user_id=bob.pk, draft=draft, at=noon)

    migrate(newest)

    assert send_all() == 0
    assert Notification.objects.get(user=bob).title == "Victor waits"
