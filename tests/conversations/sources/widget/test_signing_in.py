"""Signing in after an anonymous talk: all that the stranger left belongs to the contact then."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections

from chats.services import endings
from chats.services.endings import Result
from chats.services.openings import next_run
from conversations.models import Attachment, Contact, Conversation, Identity, Message
from conversations.sources.widget.models import Widget
from handoff.models import Handoff
from tests.api import clients
from tests.conversations.sources.widget.conftest import Frame
from tests.factories import ContactFactory, staff
from tickets.models import Change, Ticket
from tickets.services import tickets
from tickets.services.tickets import Draft

pytestmark = pytest.mark.both_databases


def sign_in(frame: Frame, external_id: str = "42", **details: Any) -> Contact:
    """Sign in as the shop's customer; return the contact."""
    identity = frame.identity(external_id, **details)
    frame.open(token=frame.token, identity=identity)
    return Contact.objects.get(identities__external_id=external_id)


def test_the_stranger_is_no_more(victor: Frame) -> None:
    victor.say(victor.start(), "Where is my lamp?")

    contact = sign_in(victor)

    assert list(Contact.objects.all()) == [contact]
    assert list(Identity.objects.values_list("external_id", flat=True)) == ["42"]
    assert set(victor.widget.tokens.values_list("contact", flat=True)) == {contact.pk}


def test_a_stranger_who_said_nothing_is_no_more_either(victor: Frame) -> None:
    contact = sign_in(victor)

    assert list(Contact.objects.all()) == [contact]


def test_tickets_follow_their_requester(victor: Frame, alice: User, noon: datetime) -> None:
    conversation = Conversation.objects.get(pk=victor.start())
    other = ContactFactory.create()
    draft = Draft(subject="Lamp", conversation=conversation)
    ticket = tickets.create(draft=draft, by=staff(alice), at=noon)
    unrelated = tickets.create(
        draft=Draft(subject="Other", requester=other), by=staff(alice), at=noon
    )

    contact = sign_in(victor, name="Maya")

    ticket.refresh_from_db()
    assert ticket.requester == contact
    assert "maya" in ticket.search_text
    change = Change.objects.get(ticket=ticket, field="requester")
    assert (change.after or {})["id"] == str(contact.pk)
    assert clients.browser(alice).get(f"/api/v1/tickets/?requester={contact.pk}").json()["results"]
    assert Ticket.objects.get(pk=unrelated.pk).requester == other


def test_what_was_said_uploaded_and_asked_is_the_contacts(victor: Frame) -> None:
    conversation = victor.start()
    victor.say(conversation, "Hello", client_id="a")
    victor.post(f"conversations/{conversation}/escalate")
    stranger = Contact.objects.get()
    Attachment.objects.update(actor=stranger.reference)

    contact = sign_in(victor)

    said = Message.objects.filter(author_kind="customer")
    assert set(said.values_list("actor", "author_id")) == {(contact.reference, str(contact.pk))}
    assert Handoff.objects.get().requested_by == contact.reference
    assert victor.say(conversation, "Hello", client_id="a").status_code == 200


def test_what_the_stranger_told_fills_what_is_unknown(victor: Frame) -> None:
    known = sign_in(Frame(victor.widget), name="Maya Lindqvist")
    Contact.objects.exclude(pk=known.pk).update(name="maya", phone="+46703184402")

    contact = sign_in(victor)

    assert (contact.name, contact.phone) == ("Maya Lindqvist", "+46703184402")


def test_two_strangers_become_one_contact(victor: Frame, stranger: Frame) -> None:
    for frame in (victor, stranger):
        frame.say(frame.start(), "Hello")

    contact = sign_in(victor)
    sign_in(stranger)

    assert list(Contact.objects.all()) == [contact]
    assert contact.conversations.count() == 2


def test_a_blocked_stranger_stays_a_contact(victor: Frame, noon: datetime) -> None:
    victor.start()
    stranger = Contact.objects.get()
    Contact.objects.update(blocked_at=noon)

    sign_in(victor)

    assert list(stranger.conversations.all()) == [Conversation.objects.get()]


def test_the_answer_in_progress_ends_in_the_contacts_conversation(victor: Frame) -> None:
    victor.say(victor.start(), "Where is my lamp?")
    row = Conversation.objects.get()
    assert row.answer_due_at is not None
    run = next_run(conversation_id=row.pk, at=row.answer_due_at).run
    assert run is not None

    contact = sign_in(victor)
    endings.finish(run=run, result=Result("stop", "On its way."), at=row.answer_due_at)

    (row,) = contact.conversations.all()
    assert row.messages.get(author_kind="assistant").text == "On its way."


@pytest.fixture
def two_tabs(widget: Widget) -> Iterator[list[Frame]]:
    """Two tabs of one stranger."""
    first, second = Frame(widget), Frame(widget)
    first.open()
    second.token = first.token
    yield [first, second]
    connections.close_all()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_signs_in_and_writes_at_once_loses_nothing(two_tabs: list[Frame]) -> None:
    signing, writing = two_tabs
    conversation = writing.start()
    barrier = Barrier(2)

    def sign() -> None:
        barrier.wait(timeout=10)
        sign_in(signing)
        connections.close_all()

    def write() -> set[int]:
        barrier.wait(timeout=10)
        codes = {writing.say(conversation, f"{n}", client_id=f"{n}").status_code for n in range(5)}
        connections.close_all()
        return codes

    with ThreadPoolExecutor(2) as pool:
        signed, wrote = pool.submit(sign), pool.submit(write)
        signed.result()
        assert wrote.result() <= {201, 401}
    (contact,) = Contact.objects.all()
    said = Message.objects.filter(author_kind="customer")
    assert set(said.values_list("actor", flat=True)) <= {contact.reference}
