"""Leases: who works on a row. Conditional updates by the clock of the database."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from channels_layer.models import Leased


def claim(
    model: type[Leased],
    pk: Any,
    *,
    seconds: float,
    where: Q | None = None,
    **changes: Any,
) -> int | None:
    """Take the row for ``seconds`` and give its new fence, or nothing when another has it.

    The row must fulfil ``where`` (its state) and be unleased or past its lease; ``next_at`` keeps
    nobody off. ``changes`` are written along.
    """
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    rows = model._default_manager
    with transaction.atomic():
        won = rows.filter(where or Q(), free, pk=pk).update(
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            lease_until=Now() + timedelta(seconds=seconds),
            **changes,
        )
        if not won:
            return None
        fence: int = rows.values_list("fence", flat=True).get(pk=pk)
        return fence


def renew(model: type[Leased], pk: Any, *, fence: int, seconds: float) -> bool:
    """Hold the row for ``seconds`` more; false: another took it, stop at once."""
    return _update(model, pk, fence, lease_until=Now() + timedelta(seconds=seconds))


def finish(model: type[Leased], pk: Any, *, fence: int, **changes: Any) -> bool:
    """Write ``changes`` and let go for good; false: write nothing else in this transaction."""
    return _update(model, pk, fence, lease_until=None, next_at=None, **changes)


def release(model: type[Leased], pk: Any, *, fence: int, retry_in: float, **changes: Any) -> bool:
    """Let go of the row so that the sweeper hints at it in ``retry_in`` seconds."""
    again = Now() + timedelta(seconds=retry_in)
    return _update(model, pk, fence, lease_until=None, next_at=again, **changes)


def _update(model: type[Leased], pk: Any, fence: int, **changes: Any) -> bool:
    rows = model._default_manager
    mine = rows.filter(pk=pk, fence=fence, lease_until__isnull=False)
    return bool(mine.update(**changes))
