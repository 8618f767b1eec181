"""A text that was taken back: what is stored of a run that a person ended never holds it."""

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from chats.models import Run
from chats.services import endings
from chats.services.endings import TAKEN_BACK, Result
from chats.services.openings import next_run
from conversations.models import Conversation
from conversations.services.messages import Draft, post
from tests import factories
from tests.chats import talk
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def taken(conversation: Conversation, alice: User, settings: Settings) -> Run:
    """Return a run that a person ended a moment after its worker took the text back."""
    settings.SEND_INTERVAL_SECONDS = 0
    talk.say(conversation, "May I return a lamp?")
    run = next_run(conversation_id=conversation.pk, at=NOON).run
    assert run
    Run.objects.filter(pk=run.pk).update(text="The zebra wants")
    by = factories.staff(alice)
    post(conversation=conversation, by=by, draft=Draft(text="I am here"), at=NOON)
    assert [one.text for one in talk.messages(conversation)] == ["The zebra wants"]
    return run


@pytest.mark.parametrize(
    ("shown", "stored"),
    [
        ("", TAKEN_BACK),
        ("Yes.", "Yes."),
        ("The zebra wants to know", "The zebra wants to know"),
        ("The zebra wants", "The zebra wants"),
    ],
)
def test_the_message_has_what_the_worker_shows_in_the_end(
    taken: Run, conversation: Conversation, shown: str, stored: str
) -> None:
    result = Result("superseded", shown, was_taken_back=True)
    endings.finish(run=taken, result=result, at=NOON)
    assert [one.text for one in talk.messages(conversation)] == [stored]
    assert Run.objects.get().text == shown
    was_changed = shown != "The zebra wants"
    assert ("message.updated" in talk.types(conversation)) is was_changed


def test_a_worker_that_had_shown_nothing_leaves_what_another_had_shown(
    taken: Run, conversation: Conversation
) -> None:
    endings.finish(run=taken, result=Result("superseded", ""), at=NOON)
    assert [one.text for one in talk.messages(conversation)] == ["The zebra wants"]
