"""The same at once: from four threads, each with a connection of its own, it happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from conversations.models import Contact, Identity, Message
from conversations.sources.whatsapp import parser
from conversations.sources.whatsapp.models import Inbound, Sender, WebhookEvent
from conversations.sources.whatsapp.parser import Incoming
from conversations.sources.whatsapp.services import events, intake
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import (
    make_sender,
    noon,
    said,
    the_contact,
    the_conversation,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

AT_ONCE = 4
ROUNDS = 5


def at_once(act: Callable[[int], object]) -> None:
    """Let four threads do it at the same moment; what one of them raises is raised."""
    barrier = Barrier(AT_ONCE)

    def once(number: int) -> None:
        try:
            barrier.wait(timeout=30)
            act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(once, range(AT_ONCE)))


@pytest.fixture
def sender() -> Sender:
    return make_sender()


def incoming(text: str, **fields: object) -> Incoming:
    (found,) = parser.parse(
        payloads.body(payloads.text(text, wamid=text, **fields)).decode()
    ).messages
    return found


def take(sender: Sender, message: Incoming) -> None:
    assert intake.take(sender=sender, incoming=message, is_last=False, at=noon())


def test_an_event_is_stored_once(sender: Sender) -> None:
    for number in range(ROUNDS):
        body = payloads.body(payloads.text(str(number)))
        at_once(lambda _, body=body: events.store(sender=sender, body=body, at=noon()))  # type: ignore[misc]
    assert WebhookEvent.objects.count() == ROUNDS


def test_a_message_is_taken_in_once(sender: Sender) -> None:
    for number in range(ROUNDS):
        at_once(lambda _, text=str(number): take(sender, incoming(text)))  # type: ignore[misc]
    assert said() == [str(number) for number in range(ROUNDS)]
    assert Inbound.objects.count() == ROUNDS
    assert the_contact().name == "Victor"


def test_an_album_of_a_new_customer_is_one_conversation(sender: Sender) -> None:
    at_once(lambda number: take(sender, incoming(str(number))))
    assert sorted(said()) == ["0", "1", "2", "3"]
    conversation = the_conversation()
    assert (conversation.contact, conversation.customer_count) == (the_contact(), 4)


def test_a_number_and_a_user_id_at_once_are_one_contact(sender: Sender) -> None:
    at_once(lambda number: take(sender, incoming(str(number), from_user_id="SE.1")))
    assert Contact.objects.count() == 1
    assert Identity.objects.filter(contact=the_contact()).count() == 2


def test_a_number_passes_on_once(sender: Sender) -> None:
    take(sender, incoming("Ann", from_user_id="SE.1"))
    later = payloads.SENT + 60
    at_once(lambda one: take(sender, incoming(str(one), from_user_id="SE.2", timestamp=later)))
    ann, ben = Contact.objects.order_by("id")
    assert set(ann.identities.values_list("external_id", flat=True)) == {"SE.1"}
    assert set(ben.identities.values_list("external_id", flat=True)) == {payloads.VICTOR, "SE.2"}
    assert Message.objects.filter(author_id=str(ben.pk)).count() == AT_ONCE
    assert Message.objects.filter(kind="system").count() == 1


def test_reactions_at_once_leave_the_newest(sender: Sender) -> None:
    take(sender, incoming("Hi"))
    emojis = "👍🎉🔥💡"

    def react(number: int) -> None:
        change = payloads.reaction(
            emojis[number], "Hi", wamid=f"r{number}", timestamp=payloads.SENT + number
        )
        (message,) = parser.parse(payloads.body(change).decode()).messages
        take(sender, message)

    at_once(react)
    assert [one["emoji"] for one in Message.objects.get().reactions] == ["💡"]


def test_of_four_workers_one_works_and_the_order_stays(sender: Sender) -> None:
    for number in range(12):
        text = payloads.text(f"{number:02}", wamid=str(number))
        events.store(sender=sender, body=payloads.body(text), at=noon(seconds=number))
    at_once(lambda _: events.work(sender_id=sender.pk, clock=lambda: noon(seconds=30)))
    assert said() == [f"{number:02}" for number in range(12)]
    assert set(WebhookEvent.objects.values_list("state", "attempts")) == {("done", 1)}
