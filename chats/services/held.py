"""Runs that a worker holds: their lease, and their rows, found by the fence and locked."""

from datetime import timedelta

from django.db.models.functions import Now

from channels_layer.prepared import Prepared, Slot
from chats.models import LEASE_SECONDS, Run

LEASE = Now() + timedelta(seconds=LEASE_SECONDS)
"""Until when a run is held from now on, by the clock of the database."""

_HELD = Prepared(
    lambda: (
        Run.objects.select_for_update(no_key=True, of=("self",))
        .select_related("assistant")
        .filter(pk=Slot(Run, "pk"), fence=Slot(Run, "fence"))
    )
)


def locked(run: Run) -> Run | None:
    """Return the run as it is now, locked until the transaction ends; None if another has it.

    It may have ended meanwhile.
    """
    return _HELD.first(pk=run.pk, fence=run.fence)
