"""Approvals: a tool call waits in the database until a person has decided."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from channels_layer.access.actors import Staff
from channels_layer.errors import ForbiddenError, InvalidError
from chats.live import Runtime
from chats.models import Run, ToolCall
from chats.services import approvals, due, runs
from chats.services.approvals import AlreadyDecidedError, Decision
from chats.tools import Tool, ToolContext, registry
from conversations.models import Conversation
from handoff import services as handoff
from tests import factories
from tests.chats import talk
from tests.chats.live.test_death import die
from tests.chats.servers import DemoModelServer
from tests.factories import NOON
from tests.registries import restored

pytestmark = pytest.mark.both_databases

YES, NO = Decision(is_approved=True), Decision(is_approved=False, note="too old")


@dataclass
class Till:
    """Where money leaves."""

    refunds: list[str] = field(default_factory=list)
    is_cut_off: bool = False

    def refund(self, context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
        with context.effect():
            self.refunds.append(arguments["order"])
        if self.is_cut_off:
            raise OperationalError
        return {"refunded": arguments["order"]}


@pytest.fixture
def till(conversation: Conversation) -> Iterator[Till]:
    """Yield a till whose tool refunds money, if a person approves."""
    till = Till()
    tool = Tool(
        name="refund_order",
        title="Refund order",
        description="Give the money back.",
        parameters={
            "type": "object",
            "properties": {"order": {"type": "string"}},
            "required": ["order"],
            "additionalProperties": False,
        },
        handler=till.refund,
        needs_approval=True,
    )
    conversation.assistant.tools = ["search_knowledge", "refund_order", "request_handoff"]
    conversation.assistant.save()
    with restored(registry._tools):
        registry.register(tool)
        yield till


@pytest.fixture
def alice_acts(db: None) -> Staff:
    return factories.staff(factories.person("alice"))


@pytest.fixture
def pending(runtime: Runtime, conversation: Conversation, till: Till) -> ToolCall:
    """Return a refund that waits for a decision."""
    return asked(runtime, conversation)


def asked(runtime: Runtime, conversation: Conversation) -> ToolCall:
    talk.say(conversation, "Please refund my order A-1234 [demo:think-aloud]")
    runtime.answer(conversation.pk)
    return ToolCall.objects.select_related("run").get()


def test_waits_without_a_worker(pending: ToolCall, conversation: Conversation, till: Till) -> None:
    run = Run.objects.get()
    assert (pending.status, pending.arguments) == ("pending", {"order": "A-1234"})
    assert (run.status, run.lease_until) == ("waiting_approval", None)
    assert run.text == "Let me look that up for you."
    assert talk.types(conversation)[-1] == "tool_call"
    assert not till.refunds


def test_goes_on_after_the_approval(
    runtime: Runtime, pending: ToolCall, conversation: Conversation, till: Till, alice_acts: Staff
) -> None:
    decided = approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)
    assert (decided.status, decided.decider_name) == ("ready", "Alice")
    assert Run.objects.get().status == "ready"
    assert list(due.abandoned(runtime.clock()))
    runtime.answer(conversation.pk)
    run = Run.objects.get()
    (answer,) = talk.messages(conversation)
    assert till.refunds == ["A-1234"]
    assert answer.text.startswith("Let me look that up for you.\n\n")
    assert "**refunded**: A-1234" in answer.text
    assert (run.attempt, run.text) == (1, answer.text)
    assert talk.types(conversation)[-4:] == ["tool_result", "tool_result", "message.created", "end"]


def test_uses_the_edited_arguments(
    runtime: Runtime, pending: ToolCall, conversation: Conversation, till: Till, alice_acts: Staff
) -> None:
    edited = replace(YES, arguments={"order": "B-9"})
    approvals.decide(call=pending, by=alice_acts, decision=edited, at=NOON)
    runtime.answer(conversation.pk)
    assert till.refunds == ["B-9"]


def test_refuses_arguments_that_do_not_fit(pending: ToolCall, alice_acts: Staff) -> None:
    edited = replace(YES, arguments={"order": 9})
    with pytest.raises(InvalidError):
        approvals.decide(call=pending, by=alice_acts, decision=edited, at=NOON)


def test_reports_a_denial_to_the_model(
    runtime: Runtime, pending: ToolCall, conversation: Conversation, till: Till, alice_acts: Staff
) -> None:
    approvals.decide(call=pending, by=alice_acts, decision=NO, at=NOON)
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    assert "too old" in answer.text
    assert not till.refunds


def test_lets_one_decision_win(pending: ToolCall, alice_acts: Staff) -> None:
    bob = factories.staff(factories.person("bob"))
    approvals.decide(call=pending, by=alice_acts, decision=NO, at=NOON)
    with pytest.raises(AlreadyDecidedError) as refusal:
        approvals.decide(call=pending, by=bob, decision=YES, at=NOON)
    assert refusal.value.body()["decided_by"] == "Alice"


def test_asks_for_the_role_that_the_assistants_rule_names(
    runtime: Runtime, conversation: Conversation, till: Till, alice_acts: Staff
) -> None:
    conversation.assistant.tool_rules = {"refund_order": "supervisor"}
    conversation.assistant.save()
    pending = asked(runtime, conversation)
    assert pending.expires_at == pending.created_at + timedelta(minutes=15)
    with pytest.raises(ForbiddenError):
        approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)
    carol = factories.staff(factories.person("carol", role="supervisor"))
    approvals.decide(call=pending, by=carol, decision=YES, at=NOON)


def test_expires_when_the_customer_writes_again(
    runtime: Runtime, pending: ToolCall, conversation: Conversation, till: Till, alice_acts: Staff
) -> None:
    talk.say(conversation, "forget it, hello")
    runtime.answer(conversation.pk)
    pending.refresh_from_db()
    first, second = Run.objects.order_by("started_at", "id")
    assert (pending.status, first.reason, second.reason) == ("expired", "superseded", "stop")
    with pytest.raises(AlreadyDecidedError):
        approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)
    assert not till.refunds


def test_expires_when_a_person_takes_the_floor(
    pending: ToolCall, conversation: Conversation, alice_acts: Staff
) -> None:
    handoff.take(floor=conversation, by=alice_acts, at=NOON)
    with pytest.raises(AlreadyDecidedError):
        approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)
    run = Run.objects.get()
    (partial,) = talk.messages(conversation)
    assert (run.reason, partial.error) == ("superseded", "superseded")


def test_can_be_stopped_while_it_waits(
    pending: ToolCall, conversation: Conversation, alice_acts: Staff
) -> None:
    run = runs.cancel(run=pending.run, by=alice_acts, at=NOON)
    pending.refresh_from_db()
    assert (run.status, pending.status) == ("cancelled", "expired")
    assert talk.types(conversation)[-1] == "end"


def test_never_makes_a_call_twice(
    runtime: Runtime,
    pending: ToolCall,
    conversation: Conversation,
    till: Till,
    alice_acts: Staff,
    demo_model: DemoModelServer,
) -> None:
    approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)
    ToolCall.objects.update(status="running")
    Run.objects.update(status="running")
    die(Run.objects.get(), "Let me look that up for you.")
    demo_model.reset()
    runtime.answer(conversation.pk)
    pending.refresh_from_db()
    conversation.refresh_from_db()
    assert pending.status == "unknown"
    assert not till.refunds
    assert conversation.request_reason == "It is unknown whether “Refund order” took effect"
    assert len(demo_model.log()) == 1


def test_does_not_say_failed_of_what_may_have_happened(
    runtime: Runtime, pending: ToolCall, till: Till, alice_acts: Staff
) -> None:
    """The database takes the refund, and its answer is lost."""
    till.is_cut_off = True
    approvals.decide(call=pending, by=alice_acts, decision=YES, at=NOON)
    runtime.answer(pending.run.conversation_id)
    pending.refresh_from_db()
    assert till.refunds == ["A-1234"]
    assert pending.status == "unknown"
    assert "Do not repeat it." in pending.result
