"""The agenda: jobs of the calendar, each time started by one of all sweepers."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Now

from channels_layer.models import CalendarLease

_jobs: dict[str, timedelta] = {}


def register(task: str, *, every: timedelta) -> None:
    """Run the task named ``task``, without arguments, once per ``every``."""
    if _jobs.setdefault(task, every) != every:
        message = f"The job {task!r} is on the agenda already."
        raise ValueError(message)


def jobs() -> dict[str, timedelta]:
    """List the jobs with their rhythm."""
    return dict(_jobs)


def claim(name: str, *, every: timedelta) -> bool:
    """Take the turn of the job ``name``: true for one caller per ``every``, by database clock."""
    # Asked every 2 s by every worker: a write only when it can succeed.
    if CalendarLease.objects.filter(name=name, next_at__gt=Now()).exists():
        return False
    CalendarLease.objects.bulk_create([CalendarLease(name=name)], ignore_conflicts=True)
    turn = CalendarLease.objects.filter(Q(next_at=None) | Q(next_at__lte=Now()), name=name)
    return bool(turn.update(next_at=Now() + every))


def due(at: datetime) -> list[tuple[str, dict[str, str]]]:
    """Name the jobs whose turn this process could take."""
    del at
    return [(task, {}) for task, every in _jobs.items() if claim(task, every=every)]
