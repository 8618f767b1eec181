"""Stored data on the pages of the administration: rows in place of code, long texts folded."""

import re

import orjson
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from channels_layer import formats
from channels_layer.access.actors import System
from channels_layer.models import Event
from chats.models import Run, RunStep, ToolCall
from chats.services import openings
from conversations.models import Conversation, Message
from conversations.services import messages
from conversations.services.messages import Draft
from handoff.models import Handoff
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.slow

CODE = re.compile(r"[{}]|\bTrue\b|\bFalse\b|\bNone\b|\bnull\b|UUID|datetime\.")
NAMED = "Shop & <b>more</b>"


def words(office: Client, name: str, *arguments: object) -> str:
    """Return what a page says, without marks, and without the navigation beside it."""
    response = office.get(reverse(f"admin:{name}", args=arguments))
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode().partition('id="main"')[2]).split())


@pytest.fixture
def call(conversation: Conversation) -> ToolCall:
    """Return a call of a tool with arguments and a result."""
    draft = Draft(text="Where is A-1?")
    messages.customer_message(conversation=conversation, by=System(), draft=draft, at=NOON)
    run = openings.next_run(conversation_id=conversation.pk, at=NOON).run
    assert run
    step = RunStep.objects.get(run=run)
    shown = {"order_id": "A-1", "is_paid": True, "left": None}
    return ToolCall.objects.create(
        run=run,
        step=step,
        number=0,
        call_id="one",
        name="find_order",
        title="Find order",
        raw=orjson.dumps(shown).decode(),
        arguments=shown,
        status=ToolCall.Status.DONE,
        result=orjson.dumps({"lines": [{"name": NAMED, "sent_at": NOON}]}).decode(),
        created_at=NOON,
    )


def test_data_is_rows_of_labels_and_values(office: Client) -> None:
    data = {"name": NAMED, "is_open": True, "left": None, "packet": {"tags": ["a", "b"], "x": {}}}
    event = Event.objects.create(topic="t", seq=1, type="x", data=data, at=NOON)
    page = words(office, "channels_layer_event_change", event.pk)

    assert "Name Shop &amp; &lt;b&gt;more&lt;/b&gt; Is open Yes Left - Packet Tags a, b X -" in page
    assert not CODE.findall(page)


@pytest.mark.parametrize("data", [True, 7, "word", [], {}])
def test_data_of_every_kind_is_words_without_inline_colours(data: object, office: Client) -> None:
    event = Event.objects.create(topic="t", seq=1, type="x", data=data, at=NOON)
    page = office.get(reverse("admin:channels_layer_event_change", args=[event.pk]))

    assert 'style="' not in page.content.decode()
    assert not CODE.findall(words(office, "channels_layer_event_change", event.pk))


def test_nothing_stored_is_a_dash(office: Client, waiting: Conversation) -> None:
    handoff = Handoff.objects.get(conversation=waiting)
    assert handoff.return_packet is None
    page = office.get(reverse("admin:handoff_handoff_change", args=[handoff.pk]))

    assert 'style="' not in page.content.decode()
    assert "Return packet -" in words(office, "handoff_handoff_change", handoff.pk)


def test_texts_that_hold_data_are_rows_too(office: Client, call: ToolCall) -> None:
    for page in (
        words(office, "chats_toolcall_change", call.pk),
        words(office, "chats_run_change", call.run_id),
    ):
        assert "Order id A-1 Is paid Yes Left -" in page
        assert f"Sent at {formats.full_moment(NOON)}" in page
        assert not CODE.findall(page)


def test_a_broken_text_is_shown_as_it_is(office: Client, call: ToolCall) -> None:
    for raw in ('{"order_id": ', "[" * 5000 + "]" * 5000, "", "7"):
        ToolCall.objects.update(raw=raw)
        assert raw.replace('"', "&quot;")[:100] in words(office, "chats_toolcall_change", call.pk)


def test_what_a_customer_wrote_is_not_read_as_data(
    office: Client, conversation: Conversation
) -> None:
    message = factories.answer(conversation, '{"a": true}', at=NOON)
    page = words(office, "conversations_message_change", message.pk)

    assert "{&quot;a&quot;: true}" in page


def test_a_long_text_is_folded(office: Client, conversation: Conversation) -> None:
    message = factories.answer(conversation, "Hello " * 200, at=NOON)
    path = reverse("admin:conversations_message_change", args=[message.pk])
    assert '<details class="fold">' in office.get(path).content.decode()
    Message.objects.filter(pk=message.pk).update(text="Hello")
    assert '<details class="fold">' not in office.get(path).content.decode()


def test_rows_are_called_by_state_and_time(office: Client, call: ToolCall) -> None:
    run = Run.objects.get(pk=call.run_id)
    assert str(run) == f"{run.get_status_display()}, {formats.full_moment(run.started_at)}"
    assert str(run) in words(office, "chats_toolcall_changelist")
    assert "No" in words(office, "chats_toolcall_changelist")
