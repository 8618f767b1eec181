"""Tasks of the core, and the sweeper that every worker carries."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown
from django.utils import timezone

from channels_layer import agenda, housekeeping, sweeper
from channels_layer.sweeper import SweeperThread

_threads: list[SweeperThread] = []


@shared_task(name="channels_layer.purge")
def purge() -> None:
    """Throw away what is kept no longer."""
    housekeeping.purge(at=timezone.now())


@worker_ready.connect
def start_sweeper(**kwargs: Any) -> None:
    """Sweep from this worker, too."""
    del kwargs
    thread = SweeperThread()
    thread.start()
    _threads.append(thread)


@worker_shutdown.connect
def stop_sweeper(**kwargs: Any) -> None:
    """Let the round under way end."""
    del kwargs
    while _threads:
        _threads.pop().stop()


agenda.register("channels_layer.purge", every=timedelta(hours=1))
sweeper.register("agenda", agenda.due)
