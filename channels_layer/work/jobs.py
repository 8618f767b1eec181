"""Jobs: hints to the workers that a row wants work, sent after the commit."""

import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any
from uuid import UUID

from celery import current_app
from celery.exceptions import NotRegistered
from django.db import transaction
from prometheus_client import Counter

logger = logging.getLogger(__name__)

FAILED = Counter("parley_hints_failed_total", "Hints that the broker did not take")

Hint = tuple[str, Mapping[str, Any]]
"""The name of a task, and the ids of the row that wants it."""

LONGEST_WAIT = 1.0
PAUSE = 2.0


class _Broker:
    """Whether the broker takes hints: after a failure it is left alone for a while."""

    closed_until = 0.0


def enqueue(name: str, /, **ids: UUID | str | int) -> None:
    """Hint the task ``name`` at the rows ``ids`` after the commit; never raises.

    A hint may be lost, doubled or late: the sweeper hints again at whatever is due.
    """
    kwargs = {key: str(value) if isinstance(value, UUID) else value for key, value in ids.items()}
    transaction.on_commit(lambda: _hint_quietly(name, kwargs), robust=True)


def hint(name: str, kwargs: Mapping[str, Any]) -> bool:
    """Send the hint now; return whether the broker took it. Waits at most 1 s."""
    if time.monotonic() < _Broker.closed_until:
        FAILED.inc()
        return False
    try:
        task = current_app.tasks[name]
    except NotRegistered:
        logger.error("No task is named %s", name)  # noqa: TRY400 - the trace adds nothing
        return False
    if current_app.conf.task_always_eager:
        task.apply_async(kwargs=dict(kwargs))
        return True
    return _delivered(task, dict(kwargs))


def _hint_quietly(name: str, kwargs: Mapping[str, Any]) -> None:
    hint(name, kwargs)


def _delivered(task: Any, kwargs: dict[str, Any]) -> bool:
    try:
        future = _courier().submit(task.apply_async, kwargs=kwargs, retry=False)
        future.result(timeout=LONGEST_WAIT)
    except Exception as error:  # noqa: BLE001 - whatever the client raises, the work goes on
        FAILED.inc()
        _Broker.closed_until = time.monotonic() + PAUSE
        logger.warning("The broker did not take %s: %r", task.name, error)
        return False
    return True


@cache
def _courier() -> ThreadPoolExecutor:
    # A broker that hangs must not hold up a request: the sender waits on this thread, briefly.
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="parley-hint")
