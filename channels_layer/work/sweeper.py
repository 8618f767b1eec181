"""The sweeper: hints again at whatever is due, from every worker, so that no hint is needed.

The jobs of the schedule are due by the clock; each time one of all sweepers starts one.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import close_old_connections
from django.db.models import Q
from django.db.models.functions import Now

from channels_layer import times
from channels_layer.models import CalendarLease
from channels_layer.prepared import Prepared
from channels_layer.registry import Registry
from channels_layer.work import jobs
from channels_layer.work.jobs import Hint

logger = logging.getLogger(__name__)

Due = Callable[[datetime], Iterable[Hint]]

EVERY = 2.0
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 10.0
STOP_WAIT = 5.0

LONGEST_DELAY = timedelta(seconds=60)
"""How long after its hint a job of the schedule may begin before it is hinted at again."""

_WAITING = Prepared(
    lambda: CalendarLease.objects.filter(next_at__gt=Now()).values_list("name", flat=True)
)
_sweeps: Registry[str, Due] = Registry("sweep")
_schedule: Registry[str, timedelta] = Registry("job of the schedule")


def register(name: str, due: Due) -> None:
    """Let ``due(at)`` name the tasks and ids that are due now.

    It may name the same row in every round: what was hinted at is left alone for 2 s, then 4 s,
    at most 10 s, as long as it stays due.
    """
    _sweeps.register(name, due)


@dataclass
class Sweeper:
    """One process's memory of what it hinted at, so that it does not flood the broker."""

    hint: Callable[[str, Mapping[str, Any]], bool] = jobs.hint
    clock: Callable[[], float] = time.monotonic
    _hinted: dict[str, dict[tuple[Any, ...], tuple[float, float]]] = field(default_factory=dict)

    def sweep(self, at: datetime) -> int:
        """Hint at everything that is due; return the number of hints."""
        return sum(self._sweep_kind(name, due, at) for name, due in _sweeps.items())

    def _sweep_kind(self, name: str, due: Due, at: datetime) -> int:
        try:
            wanted = {(task, *sorted(ids.items())): (task, ids) for task, ids in due(at)}
        except Exception:
            logger.exception("The sweep %s failed", name)
            return 0
        before = self._hinted.get(name, {})
        # What is no longer due is forgotten; it begins anew should it come back.
        self._hinted[name] = {key: before[key] for key in wanted if key in before}
        return sum(self._hint(name, key, *hint) for key, hint in wanted.items())

    def _hint(self, name: str, key: tuple[Any, ...], task: str, ids: Mapping[str, Any]) -> int:
        again, pause = self._hinted[name].get(key, (0.0, FIRST_PAUSE / 2))
        if self.clock() < again or not self.hint(task, ids):
            return 0
        pause = min(pause * 2, LONGEST_PAUSE)
        self._hinted[name][key] = (self.clock() + pause, pause)
        return 1


class SweeperThread(threading.Thread):
    """Sweeps every 2 s until it is stopped."""

    def __init__(self) -> None:
        """Begin with an empty memory."""
        super().__init__(name="parley-sweeper", daemon=True)
        self._ended = threading.Event()
        self._sweeper = Sweeper()

    def stop(self) -> None:
        """End after the round under way."""
        self._ended.set()
        self.join(timeout=STOP_WAIT)

    def run(self) -> None:
        """Sweep; the database may be away for a while."""
        while not self._ended.wait(EVERY):
            close_old_connections()
            try:
                self._sweeper.sweep(times.now())
            finally:
                close_old_connections()


def register_job(task: str, *, every: timedelta) -> None:
    """Run the task named ``task``, without arguments, once per ``every``."""
    _schedule.register(task, every)


def scheduled_jobs() -> dict[str, timedelta]:
    """List the jobs with their rhythm."""
    return dict(_schedule)


def claim_job(name: str, *, every: timedelta) -> bool:
    """Take the turn of the job ``name``: true for one caller per ``every``, by database clock."""
    CalendarLease.objects.bulk_create([CalendarLease(name=name)], ignore_conflicts=True)
    turn = CalendarLease.objects.filter(Q(next_at=None) | Q(next_at__lte=Now()), name=name)
    return bool(turn.update(next_at=Now() + every))


def job_begun(name: str) -> None:
    """Put the next turn of the job ``name`` off by its rhythm, now that a worker has begun it.

    Until then its hint may have been lost, so it is due again after a minute. The name of what is
    no job of the schedule is passed over.
    """
    if every := _schedule.get(name):
        CalendarLease.objects.filter(name=name).update(next_at=Now() + every)


def jobs_due(at: datetime) -> list[Hint]:
    """Name the jobs whose turn this process could take, and take it until one has begun."""
    del at
    # Called every 2 s by every worker: write only when it can succeed.
    waiting = set(_WAITING.rows())
    waits = {
        task: min(every, LONGEST_DELAY) for task, every in _schedule.items() if task not in waiting
    }
    return [(task, {}) for task, wait in waits.items() if claim_job(task, every=wait)]
