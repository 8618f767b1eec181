"""The wait for a decision has an end: the run goes on without the call, a person is requested."""

from datetime import timedelta

import pytest

from channels_layer.access.actors import Staff
from chats import tasks
from chats.live import Runtime
from chats.models import Run, ToolCall
from chats.services import approvals, due
from chats.services.approvals import NOBODY_DECIDED, AlreadyDecidedError
from conversations.models import Conversation
from handoff.models import Control
from tests import factories
from tests.chats import talk
from tests.chats.live.test_approvals import YES, Till, alice_acts, pending, till
from tests.factories import NOON

__all__ = ["alice_acts", "pending", "till"]

pytestmark = pytest.mark.both_databases


def over(call: ToolCall) -> ToolCall:
    """Return the call when its time is up."""
    assert call.expires_at
    return approvals.expire(call=call, at=call.expires_at)


def test_the_sweeper_names_what_nobody_decided_in_time(pending: ToolCall) -> None:
    assert pending.expires_at
    assert list(due.undecided(pending.expires_at - timedelta(seconds=1))) == []
    assert list(due.undecided(pending.expires_at)) == [("chats.expire", {"call": str(pending.pk)})]


def test_the_run_goes_on_and_a_person_is_requested(
    runtime: Runtime, pending: ToolCall, conversation: Conversation, till: Till, alice_acts: Staff
) -> None:
    call = over(pending)
    assert (call.status, call.note, call.decided_by) == ("expired", NOBODY_DECIDED, "")
    assert Run.objects.get().status == "ready"
    runtime.answer(conversation.pk)
    conversation.refresh_from_db()
    (answer,) = talk.messages(conversation)
    assert "a colleague was asked to help here" in answer.text
    assert conversation.control == Control.REQUESTED
    assert conversation.request_reason == "Nobody decided in time on “Refund order”"
    assert not till.refunds
    with pytest.raises(AlreadyDecidedError):
        approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)


def test_it_stays_as_it_is_before_its_time_and_after_a_decision(
    pending: ToolCall, alice_acts: Staff
) -> None:
    assert approvals.expire(call=pending, at=pending.created_at).status == "pending"
    approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)
    assert over(pending).status == "ready"


def test_the_task_does_it_twice_as_once(pending: ToolCall, conversation: Conversation) -> None:
    ToolCall.objects.update(expires_at=NOON)
    for _ in range(2):
        tasks.expire(call=str(pending.pk))
    assert talk.types(conversation).count("tool_result") == 1
    assert ToolCall.objects.get().status == "expired"


def test_in_a_chat_of_staff_no_person_is_requested(
    pending: ToolCall, conversation: Conversation
) -> None:
    alice = factories.person("alice2")
    Conversation.objects.update(author=alice, contact=None)
    over(pending)
    conversation.refresh_from_db()
    assert conversation.control == Control.AI
