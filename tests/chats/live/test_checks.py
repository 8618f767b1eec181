"""A call with an unknown outcome: a person finds out, and the assistant learns of it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from channels_layer.access.actors import Staff
from channels_layer.errors import ForbiddenError
from chats.live import Runtime
from chats.models import ToolCall
from chats.services import approvals, backgrounds
from chats.services.approvals import AlreadyDecidedError, Finding
from conversations.models import Conversation, Message
from handoff.models import Control
from tests import factories
from tests.chats.live.test_approvals import YES, Till, alice_acts, pending, till
from tests.factories import NOON

__all__ = ["alice_acts", "pending", "till"]

pytestmark = pytest.mark.both_databases

HAPPENED = Finding(has_happened=True, note="seen in the till")


@pytest.fixture
def unknown(runtime: Runtime, pending: ToolCall, till: Till, alice_acts: Staff) -> ToolCall:
    """Return a refund whose answer was lost."""
    till.is_cut_off = True
    approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)
    runtime.answer(pending.run.conversation_id)
    return ToolCall.objects.select_related("run").get()


def test_a_person_is_requested_to_find_out(unknown: ToolCall, conversation: Conversation) -> None:
    conversation.refresh_from_db()
    assert unknown.status == "unknown"
    assert conversation.control == Control.REQUESTED
    assert conversation.request_reason == "It is unknown whether “Refund order” took effect"


def test_one_finding_wins_and_is_kept(
    unknown: ToolCall, conversation: Conversation, alice_acts: Staff
) -> None:
    bob = factories.staff(factories.person("bob"))
    call = approvals.check(call=unknown, by=alice_acts, finding=HAPPENED, at=NOON)
    assert (call.status, call.checker_name, call.checked_at) == ("done", "Alice", NOON)
    assert (call.check_note, call.decider_name) == ("seen in the till", "Alice")
    with pytest.raises(AlreadyDecidedError) as refusal:
        approvals.check(call=unknown, by=bob, finding=Finding(has_happened=False), at=NOON)
    assert refusal.value.body()["decided_by"] == "Alice"
    line = Message.objects.get(conversation=conversation, change=approvals.CHECKED)
    assert (line.text, line.detail) == (
        "Alice checked “Refund order”: it happened",
        "seen in the till",
    )
    assert not line.is_public


def test_the_next_prompt_knows_what_was_found(
    unknown: ToolCall, conversation: Conversation, alice_acts: Staff
) -> None:
    def background() -> str:
        return backgrounds.background(conversation, stated=[], summary="")

    assert "took effect" not in background()
    finding = Finding(has_happened=False, note="no trace")
    approvals.check(call=unknown, by=alice_acts, finding=finding, at=NOON)
    assert "refund_order (A-1234): it did not take effect. no trace" in background()


def test_the_role_of_the_call_binds_the_finding_too(unknown: ToolCall, alice_acts: Staff) -> None:
    ToolCall.objects.update(role="supervisor")
    with pytest.raises(ForbiddenError):
        approvals.check(call=unknown, by=alice_acts, finding=HAPPENED, at=NOON)


def test_the_api_takes_one_finding(unknown: ToolCall, alice_acts: Staff) -> None:
    api = APIClient()
    api.force_login(alice_acts.user)
    path = f"/api/v1/tool-calls/{unknown.pk}/check"
    assert api.post(path, {"outcome": "perhaps"}, format="json").status_code == 400
    answer = api.post(path, {"outcome": "failed", "note": "no trace"}, format="json")
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["checked_by"]["name"]) == ("failed", "Alice")
    assert (body["check_note"], body["decided_by"]["name"]) == ("no trace", "Alice")
    again = api.post(path, {"outcome": "done"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")


def test_the_thread_shows_what_is_to_be_found_out_and_then_who_did(
    unknown: ToolCall, conversation: Conversation, alice_acts: Staff
) -> None:
    browser = Client()
    user: User = alice_acts.user
    browser.force_login(user)
    path = f"/conversations/{conversation.pk}/messages/?after=0"
    html = browser.get(path).content.decode()
    assert 'data-outcome="done"' in html
    assert "button--primary" not in html
    approvals.check(call=unknown, by=alice_acts, finding=HAPPENED, at=NOON)
    html = browser.get(path).content.decode()
    assert "data-outcome" not in html
    for word in ("It happened", "seen in the till", "Checked by <b>Alice</b>"):
        assert word in html
