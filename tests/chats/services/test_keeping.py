"""Keeping runs: their texts and leases are written together, and each is judged by itself."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connections, transaction
from django.db.models.functions import Now

from channels_layer import times
from channels_layer.access.actors import System
from chats.models import Run
from chats.services import chats, endings, journal, runs
from chats.services.endings import Result
from chats.services.journal import ShownText, Standing
from chats.services.openings import next_run
from conversations.services.messages import Draft, post
from tests import factories
from tests.chats import talk
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

GOES_ON = Standing(is_mine=True)
MANY = 64


def begun(count: int = 3) -> list[Run]:
    """Return runs of one process whose leases are about to end."""
    opened = []
    for _ in range(count):
        conversation = factories.conversation()
        talk.say(conversation, "How long may I return a lamp?")
        run = next_run(conversation_id=conversation.pk, at=NOON).run
        assert run
        opened.append(run)
    Run.objects.update(lease_until=Now() + timedelta(seconds=1))
    return opened


def keep(opened: list[Run]) -> list[Standing]:
    return journal.keep([ShownText(run, f"Text {n}", NOON) for n, run in enumerate(opened)])


def is_kept(run: Run) -> bool:
    """Return whether a run's text is stored and its lease is new."""
    row = Run.objects.get(pk=run.pk)
    assert row.lease_until
    is_held = row.lease_until > times.now() + timedelta(seconds=5)
    assert is_held == (row.text != "")
    return is_held


@pytest.mark.parametrize("count", [1, MANY])
def test_writes_each_run_s_own_text_and_holds_it(count: int) -> None:
    opened = begun(count)
    assert keep(opened) == [GOES_ON] * count
    assert all(map(is_kept, opened))
    texts = dict(Run.objects.values_list("pk", "text"))
    assert texts == {run.pk: f"Text {n}" for n, run in enumerate(opened)}
    assert set(Run.objects.values_list("first_token_at", flat=True)) == {NOON}


def test_a_run_that_another_worker_has_is_lost_and_left_as_it_is() -> None:
    opened = begun()
    Run.objects.filter(pk=opened[1].pk).update(fence=opened[1].fence + 1)
    assert keep(opened) == [GOES_ON, Standing(is_mine=False), GOES_ON]
    assert [is_kept(run) for run in opened] == [True, False, True]


def test_a_run_that_has_ended_is_lost() -> None:
    opened = begun()
    endings.finish(run=opened[1], result=Result("stop", "All"), at=NOON)
    chats.delete(conversation=opened[2].conversation, at=NOON)
    lost = Standing(is_mine=False)
    assert keep(opened) == [GOES_ON, lost, lost]
    assert Run.objects.get(pk=opened[1].pk).text == "All"


def test_a_run_that_is_to_be_stopped_is_held_until_then() -> None:
    opened = begun()
    runs.cancel(run=opened[0], by=System(name="Victor"), at=NOON)
    assert keep(opened) == [Standing(is_mine=True, is_cancelled=True), GOES_ON, GOES_ON]
    assert all(map(is_kept, opened))


def test_a_run_whose_floor_a_person_took_is_stale(alice: User) -> None:
    opened = begun()
    draft = Draft(text="I am here")
    by = factories.staff(alice)
    post(conversation=opened[2].conversation, by=by, draft=draft, at=NOON)
    assert keep(opened) == [GOES_ON, GOES_ON, Standing(is_mine=True, is_stale=True)]
    assert Run.objects.get(pk=opened[2].pk).lease_until is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_waits_for_nobody_who_has_one_of_them() -> None:
    """Whoever holds several rows and waits for another may wait for ever."""
    opened = begun()
    is_locked, may_end = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Run.objects.select_for_update().get(pk=opened[1].pk)
            is_locked.set()
            may_end.wait(10)
        connections.close_all()

    holder = Thread(target=hold)
    holder.start()
    assert is_locked.wait(10)
    assert keep(opened) == [GOES_ON] * 3
    assert [is_kept(run) for run in opened] == [True, False, True]
    may_end.set()
    holder.join()
    assert keep(opened) == [GOES_ON] * 3
    assert is_kept(opened[1])
