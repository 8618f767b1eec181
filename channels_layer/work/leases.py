"""Leases: who works on a row. Conditional updates by the clock of the database."""

import logging
import threading
from datetime import timedelta
from types import TracebackType
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from channels_layer.models import Leased

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Leased)

HELD_SECONDS = 15.0
"""How long the worker of a held row may be silent before another one takes over."""
LET_GO_PAUSE = 1.0
"""Seconds until another worker is hinted at a row that was let go of."""

_leaving = threading.Event()


class LetGoError(Exception):
    """The work stops since its worker ends: another one begins anew, and no attempt is counted."""


def claim(
    model: type[Leased],
    pk: Any,
    *,
    seconds: float,
    where: Q | None = None,
    **changes: Any,
) -> int | None:
    """Lease the row for ``seconds``; return its new fence, or None when another holds it.

    The row must fulfil ``where`` (its state) and be unleased or past its lease; ``next_at`` keeps
    nobody off. ``changes`` are written along.
    """
    fences = model._default_manager.values_list("fence", flat=True)
    with transaction.atomic():
        is_mine = _leased(model, pk, seconds, where, changes)
        fence: int | None = fences.get(pk=pk) if is_mine else None
    return fence


def claimed(
    rows: QuerySet[Row],
    pk: Any,
    *,
    seconds: float,
    where: Q | None = None,
    **changes: Any,
) -> Row | None:
    """Lease the row as ``claim`` does; return it as it is then, read by ``rows``, or None."""
    with transaction.atomic():
        is_mine = _leased(rows.model, pk, seconds, where, changes)
        return rows.get(pk=pk) if is_mine else None


def renew(model: type[Leased], pk: Any, *, fence: int, seconds: float) -> bool:
    """Hold the row for ``seconds`` more; false: another took it, stop at once."""
    return _update(model, pk, fence, lease_until=Now() + timedelta(seconds=seconds))


def finish(model: type[Leased], pk: Any, *, fence: int, **changes: Any) -> bool:
    """Write ``changes`` and let go for good; false: write nothing else in this transaction."""
    return _update(model, pk, fence, lease_until=None, next_at=None, **changes)


def release(model: type[Leased], pk: Any, *, fence: int, retry_in: float, **changes: Any) -> bool:
    """Release the row so that the sweeper hints at it in ``retry_in`` seconds."""
    again = Now() + timedelta(seconds=retry_in)
    return _update(model, pk, fence, lease_until=None, next_at=again, **changes)


class Held:
    """Holds a claimed row during a block, which finishes or releases it.

    A thread renews the lease. Whatever the block raises, the row is released, so that the sweeper
    hints at it in ``retry_in`` seconds, and the error goes on; `LetGoError` alone does not.
    """

    def __init__(
        self,
        model: type[Leased],
        pk: Any,
        *,
        fence: int,
        retry_in: float,
        seconds: float = HELD_SECONDS,
    ) -> None:
        """Hold the row claimed under ``fence`` for ``seconds`` at a time."""
        self._row = (model, pk, fence)
        self._retry_in = retry_in
        self._ended = threading.Event()
        self._keeper = threading.Thread(
            target=_keep,
            args=(model, pk, fence, seconds, self._ended),
            name="parley-lease",
            daemon=True,
        )

    def __enter__(self) -> None:
        """Begin to renew."""
        self._keeper.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Release the row if the block failed; true where the error is not to go on."""
        self._ended.set()
        self._keeper.join()
        if isinstance(error, LetGoError):
            _let_go(*self._row, LET_GO_PAUSE, attempts=F("attempts") - 1)
            return True
        if error is not None:
            _let_go(*self._row, self._retry_in)
        return False


def leave() -> None:
    """Make the long work of this process stop at its next ``may_go_on``."""
    _leaving.set()


def may_go_on() -> None:
    """Check within long work that its process is not about to end.

    :raises LetGoError: it ends.
    """
    if _leaving.is_set():
        raise LetGoError


def _leased(
    model: type[Leased], pk: Any, seconds: float, where: Q | None, changes: dict[str, Any]
) -> bool:
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    return bool(
        model._default_manager.filter(where or Q(), free, pk=pk).update(
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            lease_until=Now() + timedelta(seconds=seconds),
            **changes,
        )
    )


def _keep(model: type[Leased], pk: Any, fence: int, seconds: float, ended: threading.Event) -> None:
    """Renew the lease until the work has ended, or another worker has the row."""
    while not ended.wait(seconds / 3):
        try:
            if not renew(model, pk, fence=fence, seconds=seconds):
                return
        except DatabaseError as error:
            logger.warning("The lease of %s %s was not renewed: %s", model.__name__, pk, error)
        finally:
            connection.close()


def _let_go(model: type[Leased], pk: Any, fence: int, retry_in: float, **changes: Any) -> None:
    try:
        release(model, pk, fence=fence, retry_in=retry_in, **changes)
    except DatabaseError as error:
        logger.warning("The lease of %s %s runs out: %s", model.__name__, pk, error)


def _update(model: type[Leased], pk: Any, fence: int, **changes: Any) -> bool:
    rows = model._default_manager
    mine = rows.filter(pk=pk, fence=fence, lease_until__isnull=False)
    return bool(mine.update(**changes))
