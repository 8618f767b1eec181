"""The transition table of CONTRACT 4."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User

from channels_layer.models import Event
from conversations.models import Conversation
from handoff import services
from handoff.models import Control, Handoff, Lifecycle, Switch
from tests.factories import staff

pytestmark = pytest.mark.both_databases


def test_join_asks_without_taking_the_right_to_speak(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    joined = services.join(floor=conversation, by=staff(alice), at=noon, reason="refund")

    assert joined.control == Control.REQUESTED
    assert joined.epoch == conversation.epoch
    assert joined.requested_at == noon
    assert Handoff.objects.get().state == Handoff.State.WAITING


def test_join_again_changes_nothing(waiting: Conversation, bob: User, noon: datetime) -> None:
    events = Event.objects.count()

    assert services.join(floor=waiting, by=staff(bob), at=noon).control == Control.REQUESTED
    assert Event.objects.count() == events


def test_accept_gives_the_floor(waiting: Conversation, bob: User, noon: datetime) -> None:
    accepted = services.accept(floor=waiting, by=staff(bob), at=noon)

    assert (accepted.control, accepted.owner) == (Control.AGENT, bob)
    assert accepted.epoch == waiting.epoch + 1
    assert Handoff.objects.get().agent == bob


def test_accept_by_a_second_names_the_owner(
    waiting: Conversation, alice: User, bob: User, noon: datetime
) -> None:
    services.accept(floor=waiting, by=staff(bob), at=noon)

    with pytest.raises(services.AlreadyAcceptedError) as refusal:
        services.accept(floor=waiting, by=staff(alice), at=noon)
    assert refusal.value.body()["owner"] == {"id": bob.pk, "name": "Bob"}
    assert services.accept(floor=waiting, by=staff(bob), at=noon).owner == bob


def test_accept_needs_a_request(conversation: Conversation, alice: User, noon: datetime) -> None:
    with pytest.raises(services.NotRequestedError):
        services.accept(floor=conversation, by=staff(alice), at=noon)


def test_join_is_refused_when_an_agent_has_it(
    waiting: Conversation, alice: User, bob: User, noon: datetime
) -> None:
    services.accept(floor=waiting, by=staff(bob), at=noon)

    with pytest.raises(services.AlreadyAcceptedError):
        services.join(floor=waiting, by=staff(alice), at=noon)


def test_a_moved_epoch_is_stale(waiting: Conversation, alice: User, noon: datetime) -> None:
    with pytest.raises(services.StaleEpochError):
        services.accept(floor=waiting, by=staff(alice), at=noon, epoch=waiting.epoch + 7)


def test_release_returns_to_the_assistant(
    waiting: Conversation, alice: User, noon: datetime
) -> None:
    accepted = services.accept(floor=waiting, by=staff(alice), at=noon)
    released = services.release(floor=waiting, by=staff(alice), at=noon)

    assert (released.control, released.owner) == (Control.AI, None)
    assert released.epoch == accepted.epoch + 1
    assert Handoff.objects.get().state == Handoff.State.RELEASED


def test_release_of_what_the_assistant_has_changes_nothing(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    assert services.release(floor=conversation, by=staff(alice), at=noon).epoch == 0


def test_nothing_but_reopen_and_end_after_the_end(
    waiting: Conversation, alice: User, noon: datetime
) -> None:
    ended = services.end(floor=waiting, by=staff(alice), at=noon)

    assert (ended.lifecycle, ended.control, ended.owner) == (Lifecycle.ENDED, Control.AI, None)
    for act in (services.join, services.accept, services.release):
        with pytest.raises(services.EndedError):
            act(floor=ended, by=staff(alice), at=noon)
    assert services.end(floor=ended, by=staff(alice), at=noon).epoch == ended.epoch
    reopened = services.reopen(floor=ended, by=staff(alice), at=noon)
    assert (reopened.lifecycle, reopened.epoch) == (Lifecycle.ACTIVE, ended.epoch + 1)


def test_the_switch_raises_the_epoch(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    paused = services.set_switch(floor=conversation, switch=Switch.PAUSED, by=staff(alice), at=noon)

    assert (paused.switch, paused.epoch) == (Switch.PAUSED, 1)
    assert (
        services.set_switch(
            floor=conversation, switch=Switch.PAUSED, by=staff(alice), at=noon
        ).epoch
        == 1
    )
