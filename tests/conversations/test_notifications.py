"""Notifications: who is notified of what, once; what was read is read everywhere."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from channels_layer.access.actors import Visitor
from channels_layer.log import topics
from channels_layer.models import Event
from conversations import consumers
from conversations.models import Conversation, Message
from conversations.services import conversations, messages
from conversations.services.messages import Draft
from handoff import services as handoff
from handoff.models import Notification, PendingNotification, Switch
from tests import factories
from tests.api import clients
from tests.handoff.sending import send_all

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _no_pause(settings: LazySettings) -> None:
    settings.SEND_INTERVAL_SECONDS = 0


def visitor(conversation: Conversation) -> Visitor:
    assert conversation.contact is not None
    return Visitor(conversation.contact.pk, conversation.source_id, "Victor")


def asks(conversation: Conversation, text: str, at: datetime) -> None:
    draft = Draft(text=text)
    messages.customer_message(
        conversation=conversation, by=visitor(conversation), draft=draft, at=at
    )


def notes(conversation: Conversation, by: User, text: str) -> None:
    draft = Draft(text=text, kind=Message.Kind.NOTE)
    messages.post(conversation=conversation, by=factories.staff(by), draft=draft, at=factories.NOON)


def notified(user: User) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(user=user).order_by("created_at", "id")
    return list(rows.values_list("kind", "text"))


@pytest.fixture
def accepted(waiting: Conversation, bob: User, noon: datetime) -> Conversation:
    """Victor's conversation, Bob's now; everybody was notified of the request."""
    handoff.accept(floor=waiting, by=factories.staff(bob), at=noon)
    send_all()
    Notification.objects.all().delete()
    return waiting


def test_every_agent_hears_of_an_escalation(
    waiting: Conversation, alice: User, bob: User, mallory: User
) -> None:
    send_all()
    assert notified(bob) == notified(alice) == [("conversation.escalated", "refund")]
    assert notified(mallory) == []
    event = Event.objects.get(topic=f"user:{bob.pk}")
    assert event.type == "notification"
    assert event.data["title"] == "“Victor” waits for a person"
    assert event.data["url"] == f"/conversations/{waiting.pk}/"
    assert event.data["unread_count"] == 1


def test_the_owner_hears_of_the_customer(
    accepted: Conversation, alice: User, bob: User, noon: datetime
) -> None:
    asks(accepted, "Are you there?", noon)
    send_all()
    assert notified(bob) == [("conversation.message", "Are you there?")]
    assert notified(alice) == []


def test_unread_messages_are_gathered_into_one(
    accepted: Conversation, bob: User, noon: datetime
) -> None:
    for number in range(3):
        asks(accepted, f"Hello {number}", noon + timedelta(seconds=number))
        send_all()
    row = Notification.objects.get(user=bob)
    assert (row.count, row.text) == (3, "Hello 2")
    events = Event.objects.filter(topic=f"user:{bob.pk}", data__subject=accepted.topic)
    newest = events.order_by("-seq").first()
    assert newest is not None
    assert (newest.data["id"], newest.data["count"]) == (str(row.pk), 3)


def test_nobody_hears_of_what_the_assistant_answers(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    asks(conversation, "Where is my lamp?", noon)
    send_all()
    assert Notification.objects.count() == 0


def test_while_paused_the_last_writer_hears(
    conversation: Conversation, alice: User, bob: User, noon: datetime
) -> None:
    conversations.set_switch(
        conversation=conversation, switch=Switch.PAUSED, by=factories.staff(alice), at=noon
    )
    for user in (alice, bob):
        draft = Draft(text="I am here")
        messages.post(conversation=conversation, by=factories.staff(user), draft=draft, at=noon)
    asks(conversation, "Good", noon)
    send_all()
    assert (notified(alice), notified(bob)) == ([], [("conversation.message", "Good")])


@pytest.mark.parametrize(
    ("text", "is_notified"),
    [
        ("@bob please look", True),
        ("ask @Bob.", True),
        ("@BOB", True),
        ("mail bob@example.com", False),
        ("@bobby", False),
        ("bob", False),
        ("@alice and I", False),
    ],
)
def test_who_is_mentioned_in_a_note_is_notified(
    conversation: Conversation, alice: User, bob: User, text: str, *, is_notified: bool
) -> None:
    notes(conversation, alice, text)
    send_all()
    assert notified(bob) == ([("conversation.mention", text)] if is_notified else [])
    assert notified(alice) == []


def test_what_was_seen_already_is_not_told(
    accepted: Conversation, bob: User, noon: datetime
) -> None:
    asks(accepted, "Are you there?", noon)
    position = accepted.messages.order_by("-position").values_list("position", flat=True)[0]
    conversations.mark_read(conversation=accepted, user=bob, position=position)
    send_all()
    assert notified(bob) == []


def test_reading_the_conversation_reads_its_notifications(
    accepted: Conversation, bob: User, noon: datetime
) -> None:
    asks(accepted, "Are you there?", noon)
    send_all()
    frame = {"conversation": str(accepted.pk), "position": 99}
    consumers.read(factories.staff(bob), frame)
    assert not Notification.objects.unread().filter(user=bob).exists()
    newest = Event.objects.filter(topic=f"user:{bob.pk}").order_by("-seq").first()
    assert newest is not None
    assert (newest.type, newest.data["unread_count"]) == ("notifications.read", 0)
    asks(accepted, "Once more", noon)
    send_all()
    assert Notification.objects.unread().filter(user=bob).count() == 1


def test_a_request_that_was_met_meanwhile_is_not_told(
    waiting: Conversation, bob: User, carol: User, noon: datetime
) -> None:
    handoff.accept(floor=waiting, by=factories.staff(bob), at=noon)
    send_all()
    assert notified(carol) == []
    assert not PendingNotification.objects.exists()


def test_a_deleted_conversation_leaves_nothing_pending(
    accepted: Conversation, bob: User, noon: datetime
) -> None:
    asks(accepted, "Are you there?", noon)
    conversations.delete(conversation=accepted, at=noon)
    assert not PendingNotification.objects.exists()


def test_what_is_gone_is_not_told(accepted: Conversation, bob: User, noon: datetime) -> None:
    asks(accepted, "Are you there?", noon)
    notes(accepted, factories.person("dora"), "@bob look")
    accepted.messages.all().delete()
    assert send_all() == 0
    assert not PendingNotification.objects.exists()


def test_the_list_and_reading_one(
    waiting: Conversation, accepted: Conversation, bob: User, noon: datetime
) -> None:
    asks(accepted, "One", noon)
    notes(accepted, factories.person("dora"), "@bob two")
    send_all()
    client = clients.browser(bob)
    body = client.get("/api/v1/notifications/?limit=1").json()
    assert body["unread_count"] == 2
    assert client.get("/api/v1/notifications/", {"cursor": body["next"]}).json()["results"]
    shown: dict[str, Any] = body["results"][0]
    read = client.post(f"/api/v1/notifications/{shown['id']}/read")
    assert read.json()["read_at"] is not None
    assert client.get("/api/v1/notifications/?unread=true").json()["unread_count"] == 1
    refused = client.get("/api/v1/notifications/?unread=yes")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["unread"])
    rest = client.post("/api/v1/notifications/read", {"subject": accepted.topic}, format="json")
    assert rest.json() == {"read": 1, "unread_count": 0}


def test_they_are_one_person_s_own(accepted: Conversation, alice: User, bob: User) -> None:
    asks(accepted, "One", factories.NOON)
    send_all()
    row = Notification.objects.get(user=bob)
    client = clients.browser(alice)
    assert client.get("/api/v1/notifications/").json()["results"] == []
    assert client.post(f"/api/v1/notifications/{row.pk}/read").status_code == 404
    refused = clients.system().get("/api/v1/notifications/")
    assert (refused.status_code, refused.json()["code"]) == (403, "person_required")
    assert topics.may_follow(factories.staff(bob), f"user:{bob.pk}")
    assert not topics.may_follow(factories.staff(alice), f"user:{bob.pk}")
    assert not topics.may_follow(clients.key_and_client()[0], f"user:{bob.pk}")
    assert not topics.may_follow(visitor(accepted), f"user:{bob.pk}")
