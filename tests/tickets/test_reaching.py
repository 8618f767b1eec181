"""Whether the customer gets a public reply, as the page says before and after it is sent."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conversations.models import Conversation, Message
from conversations.sources.whatsapp import KIND as WHATSAPP
from conversations.sources.whatsapp.models import Sender
from handoff import services as handoff
from tests import factories
from tests.factories import staff
from tickets import selectors
from tickets.models import Comment, Ticket
from tickets.services import comments, tickets
from tickets.services.comments import Remark
from tickets.services.tickets import Draft

PUBLIC = Remark(text="A new lamp is on its way", kind=Comment.Kind.PUBLIC)


def parts(client: Client, ticket: Ticket, alice: User) -> str:
    client.force_login(alice)
    return " ".join(client.get(f"/tickets/{ticket.number}/parts/").content.decode().split())


def test_says_who_gets_it(client: Client, ticket: Ticket, alice: User) -> None:
    shown = parts(client, ticket, alice)

    assert "Victor gets this in the conversation (API)" in shown
    assert "data-obstacle" not in shown


def test_an_ended_conversation_can_be_reopened(
    client: Client, ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    handoff.end(floor=conversation, by=staff(alice), at=noon)

    shown = parts(client, ticket, alice)

    assert "The conversation has ended: the customer gets no reply from here." in shown
    assert f'data-reopen="/api/v1/conversations/{conversation.pk}/reopen"' in shown
    assert 'data-button="Add comment"' in shown


def test_without_a_conversation_there_is_nothing_to_reopen(
    client: Client, alice: User, noon: datetime
) -> None:
    ticket = tickets.create(draft=Draft(subject="By phone"), by=staff(alice), at=noon)

    shown = parts(client, ticket, alice)

    assert "There is no conversation with the customer" in shown
    assert "data-reopen" not in shown


@pytest.mark.both_databases
def test_a_closed_window_is_told_before_and_after(
    client: Client, alice: User, noon: datetime
) -> None:
    conversation = factories.conversation(kind=WHATSAPP)
    Sender.objects.create(source=conversation.source, phone_number_id="1")
    conversation.window_expires_at = noon - timedelta(hours=1)
    conversation.save(update_fields=["window_expires_at"])
    draft = Draft(subject="Lamp", conversation=conversation)
    ticket = tickets.create(draft=draft, by=staff(alice), at=noon)

    assert selectors.reach([conversation], at=noon).obstacle == "window_closed"
    shown = parts(client, ticket, alice)
    assert "The customer gets no reply from here. " in shown
    assert f'href="/conversations/{conversation.pk}/"' in shown

    comment, _is_new = comments.add(ticket=ticket, remark=PUBLIC, by=staff(alice), at=noon)

    assert (comment.undelivered, comment.message) == ("window_closed", None)
    assert not Message.objects.filter(kind="message").exists()
    shown = parts(client, ticket, alice)
    assert "Not sent to the customer: the customer wrote too long ago" in shown


def test_the_active_conversation_is_preferred(
    ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    later = factories.conversation(at=noon + timedelta(hours=1))
    tickets.link(ticket=ticket, conversation=later, by=staff(alice), at=noon)
    handoff.end(floor=later, by=staff(alice), at=noon)

    linked = selectors.conversations_of(ticket, staff(alice))
    assert linked[0] == later
    assert selectors.reach(linked, at=noon).conversation == conversation


def test_what_was_not_sent_is_marked(
    client: Client, ticket: Ticket, conversation: Conversation, alice: User, noon: datetime
) -> None:
    handoff.end(floor=conversation, by=staff(alice), at=noon)
    comments.add(ticket=ticket, remark=PUBLIC, by=staff(alice), at=noon)

    shown = parts(client, ticket, alice)

    assert "Not sent to the customer: the conversation has ended" in shown
    assert "Sent to the customer<" not in shown


def test_what_was_sent_and_did_not_arrive_is_marked(
    client: Client, ticket: Ticket, alice: User, noon: datetime
) -> None:
    comments.add(ticket=ticket, remark=PUBLIC, by=staff(alice), at=noon)
    assert "Sent to the customer" in parts(client, ticket, alice)
    Message.objects.filter(kind="message").update(status="failed", error="The number is wrong")

    shown = parts(client, ticket, alice)

    assert "Not delivered: The number is wrong" in shown
    assert "Sent to the customer" not in shown
