"""Celery workers: each reports that it takes jobs, and names the job in the lines of its log."""

import logging
import threading
from collections.abc import Iterable
from typing import Any

import structlog
from celery.signals import task_postrun, task_prerun, worker_ready, worker_shutting_down
from redis.exceptions import RedisError

from config import health, memory

logger = logging.getLogger(__name__)

_stopping = threading.Event()


@task_prerun.connect
def name_job(
    task: Any = None, task_id: str = "", kwargs: dict[str, Any] | None = None, **_signal: Any
) -> None:
    """Bind the task and the ids that it was given to all lines logged meanwhile."""
    structlog.contextvars.clear_contextvars()
    ids = {name: str(value) for name, value in (kwargs or {}).items()}
    structlog.contextvars.bind_contextvars(**ids, task=task.name, task_id=task_id)


@task_postrun.connect
def forget_job(**_signal: Any) -> None:
    """Unbind them: the thread takes another job."""
    structlog.contextvars.clear_contextvars()


@worker_ready.connect
def begin(sender: Any, **_signal: Any) -> None:
    """Begin to report once the worker takes jobs; it settles beside the first of them.

    Pages and the colours of code are what answers need; other jobs load them when they do.
    """
    queues = list(sender.app.amqp.queues.consume_from)
    settle = memory.settle if "live" in queues else memory.keep
    threading.Thread(target=settle, name="settle", daemon=True).start()
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
