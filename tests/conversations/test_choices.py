"""Choices: what is pressed on a card is said once, and the card shows it in every window."""

from typing import Any
from uuid import uuid4

import pytest

from channels_layer.access.actors import Staff, System
from channels_layer.errors import InvalidError
from channels_layer.models import Event
from conversations.models import Conversation, Message
from conversations.services import messages, thread
from conversations.services.choices import Choice
from conversations.services.messages import Draft
from conversations.services.thread import Entry, assistant_author
from conversations.views.items import Reader, items_of
from tests import factories
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CARD: dict[str, Any] = {
    "type": "buttons",
    "title": "What shall we do?",
    "buttons": [{"title": "Refund", "value": "Refund it"}, {"title": "Repair", "value": "Repair"}],
}
VICTOR = System(name="Victor")


@pytest.fixture
def alice(db: None) -> Staff:
    """Who reads along."""
    return factories.staff(factories.person("alice"))


def offered(conversation: Conversation) -> Message:
    """Return an answer with a card."""
    entry = Entry(author=assistant_author(conversation.assistant), text="Well?", cards=[CARD])
    return thread.append(conversation.locked(), entry, at=NOON)


def choose(conversation: Conversation, offer: Message, option: int = 0) -> Message:
    """Say as the customer what was chosen."""
    choice = Choice(message=offer.pk, card=0, option=option)
    draft = Draft(text="something else", client_id=f"choice:{offer.pk}:0", choice=choice)
    message, _ = messages.customer_message(
        conversation=conversation, by=VICTOR, draft=draft, at=NOON
    )
    return message


def test_a_choice_says_its_value_and_marks_the_card() -> None:
    conversation = factories.conversation()
    offer = offered(conversation)
    said = choose(conversation, offer)
    offer.refresh_from_db()
    assert (said.text, said.author_kind, offer.cards[0]["chosen"]) == ("Refund it", "customer", 0)
    assert said.cards == [
        {
            "type": "choice",
            "message": str(offer.pk),
            "card": 0,
            "option": 0,
            "kind": "buttons",
            "author": "Ada",
        }
    ]
    event = Event.objects.filter(topic=conversation.topic, type="message.updated").get()
    assert event.data["cards"][0]["chosen"] == 0


def test_what_is_pressed_twice_is_said_once() -> None:
    conversation = factories.conversation()
    offer = offered(conversation)
    assert choose(conversation, offer) == choose(conversation, offer, 1)
    offer.refresh_from_db()
    assert offer.cards[0]["chosen"] == 0


@pytest.mark.parametrize(
    ("card", "option", "is_foreign"), [(1, 0, False), (0, 2, False), (0, 0, True)]
)
def test_what_was_not_offered_cannot_be_chosen(card: int, option: int, *, is_foreign: bool) -> None:
    conversation = factories.conversation()
    offer = offered(factories.conversation() if is_foreign else conversation)
    draft = Draft(text="", choice=Choice(message=offer.pk, card=card, option=option))
    with pytest.raises(InvalidError) as refused:
        messages.customer_message(conversation=conversation, by=VICTOR, draft=draft, at=NOON)
    assert list(refused.value.fields) == ["choice"]


def test_staff_cannot_choose_for_the_customer(alice: Staff) -> None:
    conversation = factories.conversation()
    draft = Draft(text="", choice=Choice(message=uuid4(), card=0, option=0))
    with pytest.raises(InvalidError, match="Only who was asked"):
        messages.post(conversation=conversation, by=alice, draft=draft, at=NOON)


def shown(conversation: Conversation, alice: Staff) -> tuple[list[str], list[str]]:
    """Return the states of the offer's choices, and what stands below what was said."""
    conversation.refresh_from_db()
    reader = Reader(actor=alice, answered_at=conversation.last_customer_position)
    items = items_of(list(conversation.messages.order_by("position")), reader=reader)
    states = [option.state for item in items for card in item.cards for option in card.options]
    return states, [item.chose for item in items if item.chose]


def test_a_page_shows_what_was_taken_and_what_was_passed(alice: Staff) -> None:
    conversation = factories.conversation()
    offer = offered(conversation)
    assert shown(conversation, alice) == (["open", "open"], [])
    choose(conversation, offer, 1)
    assert shown(conversation, alice) == (["passed", "chosen"], ["Chose from Ada's buttons"])


def test_an_offer_that_was_answered_in_other_words_is_passed(alice: Staff) -> None:
    conversation = factories.conversation()
    offered(conversation)
    draft = Draft(text="Neither")
    messages.customer_message(conversation=conversation, by=VICTOR, draft=draft, at=NOON)
    assert shown(conversation, alice) == (["passed", "passed"], [])
