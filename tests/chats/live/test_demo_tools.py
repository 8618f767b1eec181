"""The demo's tools: a customer's wish, a person's yes, and what the order service counts."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from chats.live import Runtime
from chats.models import HeaderSecret, ToolCall
from chats.services import approvals
from chats.services.approvals import Decision
from config.demo.data import tools
from conversations.models import Conversation
from tests import factories
from tests.chats import talk
from tests.config.demo.orders.servers import KEY, OrderServer, order_server
from tests.factories import NOON

NAMES = ["search_knowledge", "get_order", "refund_order", "change_address"]


@pytest.fixture(scope="module")
def process() -> Iterator[OrderServer]:
    with order_server() as server:
        yield server


@pytest.fixture
def orders(
    process: OrderServer, runtime: Runtime, conversation: Conversation, settings: Settings
) -> OrderServer:
    """Return the service that the assistant's tools call and may reach."""
    del runtime
    process.reset()
    host, port = process.address.split(":")
    settings.DEMO_ORDERS_URL = process.url
    settings.OUTGOING_ALLOW = frozenset({(host, int(port))})
    tools.load()
    HeaderSecret.objects.update(value=f"Bearer {KEY}")
    conversation.assistant.tools = NAMES
    conversation.assistant.save()
    return process


def answer(runtime: Runtime, conversation: Conversation) -> str:
    """Let the assistant answer; return what it said last."""
    runtime.answer(conversation.pk)
    return talk.messages(conversation)[-1].text


def test_a_refund_is_looked_up_approved_and_made_once(
    runtime: Runtime, conversation: Conversation, orders: OrderServer
) -> None:
    alice = factories.staff(factories.person("alice"))
    talk.say(conversation, "I want a refund for ORD-12345")
    runtime.answer(conversation.pk)
    call = ToolCall.objects.pending().get()
    assert (call.name, call.arguments["amount"]) == ("refund_order", 189.0)
    assert (orders.counts()["lookups"], orders.counts()["refunds"]) == (1, 0)

    approvals.decide(call=call, by=alice, decision=Decision(is_approved=True), at=NOON)
    assert answer(runtime, conversation).startswith("A refund of €189.00 for ORD-12345 was accept")
    (effect,) = orders.effects()
    assert effect["idempotency_key"] == str(call.pk)


def test_a_refund_that_is_denied_is_not_made(
    runtime: Runtime, conversation: Conversation, orders: OrderServer
) -> None:
    alice = factories.staff(factories.person("alice"))
    talk.say(conversation, "I want a refund for ORD-12345")
    runtime.answer(conversation.pk)
    no = Decision(is_approved=False, note="A photo is missing.")
    approvals.decide(call=ToolCall.objects.pending().get(), by=alice, decision=no, at=NOON)

    said = answer(runtime, conversation)
    assert "decided against it. They wrote: “A photo is missing.”" in said
    assert not orders.effects()


def test_an_order_is_found_and_an_unknown_one_is_not(
    runtime: Runtime, conversation: Conversation, orders: OrderServer
) -> None:
    del orders
    talk.say(conversation, "Where is my order ORD-12345?")
    assert answer(runtime, conversation).startswith("ORD-12345 was delivered on 19 November.")
    talk.say(conversation, "And ORD-99999?")
    assert "There is no order ORD-99999" in answer(runtime, conversation)
