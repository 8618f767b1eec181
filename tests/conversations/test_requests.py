"""Requests for a person: who waits, what a colleague's Join says, what is notified of either."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from channels_layer.access import keys
from channels_layer.access.actors import System, Visitor
from chats.services import chats
from conversations import reasons
from conversations.models import Conversation
from conversations.selectors import conversations as selectors
from conversations.services import conversations, messages
from conversations.services.messages import Draft
from handoff import services as handoff
from handoff.models import Handoff, Notification, Switch
from tests import factories
from tests.conversations.conftest import floor_of, list_of
from tests.handoff.sending import send_all

pytestmark = pytest.mark.both_databases
ADA = System(name="Ada")
LATER = timedelta(minutes=1)


@pytest.fixture
def chat(bob: User, noon: datetime) -> Conversation:
    """Bob's chat with Ada, in which Ada asks for a person."""
    chat, _ = chats.start(
        by=factories.staff(bob), assistant=factories.AssistantFactory.create(), text="Hi", at=noon
    )
    return handoff.join(floor=chat, by=ADA, at=noon, reason="refund")


def victor(conversation: Conversation) -> Visitor:
    assert conversation.contact_id is not None
    return Visitor(conversation.contact_id, conversation.source_id, "Victor")


def titles(user: User) -> list[str]:
    rows = Notification.objects.filter(user=user).order_by("created_at", "id")
    return list(rows.values_list("title", flat=True))


def test_a_chat_stands_in_no_queue(
    page: Client, chat: Conversation, waiting: Conversation, alice: User
) -> None:
    Handoff.objects.filter(conversation=chat).update(requested_at=chat.created_at - LATER)
    Conversation.objects.filter(pk=chat.pk).update(requested_at=chat.created_at - LATER)
    chat.refresh_from_db()
    assert list(selectors.waiting()) == [waiting]
    assert (selectors.queue_position(waiting), selectors.queue_position(chat)) == (1, None)
    html = list_of(page)
    assert "1 waiting" in html
    assert html.count("data-wait ") == 2  # the queue's and the row's own
    assert "in the queue" not in floor_of(page, chat)


@pytest.mark.slow
def test_a_keys_chat_stands_in_no_queue(chat: Conversation, noon: datetime) -> None:
    key, _ = keys.issue(name="Shop", scopes=[], at=noon)
    Conversation.objects.filter(pk=chat.pk).update(author=None, author_key=key)
    assert not selectors.waiting().exists()


def test_nobody_is_notified_of_a_chat_that_asks(chat: Conversation, alice: User, bob: User) -> None:
    assert send_all() == 0
    assert titles(alice) == titles(bob) == []


@pytest.mark.parametrize(
    ("title", "name"), [("Refunds", "Refunds"), pytest.param("", "Bob", marks=pytest.mark.slow)]
)
def test_a_chat_is_named_by_its_title_or_its_owner(
    chat: Conversation, alice: User, bob: User, noon: datetime, title: str, name: str
) -> None:
    Conversation.objects.filter(pk=chat.pk).update(title=title)
    chat.refresh_from_db()
    handoff.accept(floor=chat, by=factories.staff(alice), at=noon)
    draft = Draft(text="Are you there?")
    messages.post(conversation=chat, by=factories.staff(bob), draft=draft, at=noon + LATER)
    send_all()
    assert titles(alice) == [name]


def test_a_join_makes_nobody_wait(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    handoff.join(floor=conversation, by=factories.staff(alice), at=noon)
    assert not selectors.waiting().exists()
    assert selectors.queue_position(conversation) is None
    html = floor_of(page, conversation) + list_of(page)
    assert "You asked for the floor" in html
    assert 'data-act="accept"' in html
    for word in ("control--requested", "in the queue", "data-wait ", "data-longest"):
        assert word not in html


@pytest.mark.slow
def test_a_join_names_the_colleague_until_the_customer_asks(
    page: Client, conversation: Conversation, bob: User, noon: datetime
) -> None:
    handoff.join(floor=conversation, by=factories.staff(bob), at=noon)
    assert "Bob asked for the floor" in floor_of(page, conversation)
    handoff.join(floor=conversation, by=victor(conversation), at=noon + LATER)
    assert list(selectors.waiting()) == [conversation]
    html = floor_of(page, conversation)
    assert "asked for the floor" not in html
    assert "Next in the queue." in html


def test_colleagues_read_who_joined_not_that_a_customer_waits(
    conversation: Conversation, alice: User, bob: User, noon: datetime
) -> None:
    handoff.join(floor=conversation, by=factories.staff(bob), at=noon)
    send_all()
    assert titles(alice) == ["Bob asked for the floor with “Victor”"]
    handoff.join(floor=conversation, by=victor(conversation), at=noon + LATER)
    send_all()
    assert titles(alice) == titles(bob) == ["“Victor” waits for a person"]


@pytest.mark.parametrize(
    "act",
    [
        "accept",
        "withdraw",
        *(
            pytest.param(act, marks=pytest.mark.slow)
            for act in ("release", "end", "block", "write")
        ),
    ],
)
def test_a_request_that_is_over_is_notified_no_more(
    conversation: Conversation, alice: User, bob: User, noon: datetime, act: str
) -> None:
    asker, bobby = victor(conversation), factories.staff(bob)
    conversation = handoff.join(floor=conversation, by=asker, at=noon)
    send_all()
    assert titles(alice) == ["“Victor” waits for a person"]
    match act:
        case "withdraw":
            handoff.withdraw(floor=conversation, by=asker, at=noon + LATER)
        case "block":
            conversations.set_switch(
                conversation=conversation, switch=Switch.BLOCKED, by=bobby, at=noon + LATER
            )
        case "write":
            draft = Draft(text="Hello")
            messages.post(conversation=conversation, by=bobby, draft=draft, at=noon + LATER)
        case _:
            getattr(handoff, act)(floor=conversation, by=bobby, at=noon + LATER)
    send_all()
    assert titles(alice) == titles(bob) == []


@pytest.mark.slow
def test_who_asks_again_stands_there_once(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    for number in (0, 2, 4):
        asker = victor(conversation)
        conversation = handoff.join(floor=conversation, by=asker, at=noon + number * LATER)
        send_all()
        if number < 4:
            at = noon + (number + 1) * LATER
            conversation = handoff.withdraw(floor=conversation, by=asker, at=at)
    send_all()
    assert titles(alice) == ["“Victor” waits for a person"]


@pytest.mark.parametrize(
    ("reason", "is_telling"),
    [
        ("The customer asks for a person.", False),
        ("Customer wants to talk to a human", False),
        ("user explicitly requested a real person", False),
        ("Kundin möchte mit einem Menschen sprechen", False),
        ("Le client demande à parler à un conseiller.", False),
        ("refund", True),
        ("The customer wants to talk to a person about a refund", True),
        ("顧客は人と話したい", True),
        ("5 lamps", True),
    ],
)
def test_a_reason_that_says_no_more_than_the_line_is_dropped(
    reason: str, *, is_telling: bool
) -> None:
    assert reasons.informative(reason) == (reason if is_telling else "")


def test_the_line_says_once_that_a_person_is_wanted(
    page: Client, conversation: Conversation, alice: User, noon: datetime
) -> None:
    handoff.join(floor=conversation, by=ADA, at=noon, reason="The customer asks for a person.")
    html = page.get(f"/conversations/{conversation.pk}/messages/?after=0").content.decode()
    assert "Ada asked for a person" in html
    assert "The customer asks" not in html
    send_all()
    assert Notification.objects.get(user=alice).text == "Ada asked for a person"
