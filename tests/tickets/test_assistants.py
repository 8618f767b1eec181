"""``create_ticket``: an assistant raises a ticket while it answers."""

import pytest

from channels_layer import times
from channels_layer.access.actors import Visitor
from chats import tools
from chats.live import Runtime
from chats.models import ToolCall
from conversations.models import Conversation, Message
from conversations.services import messages
from conversations.services.messages import Draft
from tests.chats import talk
from tests.chats.live.conftest import answering
from tickets import selectors
from tickets.models import Change, Ticket
from tickets.tools import TOOL


@pytest.fixture
def equipped(runtime: Runtime, conversation: Conversation) -> Conversation:
    """Victor's conversation, whose assistant may raise tickets."""
    conversation.assistant.tools = ["search_knowledge", "request_handoff", "create_ticket"]
    conversation.assistant.save(update_fields=["tools"])
    return conversation


def test_the_tool_is_known() -> None:
    assert tools.find("create_ticket") is TOOL
    assert set(TOOL.parameters["required"]) == {"subject", "description"}


def test_a_customer_who_wants_a_follow_up_gets_a_ticket(
    runtime: Runtime, equipped: Conversation
) -> None:
    assert equipped.contact_id
    victor = Visitor(equipped.contact_id, equipped.source_id, "Victor")
    wish = Draft(text="Please follow up on my broken lamp")
    messages.customer_message(conversation=equipped, by=victor, draft=wish, at=times.now())
    with answering(runtime, equipped):
        pass

    ticket = Ticket.objects.get()
    assert list(ticket.conversations.all()) == [equipped]
    assert (ticket.created_by_name, ticket.requester) == ("Ada", equipped.contact)
    ada = {"kind": "assistant", "id": str(equipped.assistant_id), "name": "Ada"}
    assert selectors.ticket_object(ticket)["created_by"] == ada
    change = Change.objects.get()
    assert (change.actor, change.author_name) == (f"assistant:{ada['id']}", "Ada")
    answer = Message.objects.get(conversation=equipped, author_kind="assistant")
    assert f"ticket #{ticket.number}" in answer.text


def test_a_customer_does_not_make_it_raise_ticket_after_ticket(
    runtime: Runtime, equipped: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.tools.MOST_PER_CONVERSATION", 1)
    for _ in range(2):
        talk.say(equipped, "Please follow up on my broken lamp")
        with answering(runtime, equipped):
            pass

    ticket = Ticket.objects.get()
    second = ToolCall.objects.order_by("created_at").last()
    assert second
    assert second.status == "failed"
    assert f"{ticket.number}. Use these." in second.result
