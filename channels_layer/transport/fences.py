"""Fences: notify live workers at once that a right has moved on. They check the row besides."""

import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from django.db import transaction

from channels_layer.transport import layer_thread, outbound
from channels_layer.transport.outbound import Item
from channels_layer.transport.subscription import Subscription

logger = logging.getLogger(__name__)

Callback = Callable[[str, str], None]

FENCES = "fences"
"""The group of all live workers."""
WAIT = 2.0


def announce(kind: str, id: object) -> None:
    """Notify every live worker, after the commit, that the row ``id`` of ``kind`` changed."""
    transaction.on_commit(lambda: outbound.current().put(FENCES, [kind, str(id)]), robust=True)


def listen(callback: Callback) -> Callable[[], None]:
    """Call ``callback(kind, id)`` in the layer's thread for every announcement; it must not wait.

    Return what stops it. Outages of the layer are survived; what is announced meanwhile is lost.
    """

    def receive(_group: str, items: list[Item]) -> None:
        for kind, id_ in items:
            _call(callback, kind, id_)

    def wait_for(work: Coroutine[Any, Any, None]) -> None:
        with contextlib.suppress(TimeoutError):
            layer_thread.current().submit(work).result(WAIT)

    subscription = Subscription(receive)
    wait_for(subscription.start(FENCES))
    return lambda: wait_for(subscription.stop())


def _call(callback: Callback, kind: str, id_: str) -> None:
    try:
        callback(kind, id_)
    except Exception:
        logger.exception("A listener failed for %s %s", kind, id_)
