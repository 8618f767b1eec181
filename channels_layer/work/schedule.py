"""The schedule: jobs of the calendar, each time started by one of all sweepers."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Now

from channels_layer.models import CalendarLease
from channels_layer.registry import Registry

LONGEST_WAIT = timedelta(seconds=60)
"""How long after its hint a job may begin before it is hinted at again."""

_jobs: Registry[str, timedelta] = Registry("job of the schedule")


def register(task: str, *, every: timedelta) -> None:
    """Run the task named ``task``, without arguments, once per ``every``."""
    _jobs.register(task, every)


def jobs() -> dict[str, timedelta]:
    """List the jobs with their rhythm."""
    return dict(_jobs)


def claim(name: str, *, every: timedelta) -> bool:
    """Take the turn of the job ``name``: true for one caller per ``every``, by database clock."""
    # Called every 2 s by every worker: write only when it can succeed.
    if CalendarLease.objects.filter(name=name, next_at__gt=Now()).exists():
        return False
    CalendarLease.objects.bulk_create([CalendarLease(name=name)], ignore_conflicts=True)
    turn = CalendarLease.objects.filter(Q(next_at=None) | Q(next_at__lte=Now()), name=name)
    return bool(turn.update(next_at=Now() + every))


def begun(name: str) -> None:
    """Put the next turn of the job ``name`` off by its rhythm, now that a worker has begun it.

    Until then its hint may have been lost, so it is due again after a minute. The name of what is
    no job of the schedule is passed over.
    """
    if every := _jobs.get(name):
        CalendarLease.objects.filter(name=name).update(next_at=Now() + every)


def due(at: datetime) -> list[tuple[str, dict[str, str]]]:
    """Name the jobs whose turn this process could take, and take it until one has begun."""
    del at
    waits = {task: min(every, LONGEST_WAIT) for task, every in _jobs.items()}
    return [(task, {}) for task, wait in waits.items() if claim(task, every=wait)]
