"""The presence of Celery workers: each reports that it takes jobs."""

import logging
import threading
from collections.abc import Iterable
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from redis.exceptions import RedisError

from config import health

logger = logging.getLogger(__name__)

_stopping = threading.Event()


@worker_ready.connect
def begin(sender: Any, **_signal: Any) -> None:
    """Begin to report once the worker takes jobs."""
    queues = list(sender.app.amqp.queues.consume_from)
    arguments = (queues, sender.hostname)
    threading.Thread(target=_keep_saying, args=arguments, name="presence", daemon=True).start()


@worker_shutting_down.connect
def end(**_signal: Any) -> None:
    """Stop reporting that the worker is present."""
    _stopping.set()


def _keep_saying(queues: Iterable[str], worker: str) -> None:
    while not _stopping.is_set():
        try:
            health.say_present(queues, worker)
        except (RedisError, OSError) as error:
            logger.warning("The presence of %s could not be reported to Redis: %s", worker, error)
        _stopping.wait(health.BEAT_SECONDS)
