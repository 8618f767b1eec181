"""Jobs: hints to the workers that a row wants work, sent after the commit."""

import logging
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import transaction
from prometheus_client import Counter

logger = logging.getLogger(__name__)

FAILED = Counter("parley_hints_failed_total", "Hints that the broker did not take within a second")

Hint = tuple[str, Mapping[str, Any]]
"""The name of a task, and the ids of the row that wants it."""

LONGEST_WAIT = 1.0
PAUSE = 2.0
COURIERS = 4
MOST_UNDERWAY = 256
"""Hints that are not taken yet; where there are so many the broker hangs."""


class _Broker:
    """Whether the broker takes hints: after a failure it is left alone for a while."""

    closed_until = 0.0
    room = threading.BoundedSemaphore(MOST_UNDERWAY)


def enqueue(name: str, /, **ids: UUID | str | int) -> None:
    """Hint the task ``name`` at the rows ``ids`` after the commit; waits for nobody, never raises.

    A hint may be lost, doubled or late: the sweeper hints again at whatever is due.
    """
    kwargs = {key: str(value) if isinstance(value, UUID) else value for key, value in ids.items()}
    transaction.on_commit(partial(_hand_over, name, kwargs), robust=True)


def hint(name: str, kwargs: Mapping[str, Any]) -> bool:
    """Send the hint now; return whether the broker took it. Waits at most 1 s."""
    handed = _hand_over(name, dict(kwargs))
    if handed is None:
        return False
    try:
        return handed.result(timeout=LONGEST_WAIT)
    except TimeoutError as error:
        # Its courier counts it once it knows more; who never had one is counted here.
        if handed.cancel():
            _fail(name, error)
        else:
            _leave_alone()
        return False


def _hand_over(name: str, kwargs: dict[str, Any]) -> "Future[bool] | None":
    """Give a hint to a courier; None where it is not for the broker now."""
    if name not in current_app.tasks:
        logger.error("No task is named %s", name)
        return None
    if _is_closed():
        FAILED.inc()
        return None
    room = _Broker.room
    if not room.acquire(blocking=False):
        _fail(name, TimeoutError(f"{MOST_UNDERWAY} hints wait to be taken."))
        return None
    handed = _couriers().submit(_deliver, name, kwargs, time.monotonic())
    handed.add_done_callback(lambda _handed: room.release())
    return handed


def _deliver(name: str, kwargs: dict[str, Any], since: float) -> bool:
    """Send a hint; one that waited while another one failed is given up as well."""
    if _is_closed():
        FAILED.inc()
        return False
    try:
        _courier.send(name, kwargs)
    except Exception as error:  # noqa: BLE001 - whatever the client raises, the work goes on
        _fail(name, error)
        return False
    seconds = time.monotonic() - since
    if seconds > LONGEST_WAIT:
        FAILED.inc()
        logger.warning("The broker took %s after %.1f s", name, seconds)
    return True


class _Courier(threading.local):
    """What a thread sends hints by: a connection that it keeps until something fails.

    Celery's own pool makes its way to a connection for each message, which costs as much again.
    """

    connection: Any = None
    producer: Any = None

    def send(self, name: str, kwargs: dict[str, Any]) -> None:
        """Send a hint; raise where the broker does not take it."""
        try:
            if self.connection is None:
                self._connect()
            options = {"producer": self.producer, "retry": False, "ignore_result": True}
            current_app.send_task(name, kwargs=kwargs, **options)  # noqa: TID251 - enqueue's end
        except Exception:
            self._disconnect()
            raise

    def _connect(self) -> None:
        """Connect now; left to itself, Celery would try until the broker is there."""
        self.connection = current_app.connection_for_write()
        self.connection.connect()
        self.producer = current_app.amqp.Producer(self.connection.channel())

    def _disconnect(self) -> None:
        connection, self.connection, self.producer = self.connection, None, None
        with suppress(Exception):
            connection.release()


def _is_closed() -> bool:
    return time.monotonic() < _Broker.closed_until


def _leave_alone() -> None:
    _Broker.closed_until = time.monotonic() + PAUSE


def _fail(name: str, error: Exception) -> None:
    FAILED.inc()
    _leave_alone()
    logger.warning("The broker did not take %s: %r", name, error)


_courier = _Courier()


@cache
def _couriers() -> ThreadPoolExecutor:
    # A broker that hangs must not hold up a request.
    return ThreadPoolExecutor(COURIERS, thread_name_prefix="parley-hint")


def _renew() -> None:
    _couriers.cache_clear()
    _Broker.room = threading.BoundedSemaphore(MOST_UNDERWAY)


os.register_at_fork(after_in_child=_renew)
