"""A text that was taken back: what is stored of a run that a person ended never holds it."""

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from chats.engine.parts import Step, UsageReport
from chats.models import Run, Usage
from chats.services import endings
from chats.services.endings import TAKEN_BACK, Result
from chats.services.openings import next_run
from chats.services.steps import Finished, Unfinished
from chats.tools.registry import LostRunError
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


def test_a_step_that_had_finished_is_paid_as_reported_and_once(taken: Run) -> None:
    finished = Finished(Step(1, "The zebra", "stop", (), UsageReport(input=10, output=5)), 99)
    result = Result("superseded", "The zebra", last=finished)
    endings.finish(run=taken, result=result, at=NOON)
    with pytest.raises(LostRunError):
        endings.finish(run=taken, result=result, at=NOON)
    usage = Usage.objects.get()
    assert (usage.input_tokens, usage.output_tokens, usage.is_estimated) == (10, 5, False)


def test_a_step_that_was_cut_short_is_paid_once(taken: Run) -> None:
    last = Unfinished(estimate=UsageReport(input=10, output=5))
    result = Result("superseded", "The zebra", last=last)
    endings.finish(run=taken, result=result, at=NOON)
    with pytest.raises(LostRunError):
        endings.finish(run=taken, result=result, at=NOON)
    assert Usage.objects.get().is_estimated
