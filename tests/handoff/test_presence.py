"""Presence: online while a socket is open, away by hand, offline after a minute."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from channels_layer.sockets import connected_users
from conversations import consumers
from conversations.models import Conversation
from handoff import presence, services
from handoff.models import Agent
from tests import factories
from tests.api import clients

pytestmark = pytest.mark.both_databases
SECOND = timedelta(seconds=1)


def of(user: User) -> str:
    return str(Agent.objects.get(user=user).presence)


def come(user: User, at: datetime) -> None:
    connected_users.report({f"user:{user.pk}", "key:nobody"}, at)


def choose(user: User, word: str) -> None:
    services.update_agent(agent=Agent.objects.get(user=user), presence=word)


def test_an_open_socket_makes_online(alice: User, bob: User, noon: datetime) -> None:
    come(alice, noon)
    assert (of(alice), of(bob)) == ("online", "offline")


def test_a_minute_without_socket_makes_offline(alice: User, noon: datetime) -> None:
    come(alice, noon)
    come(alice, noon + 20 * SECOND)
    assert presence.notice_absence(at=noon + 79 * SECOND) == 0
    assert presence.notice_absence(at=noon + 81 * SECOND) == 1
    assert of(alice) == "offline"
    assert presence.notice_absence(at=noon + 90 * SECOND) == 0


def test_away_by_hand_stays_away(alice: User, noon: datetime) -> None:
    come(alice, noon)
    choose(alice, "away")
    come(alice, noon + 20 * SECOND)
    assert of(alice) == "away"
    Agent.objects.update(last_seen_at=noon)
    presence.notice_absence(at=noon + 61 * SECOND)
    assert of(alice) == "offline"
    come(alice, noon + 100 * SECOND)
    assert of(alice) == "away"
    choose(alice, "online")
    assert of(alice) == "online"


def test_offline_by_hand_stays_offline(alice: User, noon: datetime) -> None:
    choose(alice, "offline")
    come(alice, noon)
    assert of(alice) == "offline"


def test_own_words_go_through_the_interface(alice: User) -> None:
    client = clients.browser(alice)
    for word in ("online", "away", "offline"):
        changed = client.patch("/api/v1/agents/me", {"presence": word}, format="json")
        assert (changed.status_code, changed.json()["presence"]) == (200, word)
        assert client.get("/api/v1/agents/me").json()["presence"] == word


def test_a_change_is_published_once(
    alice: User, noon: datetime, announced: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        come(alice, noon)
        come(alice, noon + SECOND)
    published = [data for topic, type_, data in announced if type_ == "presence"]
    assert published == [{"agent": {"id": alice.pk, "name": "Alice"}, "presence": "online"}]


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what was announced, as the fan-out gets it."""
    from channels_layer.log import events  # noqa: PLC0415

    found: list[Any] = []
    original = events.announce

    def note(*, topic: str, type: str, data: Any, at: Any = None) -> None:
        found.append((topic, type, data))
        original(topic=topic, type=type, data=data, at=at)

    monkeypatch.setattr(events, "announce", note)
    return found


def test_viewers_come_and_go(
    alice: User, bob: User, conversation: Conversation, noon: datetime, announced: list[Any]
) -> None:
    other = factories.conversation()
    for user in (alice, bob):
        come(user, noon)
        consumers.viewing(factories.staff(user), {"conversation": str(conversation.pk)})
    names = [person["name"] for person in presence.viewers(conversation.pk)]
    assert names == ["Alice", "Bob"]
    consumers.viewing(factories.staff(bob), {"conversation": str(other.pk)})
    published = {topic: data["viewers"] for topic, type_, data in announced if type_ == "viewing"}
    assert published == {
        conversation.topic: [{"id": alice.pk, "name": "Alice"}],
        other.topic: [{"id": bob.pk, "name": "Bob"}],
    }
    consumers.viewing(factories.staff(alice), {"conversation": None})
    assert presence.viewers(conversation.pk) == []


def test_who_begins_to_follow_sees_the_viewers(
    alice: User, bob: User, conversation: Conversation, noon: datetime
) -> None:
    come(alice, noon)
    consumers.viewing(factories.staff(alice), {"conversation": str(conversation.pk)})
    frames = consumers.viewers(factories.staff(bob), str(conversation.pk))
    assert frames[0]["data"]["viewers"] == [{"id": alice.pk, "name": "Alice"}]
    assert consumers.viewers(factories.staff(bob), str(factories.conversation().pk)) == []


def test_who_has_left_is_no_viewer(alice: User, conversation: Conversation, noon: datetime) -> None:
    come(alice, noon)
    consumers.viewing(factories.staff(alice), {"conversation": str(conversation.pk)})
    presence.notice_absence(at=noon + 61 * SECOND)
    assert presence.viewers(conversation.pk) == []
