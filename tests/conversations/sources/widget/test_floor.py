"""Requesting a person and ending: POST …/escalate and …/end."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from channels_layer.log import events
from conversations.models import Conversation
from handoff import services as handoff
from handoff.models import Control, Handoff
from tests.conversations.sources.widget.conftest import Frame
from tests.factories import staff

pytestmark = pytest.mark.both_databases


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

    seen = events.replay(f"conversation:{conversation}", after=0, limit=100, audience="visitor")

    frames = [frame for _seq, frame in seen or [] if frame["type"] == "handoff.changed"]
    assert [frame["data"]["lifecycle"] for frame in frames] == ["ended", "active"]
