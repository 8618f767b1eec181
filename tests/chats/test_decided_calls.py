"""Calls on which a person had to decide stay in the thread, whatever became of them."""

from datetime import datetime, timedelta

import orjson
import pytest
from django.contrib.auth.models import User
from django.test import Client

from channels_layer.access.actors import System
from chats.models import Run, RunStep, ToolCall
from chats.services import approvals, endings, openings, runs
from chats.services.approvals import Decision
from conversations.models import Conversation
from conversations.services import messages
from conversations.services.messages import Draft
from handoff import services as handoff
from handoff.models import Control, Notification
from tests import factories
from tests.handoff.sending import send_all

pytestmark = pytest.mark.both_databases
LATER = timedelta(minutes=1)
WRITTEN = {"order": "A-1234", "amount": 189}


@pytest.fixture
def page(alice: User) -> Client:
    """Alice's browser."""
    client = Client()
    client.force_login(alice)
    return client


def ask(conversation: Conversation, text: str, at: datetime) -> None:
    by = System(name="Victor")
    messages.customer_message(conversation=conversation, by=by, draft=Draft(text=text), at=at)


@pytest.fixture
def pending(conversation: Conversation, noon: datetime) -> ToolCall:
    """Return a refund that waits for a decision; nothing was said beside it."""
    ask(conversation, "Please refund A-1234", noon)
    run = openings.next_run(conversation_id=conversation.pk, at=noon + LATER).run
    assert run
    Run.objects.filter(pk=run.pk).update(status=Run.Status.WAITING, lease_until=None)
    step = RunStep.objects.get(run=run)
    return ToolCall.objects.create(
        run=run,
        step=step,
        number=0,
        call_id="one",
        name="refund_order",
        title="Refund order",
        raw=orjson.dumps(WRITTEN).decode(),
        arguments=WRITTEN,
        needs_approval=True,
        status=ToolCall.Status.PENDING,
        created_at=noon,
    )


def thread(page: Client, conversation: Conversation) -> str:
    """Return the whole thread as the inbox shows it, without surplus spaces."""
    html = page.get(f"/conversations/{conversation.pk}/messages/?after=0").content.decode()
    return " ".join(html.split())


def calls_of(page: Client, call: ToolCall) -> str:
    """Return the calls of a run as they are shown, without surplus spaces."""
    address = f"/conversations/{call.run.conversation_id}/runs/{call.run_id}/tools/"
    return " ".join(page.get(address).content.decode().split())


def assert_withdrawn(html: str, by: str, why: str) -> None:
    card = html.partition("tool--decided")[2].partition("</details>")[0]
    assert by in card
    assert why in card
    assert "A-1234" in card
    assert "data-decide" not in html
    assert "The request for approval was withdrawn" in html


def test_a_stopped_request_stays_withdrawn_with_who_stopped_it(
    page: Client, pending: ToolCall, conversation: Conversation, alice: User, noon: datetime
) -> None:
    runs.cancel(run=pending.run, by=factories.staff(alice), at=noon + LATER)
    html = thread(page, conversation)
    assert_withdrawn(html, "Withdrawn by Alice", "The answer was stopped")
    assert 'time datetime="2026-11-20T12:01:00+00:00">12:01' in html


def test_another_message_withdraws_the_request(
    page: Client, pending: ToolCall, conversation: Conversation, noon: datetime
) -> None:
    ask(conversation, "Forget it", noon + LATER)
    runs.settle(run=pending.run, at=noon + LATER)
    assert_withdrawn(thread(page, conversation), "Withdrawn", "The customer wrote again")


def test_another_message_in_a_chat_is_ones_own(
    page: Client, pending: ToolCall, alice: User, noon: datetime
) -> None:
    Conversation.objects.update(author=alice)
    expired = {"status": ToolCall.Status.EXPIRED, "finished_at": noon}
    ToolCall.objects.update(**expired, note=endings.WROTE_AGAIN)
    html = calls_of(page, pending)
    assert "You wrote again" in html
    assert "The customer" not in html


def test_a_decided_call_names_its_values_in_words(
    page: Client, pending: ToolCall, noon: datetime
) -> None:
    arguments = {"order_id": "A-1", "notify_customer": True, "lines": [], "parts": ["red", "blue"]}
    expired = {"status": ToolCall.Status.EXPIRED, "finished_at": noon}
    ToolCall.objects.update(**expired, arguments=arguments)
    html = calls_of(page, pending)
    for word in ("<dt>order id</dt>", "> Yes <", "> \u2013 <", "> red, blue <"):
        assert word in html
    assert "order_id" not in html


def test_a_person_who_takes_over_withdraws_the_request(
    page: Client, pending: ToolCall, conversation: Conversation, alice: User, noon: datetime
) -> None:
    handoff.take(floor=conversation, by=factories.staff(alice), at=noon + LATER)
    assert_withdrawn(thread(page, conversation), "Withdrawn", "The assistant had to stop")


def test_who_waits_for_a_person_is_notified_of_all_the_same(
    pending: ToolCall, conversation: Conversation, alice: User, noon: datetime
) -> None:
    conversation = handoff.join(floor=conversation, by=System(name="Victor"), at=noon + LATER)
    send_all()
    runs.cancel(run=pending.run, by=factories.staff(alice), at=noon + LATER)
    send_all()
    assert conversation.control == Control.REQUESTED
    assert Notification.objects.filter(user=alice).count() == 1


def test_customers_see_nothing_of_it(
    pending: ToolCall, conversation: Conversation, alice: User, noon: datetime
) -> None:
    runs.cancel(run=pending.run, by=factories.staff(alice), at=noon + LATER)
    line = conversation.messages.get(run_id=pending.run_id)
    assert (line.kind, line.is_public, line.change) == ("system", False, "run_ended")


@pytest.mark.parametrize(
    ("decision", "word"),
    [
        (Decision(is_approved=True), "Approved by Alice"),
        (Decision(is_approved=True, arguments=WRITTEN | {"amount": 9}), "Approved with changes by"),
        (Decision(is_approved=False, note="too old"), "Denied by Alice"),
    ],
)
def test_a_decided_call_says_who_decided_what(
    page: Client, pending: ToolCall, alice: User, decision: Decision, word: str
) -> None:
    by, at = factories.staff(alice), pending.created_at + LATER
    approvals.decide(call=pending, by=by, decision=decision, at=at)
    conversation = pending.run.conversation
    live = calls_of(page, pending)
    assert word in live
    assert ("<ins>9</ins>" in live) == (decision.arguments is not None)
    assert ("too old" in live) == (not decision.is_approved)
    runs.cancel(run=pending.run, by=by, at=at)
    assert word in thread(page, conversation)
