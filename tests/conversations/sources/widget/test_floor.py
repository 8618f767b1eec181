"""Requesting a person and ending: POST …/escalate and …/end."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import User

from channels_layer.log import events
from conversations.models import Contact, Conversation
from conversations.selectors import conversations as selectors
from conversations.services import contacts
from conversations.sources.widget import texts
from handoff import services as handoff
from handoff.models import Control, Handoff
from tests.conversations.sources.widget.conftest import Frame
from tests.factories import staff

pytestmark = pytest.mark.both_databases


def seen_of(conversation: str, kind: str) -> list[dict[str, object]]:
    """Return what the customer's socket gets of the events of a kind."""
    seen = events.replay(f"conversation:{conversation}", after=0, limit=100, audience="visitor")
    return [frame["data"] for _seq, frame in seen or [] if frame["type"] == kind]


def test_asking_shows_the_place_in_the_queue(victor: Frame, stranger: Frame) -> None:
    stranger.post(f"conversations/{stranger.start()}/escalate")

    response = victor.post(f"conversations/{victor.start()}/escalate")

    assert response.status_code == 200
    assert response.json()["control"] == "requested"
    assert response.json()["queue"] == {"position": 2, "minutes": None}


def test_asking_twice_asks_once(victor: Frame) -> None:
    conversation = victor.start()

    for _ in range(2):
        assert victor.post(f"conversations/{conversation}/escalate").status_code == 200
    assert Handoff.objects.count() == 1


def test_tells_how_long_others_waited(victor: Frame, alice: User) -> None:
    for _ in range(3):
        victor.post(f"conversations/{victor.start()}/escalate")
    for row in Conversation.objects.all():
        at = row.created_at + timedelta(minutes=4)
        handoff.accept(floor=row, by=staff(alice), at=at)

    shown = victor.post(f"conversations/{victor.start()}/escalate").json()

    assert shown["queue"]["position"] == 1
    assert 3 <= shown["queue"]["minutes"] <= 4


def test_asking_while_a_person_answers_changes_nothing(victor: Frame, alice: User) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/escalate")
    row = Conversation.objects.get()
    handoff.accept(floor=row, by=staff(alice), at=row.created_at)

    shown = victor.post(f"conversations/{conversation}/escalate").json()

    assert shown["control"] == "agent"
    assert shown["owner"] == {"name": "Alice"}
    assert shown["queue"] is None


def test_an_ended_conversation_asks_for_nobody(victor: Frame) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/end")

    response = victor.post(f"conversations/{conversation}/escalate")

    assert response.status_code == 409
    assert response.json()["code"] == "ended"


def test_ending_twice_ends_once(victor: Frame) -> None:
    conversation = victor.start()

    for _ in range(2):
        response = victor.post(f"conversations/{conversation}/end")
        assert response.status_code == 200
        assert response.json()["lifecycle"] == "ended"
    row = Conversation.objects.get()
    assert row.control == Control.AI
    assert row.messages.filter(change="ended").count() == 1


def test_the_visitor_sees_an_ended_conversation_go_on(victor: Frame) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/end")
    victor.say(conversation, "One more thing")

    floors = seen_of(conversation, "handoff.changed")
    assert [floor["lifecycle"] for floor in floors] == ["ended", "active"]


def test_a_colleagues_join_is_not_told_to_the_customer(victor: Frame, alice: User) -> None:
    conversation = victor.start()
    row = Conversation.objects.get()
    handoff.join(floor=row, by=staff(alice), at=row.created_at)

    shown = victor.get(f"conversations/{conversation}/messages").json()

    assert shown["results"] == []
    assert (shown["conversation"]["control"], shown["conversation"]["queue"]) == ("ai", None)
    assert [floor["control"] for floor in seen_of(conversation, "handoff.changed")] == ["ai"]
    assert seen_of(conversation, "message.created") == []
    handoff.release(floor=row, by=staff(alice), at=row.created_at)
    assert victor.get(f"conversations/{conversation}/messages").json()["results"] == []


def test_a_customer_who_asks_after_a_colleagues_join_sees_the_place(
    victor: Frame, alice: User
) -> None:
    conversation = victor.start()
    row = Conversation.objects.get()
    handoff.join(floor=row, by=staff(alice), at=row.created_at)

    for _ in range(2):
        shown = victor.post(f"conversations/{conversation}/escalate").json()

        assert (shown["control"], shown["queue"]["position"]) == ("requested", 1)
    (line,) = seen_of(conversation, "message.created")
    assert (line["change"], line["author"]["kind"]) == ("requested", "customer")  # type: ignore[index]
    assert Handoff.objects.count() == 1


def test_giving_up_the_place_leaves_a_colleagues_join(victor: Frame, alice: User) -> None:
    conversation = victor.start()
    row = Conversation.objects.get()
    handoff.join(floor=row, by=staff(alice), reason="Looks lost", at=row.created_at)

    for _ in range(2):
        victor.post(f"conversations/{conversation}/escalate")
        shown = victor.post(f"conversations/{conversation}/withdraw").json()

        assert (shown["control"], shown["queue"]) == ("ai", None)
        row = Conversation.objects.get()
        assert (row.control, row.request_reason) == (Control.REQUESTED, "Looks lost")
    accepted = handoff.accept(floor=row, by=staff(alice), at=row.created_at)

    assert accepted.control == Control.AGENT
    own = Handoff.objects.filter(requested_by__startswith="contact:")
    assert [one.state for one in own] == [Handoff.State.RELEASED] * 2


def test_giving_up_the_place_lets_the_assistant_go_on(victor: Frame) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/escalate")
    victor.say(conversation, "Well, how long does it take?")

    for _ in range(2):
        response = victor.post(f"conversations/{conversation}/withdraw")

        assert response.status_code == 200
        assert (response.json()["control"], response.json()["queue"]) == ("ai", None)
    row = Conversation.objects.get()
    assert row.answer_due_at is not None
    assert row.messages.filter(change="withdrawn", is_public=True).count() == 1
    assert Handoff.objects.get().state == Handoff.State.RELEASED


def test_giving_up_the_place_sends_no_colleague_away(victor: Frame, alice: User) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/escalate")
    row = Conversation.objects.get()
    handoff.accept(floor=row, by=staff(alice), at=row.created_at)

    shown = victor.post(f"conversations/{conversation}/withdraw").json()

    assert (shown["control"], shown["owner"]) == ("agent", {"name": "Alice"})
    assert Conversation.objects.get().messages.filter(change="withdrawn").count() == 0


def test_giving_up_does_not_undo_a_colleagues_join(victor: Frame, alice: User) -> None:
    conversation = victor.start()
    row = Conversation.objects.get()
    handoff.join(floor=row, by=staff(alice), at=row.created_at)

    assert victor.post(f"conversations/{conversation}/withdraw").json()["control"] == "ai"
    row.refresh_from_db()
    assert row.control == Control.REQUESTED


def test_an_ended_conversation_has_no_place_to_give_up(victor: Frame) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/end")

    response = victor.post(f"conversations/{conversation}/withdraw")

    assert (response.status_code, response.json()["code"]) == (409, "ended")


def test_a_blocked_customer_cannot_queue(victor: Frame, alice: User) -> None:
    before = victor.start()
    row = Conversation.objects.get()
    contacts.block(contact=Contact.objects.get(), by=staff(alice), at=row.created_at)

    for conversation in (before, victor.start()):
        response = victor.post(f"conversations/{conversation}/escalate")

        assert (response.status_code, response.json()["code"]) == (403, "blocked")
    shown = victor.get(f"conversations/{before}/messages").json()["conversation"]
    assert shown["switch"] == "blocked"
    assert not Handoff.objects.exists()


def test_a_block_takes_the_customer_out_of_the_queue(
    victor: Frame, stranger: Frame, alice: User
) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/escalate")
    row = Conversation.objects.get()
    other = stranger.start()
    stranger.post(f"conversations/{other}/escalate")
    alices = staff(alice)
    contact = Contact.objects.get(conversations=row)
    contacts.block(contact=contact, by=alices, at=row.created_at)

    row.refresh_from_db()
    assert (row.control, row.switch, row.requested_at) == (Control.AI, "blocked", None)
    assert Handoff.objects.get(conversation=row).state == Handoff.State.RELEASED
    assert [waiting.pk for waiting in selectors.waiting()] == [UUID(other)]
    shown = victor.get(f"conversations/{conversation}/messages").json()["conversation"]
    assert (shown["control"], shown["queue"]) == ("ai", None)
    assert seen_of(conversation, "handoff.changed")[-1]["control"] == "ai"
    assert stranger.post(f"conversations/{other}/escalate").json()["queue"]["position"] == 1

    contacts.unblock(contact=contact, by=alices, at=row.created_at)
    handoff.take(floor=row, by=alices, at=row.created_at)
    contacts.block(contact=contact, by=alices, at=row.created_at)
    row.refresh_from_db()
    assert (row.control, row.owner) == (Control.AGENT, alice)


@pytest.mark.slow
@pytest.mark.parametrize(("releaser", "change"), [("alice", "released"), ("bob", "returned")])
def test_only_who_was_there_leaves(
    victor: Frame, alice: User, bob: User, releaser: str, change: str
) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/escalate")
    row = Conversation.objects.get()
    handoff.accept(floor=row, by=staff(alice), at=row.created_at)

    handoff.release(floor=row, by=staff(alice if releaser == "alice" else bob), at=row.created_at)

    results = victor.get(f"conversations/{conversation}/messages").json()["results"]
    assert [one["change"] for one in results] == ["requested", "accepted", change]


def test_who_turns_a_request_down_was_never_there(victor: Frame, alice: User) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/escalate")
    row = Conversation.objects.get()

    handoff.release(floor=row, by=staff(alice), at=row.created_at)

    results = victor.get(f"conversations/{conversation}/messages").json()["results"]
    assert [one["change"] for one in results] == ["requested", "returned"]
    assert texts.labels()["lines"]["returned"] == "{assistant} answers again"


@pytest.mark.slow
def test_the_expected_wait_is_that_of_customers(victor: Frame, alice: User) -> None:
    for _ in range(4):
        victor.start()
    for row in Conversation.objects.all():
        handoff.join(floor=row, by=staff(alice), at=row.created_at)
        handoff.accept(floor=row, by=staff(alice), at=row.created_at + timedelta(minutes=9))

    shown = victor.post(f"conversations/{victor.start()}/escalate").json()

    assert shown["queue"] == {"position": 1, "minutes": None}
