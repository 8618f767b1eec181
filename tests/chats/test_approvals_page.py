"""``/approvals/``: what waits for a person, what is to be checked, what was decided."""

from datetime import datetime, timedelta

import orjson
import pytest
from django.contrib.auth.models import User
from django.test import Client

from channels_layer.access.actors import System
from chats.models import Run, RunStep, ToolCall
from chats.selectors import approvals as selectors
from chats.services import approvals, openings
from chats.services.approvals import Decision
from chats.tools import Tool, registry
from conversations.models import Conversation
from conversations.services import messages
from conversations.services.messages import Draft
from tests import factories
from tests.registries import restored

pytestmark = pytest.mark.both_databases
WRITTEN = {"order": "A-1234", "amount": 189, "note": "cracked"}
SCHEMA = {
    "type": "object",
    "properties": {
        "order": {"type": "string", "readOnly": True},
        "amount": {"type": "number", "minimum": 1, "maximum": 500},
        "to": {"type": "string", "enum": ["card", "credit"]},
        "tell": {"type": "boolean"},
        "note": {"type": "string", "maxLength": 400},
    },
    "required": ["order", "amount"],
    "additionalProperties": False,
}


@pytest.fixture
def page(alice: User) -> Client:
    """Alice's browser."""
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture(autouse=True)
def _tool() -> object:
    tool = Tool(
        name="refund_order",
        title="Refund order",
        description="Give the money back.",
        parameters=SCHEMA,
        handler=lambda _context, _arguments: {},
        needs_approval=True,
    )
    with restored(registry._tools):
        registry.register(tool)
        yield


def waiting(noon: datetime, *, minutes: int = 15, role: str = "agent") -> ToolCall:
    """Return a refund that waits for a decision in a conversation of its own."""
    conversation = factories.conversation()
    by, draft = System(name="Victor"), Draft(text="Please refund A-1234")
    messages.customer_message(conversation=conversation, by=by, draft=draft, at=noon)
    run = openings.next_run(conversation_id=conversation.pk, at=noon + timedelta(minutes=1)).run
    assert run
    Run.objects.filter(pk=run.pk).update(status=Run.Status.WAITING, lease_until=None)
    return ToolCall.objects.create(
        run=run,
        step=RunStep.objects.get(run=run),
        number=0,
        call_id="one",
        name="refund_order",
        title="Refund order",
        summary="Refund €{amount} for {order}",
        raw=orjson.dumps(WRITTEN).decode(),
        arguments=WRITTEN,
        needs_approval=True,
        role=role,
        expires_at=noon + timedelta(minutes=minutes),
        status=ToolCall.Status.PENDING,
        created_at=noon,
    )


def read(page: Client, path: str, **query: str) -> str:
    """Return a fragment without surplus spaces."""
    answer = page.get(path, query, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_list_begins_with_the_least_time_left(page: Client, noon: datetime) -> None:
    late, soon = waiting(noon, minutes=30), waiting(noon, minutes=5)
    html = read(page, "/approvals/rows/")
    assert html.index(str(soon.pk)) < html.index(str(late.pk))
    assert "Refund €189 for A-1234" in html
    assert "for Victor" in html


def test_parts_and_pages_follow_each_other(alice: User, noon: datetime) -> None:
    by = factories.staff(alice)
    calls = [waiting(noon, minutes=minutes) for minutes in range(5, 10)]
    for call in calls[:3]:
        decision = Decision(is_approved=False)
        approvals.decide(call=call, by=by, decision=decision, at=noon)
    ToolCall.objects.filter(pk=calls[3].pk).update(status=ToolCall.Status.UNKNOWN)
    found, cursor = [], ""
    while True:
        rows = selectors.calls(by)
        page, cursor = selectors.page(rows, list(selectors.ORDERS), cursor=cursor, limit=2)
        found += page
        if not cursor:
            break
    expected = [calls[4], calls[3], calls[2], calls[1], calls[0]]
    assert [call.pk for call in found] == [call.pk for call in expected]


def test_tabs_and_filters_stand_in_the_address(page: Client, alice: User, noon: datetime) -> None:
    call, other = waiting(noon), waiting(noon)
    by = factories.staff(alice)
    approvals.decide(call=other, by=by, decision=Decision(is_approved=True), at=noon)
    shown = {
        "waiting": read(page, "/approvals/rows/", show="waiting"),
        "decided": read(page, "/approvals/rows/", show="decided"),
        "mine": read(page, "/approvals/rows/", show="mine"),
        "person": read(page, "/approvals/rows/", person=str(alice.pk)),
        "tool": read(page, "/approvals/rows/", tool="refund_order"),
        "assistant": read(page, "/approvals/rows/", assistant=str(call.run.assistant_id)),
    }
    assert {name for name, html in shown.items() if str(call.pk) in html} == {
        *("waiting", "tool", "assistant"),
    }
    assert {name for name, html in shown.items() if str(other.pk) in html} == {
        *("decided", "mine", "person", "tool"),
    }


def test_nothing_to_decide_says_so(page: Client) -> None:
    assert "Nothing waits for you" in read(page, "/approvals/rows/")
    assert page.get("/approvals/rows/?cursor=strange").status_code == 400


def test_the_card_has_a_field_for_each_argument(page: Client, noon: datetime) -> None:
    html = read(page, f"/approvals/{waiting(noon).pk}/")
    assert 'data-approve="€{amount}"' in html
    for kind, name in (("number", "amount"), ("choice", "to"), ("choice", "tell")):
        assert f'data-argument="{name}" data-kind="{kind}"' in html
    assert "cannot be changed" in html
    assert "Please refund A-1234" in html
    assert "data-left" in html


def test_who_may_not_decide_reads_why(page: Client, noon: datetime) -> None:
    call = waiting(noon, role="supervisor")
    html = read(page, f"/approvals/{call.pk}/")
    assert "Only somebody with the role Supervisor decides on this." in html
    assert "data-decide" not in html
    answer = page.post(f"/api/v1/tool-calls/{call.pk}/approve", content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"amount": 900}, "amount", "Not more than 500."),
        ({"amount": "much"}, "amount", "Write a number."),
        ({"to": "cash"}, "to", "One of these: card, credit."),
        ({"order": "B-1"}, "order", "This cannot be changed."),
    ],
)
def test_a_wrong_argument_is_refused_at_its_field(
    page: Client, noon: datetime, change: dict[str, object], field: str, words: str
) -> None:
    call = waiting(noon)
    body = {"arguments": {**WRITTEN, **change}}
    path = f"/api/v1/tool-calls/{call.pk}/approve"
    answer = page.post(path, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["fields"][f"arguments.{field}"] == [words]
    call.refresh_from_db()
    assert call.status == ToolCall.Status.PENDING


def test_both_versions_are_kept_and_shown(page: Client, noon: datetime) -> None:
    call = waiting(noon)
    body = {"arguments": {**WRITTEN, "amount": 150}}
    answer = page.post(
        f"/api/v1/tool-calls/{call.pk}/approve", body, content_type="application/json"
    ).json()
    assert (answer["asked"]["amount"], answer["arguments"]["amount"]) == (189, 150)
    assert (answer["summary"], answer["role"]) == ("Refund €150 for A-1234", "agent")
    html = read(page, f"/approvals/{call.pk}/")
    for word in ("<del>189</del>", "<ins>150</ins>", "You approved", "changed amount and approved"):
        assert word in html


def test_reasons_used_before_are_offered(page: Client, alice: User, noon: datetime) -> None:
    denial = Decision(is_approved=False, note="Outside 30 days")
    approvals.decide(call=waiting(noon), by=factories.staff(alice), decision=denial, at=noon)
    assert "data-reason>Outside 30 days" in read(page, f"/approvals/{waiting(noon).pk}/")


def test_a_long_result_is_shown_by_its_beginning_and_whole_on_request(
    page: Client, noon: datetime
) -> None:
    call = waiting(noon)
    ToolCall.objects.update(status="done", finished_at=noon, result="x" * 9_000)
    html = read(page, f"/approvals/{call.pk}/")
    assert f'data-show-all="/approvals/{call.pk}/result/"' in html
    assert "x" * 4_001 not in html
    assert "x" * 9_000 in read(page, f"/approvals/{call.pk}/result/")
    sent = page.get("/api/v1/tool-calls/").json()["results"][0]
    whole = page.get(f"/api/v1/tool-calls/{call.pk}/").json()
    assert (len(sent["result"]), len(whole["result"])) == (8_000, 9_000)


def test_the_navigation_counts_what_one_may_decide(page: Client, noon: datetime) -> None:
    waiting(noon)
    waiting(noon, role="supervisor")
    html = read(page, "/navigation/")
    assert 'title="waiting for your decision">1<' in html


def test_a_named_row_that_left_the_filters_is_not_shown(
    page: Client, conversation: Conversation, noon: datetime
) -> None:
    call = waiting(noon)
    ToolCall.objects.update(status=ToolCall.Status.DENIED)
    query = {"id": str(call.pk), "show": "waiting"}
    assert "row--ask" not in read(page, "/approvals/rows/", **query)
    assert "data-left" in read(page, "/approvals/rows/", **query, open=str(call.pk))
