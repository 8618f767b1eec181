"""The topic ``approvals``: staff see the calls that wait, and those that wait no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.access.actors import Staff, Visitor
from channels_layer.log import events, topics
from chats.events import APPROVALS
from chats.live import Runtime
from chats.models import ToolCall
from chats.services import approvals, runs
from conversations.models import Conversation
from tests import factories
from tests.api import clients
from tests.chats import talk
from tests.chats.live.test_approvals import NO, YES, Till, alice_acts, pending, till
from tests.factories import NOON

__all__ = ["alice_acts", "pending", "till"]

pytestmark = pytest.mark.both_databases

Json = dict[str, Any]


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[Json]:
    """Return the rows that were sent on the topic."""
    sent: list[Json] = []
    announce = events.announce

    def listen(**event: Any) -> None:
        announce(**event)
        if event["topic"] == APPROVALS:
            sent.append(event["data"])

    monkeypatch.setattr(events, "announce", listen)
    return sent


def recent(*, ago: float) -> list[Json]:
    """Return the rows that are sent again of what changed within so many seconds before noon."""
    kind = topics.kind_of(APPROVALS)
    assert kind
    assert kind.recent
    return [frame["data"] for frame in kind.recent(NOON - timedelta(seconds=ago))]


def test_a_call_that_waits_is_announced(
    rows: list[Json], pending: ToolCall, conversation: Conversation
) -> None:
    conversation.refresh_from_db()
    (row,) = rows
    assert (row["id"], row["status"], row["arguments"]) == (
        str(pending.pk),
        "pending",
        {"order": "A-1234"},
    )
    assert row["conversation"] == str(conversation.pk)
    assert 0 < row["seq"] <= conversation.seq


def test_the_decision_is_announced_and_is_newer(
    rows: list[Json], pending: ToolCall, alice_acts: Staff
) -> None:
    approvals.decide(call=pending, by=alice_acts, decision=NO, at=NOON)
    waiting, decided = rows
    assert (decided["id"], decided["status"]) == (waiting["id"], "denied")
    assert decided["decided_by"]["name"] == "Alice"
    assert decided["seq"] > waiting["seq"]


def test_a_call_that_expires_is_announced(
    rows: list[Json], pending: ToolCall, alice_acts: Staff
) -> None:
    runs.cancel(run=pending.run, by=alice_acts, at=NOON)
    waiting, expired = rows
    assert (expired["id"], expired["status"]) == (waiting["id"], "expired")
    assert expired["seq"] > waiting["seq"]


def test_calls_without_approval_are_not_announced(
    rows: list[Json], runtime: Runtime, conversation: Conversation, till: Till
) -> None:
    talk.say(conversation, "How do I clean my lamp?")
    runtime.answer(conversation.pk)
    assert ToolCall.objects.filter(needs_approval=False).exists()
    assert rows == []


def test_rows_that_changed_are_sent_again(pending: ToolCall, alice_acts: Staff) -> None:
    ToolCall.objects.update(created_at=NOON - timedelta(hours=1))
    assert recent(ago=30) == []
    assert [row["status"] for row in recent(ago=7200)] == ["pending"]
    approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)
    (row,) = recent(ago=30)
    assert (row["id"], row["status"]) == (str(pending.pk), "ready")


def test_the_list_has_the_same_rows(rows: list[Json], pending: ToolCall, alice_acts: Staff) -> None:
    api = APIClient()
    api.force_login(alice_acts.user)
    (listed,) = api.get("/api/v1/tool-calls/?status=pending").json()["results"]
    assert listed.pop("seq") >= rows[0].pop("seq")
    assert listed == rows[0]


def test_staff_and_entitled_keys_follow_and_nobody_else(
    conversation: Conversation, alice: User
) -> None:
    reader, _ = clients.key_and_client("conversations:read")
    stranger, _ = clients.key_and_client("tickets:read", "conversations:write")
    assert conversation.contact_id
    victor = Visitor(conversation.contact_id, conversation.source_id)
    assert topics.may_follow(factories.staff(alice), APPROVALS)
    assert topics.may_follow(reader, APPROVALS)
    for actor in (stranger, victor):
        assert not topics.may_follow(actor, APPROVALS)
    assert not topics.may_follow(factories.staff(alice), f"{APPROVALS}:{conversation.pk}")
