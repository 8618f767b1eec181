"""The sweeper, the schedule, and the deletion of old rows."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from axes.models import AccessLog
from celery.signals import task_prerun
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from channels_layer import times
from channels_layer.models import CalendarLease, Event, IdempotencyRecord
from channels_layer.tasks import purge
from channels_layer.work import housekeeping, sweeper
from channels_layer.work.jobs import Hint
from channels_layer.work.sweeper import Sweeper
from tests.channels_layer.board import Board, say_now
from tests.factories import NOON
from tests.registries import restored

HOUR = timedelta(hours=1)


class World:
    """A clock and a broker."""

    def __init__(self) -> None:
        self.time = 100.0
        self.is_up = True
        self.hints: list[tuple[str, Mapping[str, Any]]] = []
        self.sweeper = Sweeper(hint=self.hint, clock=lambda: self.time)

    def hint(self, task: str, ids: Mapping[str, Any]) -> bool:
        if self.is_up:
            self.hints.append((task, ids))
        return self.is_up

    def sweep_for(self, seconds: int) -> int:
        """Sweep every 2 s; return the number of hints."""
        before = len(self.hints)
        for _ in range(seconds // 2):
            self.sweeper.sweep(NOON)
            self.time += 2
        return len(self.hints) - before


@pytest.fixture
def world() -> Iterator[World]:
    with restored(sweeper._sweeps, are_empty=True):
        yield World()


def due_always(at: datetime) -> Iterable[Hint]:
    assert at == NOON
    return [("answer", {"id": "1"}), ("answer", {"id": "2"})]


def test_hints_at_what_is_due(world: World) -> None:
    sweeper.register("answers", due_always)
    assert world.sweep_for(2) == 2
    assert world.hints == [("answer", {"id": "1"}), ("answer", {"id": "2"})]


def test_does_not_flood(world: World) -> None:
    sweeper.register("answers", due_always)
    assert 2 * 6 <= world.sweep_for(60) <= 2 * 9


def test_what_comes_back_is_hinted_at_once(world: World) -> None:
    due: list[Hint] = [("answer", {"id": "1"})]
    sweeper.register("answers", lambda at: due)
    world.sweep_for(20)
    due.clear()
    world.sweep_for(2)
    due.append(("answer", {"id": "1"}))
    assert world.sweep_for(2) == 1


def test_a_broker_that_was_away_gets_everything_at_once(world: World) -> None:
    sweeper.register("answers", due_always)
    world.is_up = False
    assert world.sweep_for(60) == 0
    world.is_up = True
    assert world.sweep_for(2) == 2


def test_one_failing_kind_stops_no_other(world: World) -> None:
    def fail(at: datetime) -> Iterable[Hint]:
        raise LookupError(at)

    sweeper.register("broken", fail)
    sweeper.register("answers", due_always)
    assert world.sweep_for(2) == 2


def test_a_kind_is_registered_once(world: World) -> None:
    sweeper.register("answers", due_always)
    with pytest.raises(ValueError, match="already"):
        sweeper.register("answers", lambda at: [])


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_job_of_the_agenda_runs_once_per_turn() -> None:
    assert [sweeper.claim_job("purge", every=HOUR) for _ in range(3)] == [True, False, False]
    CalendarLease.objects.update(next_at=Now() - timedelta(seconds=1))
    assert [sweeper.claim_job("purge", every=HOUR) for _ in range(2)] == [True, False]


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_job_whose_hint_was_lost_is_hinted_at_again(world: World) -> None:
    sweeper.register("schedule", sweeper.jobs_due)
    with restored(sweeper._schedule, are_empty=True):
        sweeper.register_job(purge.name, every=HOUR)
        world.is_up = False
        assert world.sweep_for(2) == 0
        world.is_up = True
        assert next_turn() < timedelta(minutes=2)
        CalendarLease.objects.update(next_at=Now())
        assert world.sweep_for(2) == 1
        task_prerun.send(sender=purge)
        assert next_turn() > timedelta(minutes=59)
        assert world.sweep_for(20) == 0


def next_turn() -> timedelta:
    """Return how long until the one job is due again."""
    turn = CalendarLease.objects.get().next_at
    assert turn
    return turn - times.now()


@pytest.mark.django_db
def test_the_agenda_is_swept(world: World) -> None:
    with restored(sweeper._schedule, are_empty=True):
        sweeper.register_job("purge", every=HOUR)
        sweeper.register("schedule", sweeper.jobs_due)
        assert world.sweep_for(20) == 1
        assert world.hints == [("purge", {})]
        with pytest.raises(ValueError, match="already"):
            sweeper.register_job("purge", every=2 * HOUR)


@pytest.mark.django_db
def test_old_events_and_answers_are_thrown_away(board: Board) -> None:
    say_now("old", "old too", "new")
    Event.objects.filter(seq=2).update(at=NOON - timedelta(days=91))
    for age in (23, 25):
        created = NOON - timedelta(hours=age)
        IdempotencyRecord.objects.create(actor="key:1", key=str(age), created_at=created)

    # The first is younger than the second and goes with it: what is left has no gap.
    assert housekeeping.purge(at=NOON) == {"events": 2, "answers": 1, "sessions": 0, "logins": 0}
    assert [event.seq for event in Event.objects.all()] == [3]
    assert IdempotencyRecord.objects.get().key == "23"


@pytest.mark.django_db
def test_sessions_that_are_over_and_old_sign_ins_are_thrown_away() -> None:
    for hours in (-1, 1):
        over = NOON + timedelta(hours=hours)
        Session.objects.create(session_key=str(hours), session_data="", expire_date=over)
    for days in (89, 91):
        entry = AccessLog.objects.create(username=str(days))
        AccessLog.objects.filter(pk=entry.pk).update(attempt_time=NOON - timedelta(days=days))

    done = housekeeping.purge(at=NOON)
    assert (done["sessions"], done["logins"]) == (1, 1)
    assert Session.objects.get().session_key == "1"
    assert AccessLog.objects.get().username == "89"


@pytest.mark.django_db
def test_throwing_away_is_a_task() -> None:
    IdempotencyRecord.objects.create(actor="a", key="k", created_at=NOON - timedelta(days=9000))
    purge()
    assert not IdempotencyRecord.objects.exists()
