"""Tasks of the core, and the sweeper that every worker carries."""

from typing import Any

from celery import shared_task
from celery.signals import task_prerun, worker_ready, worker_shutdown, worker_shutting_down
from django.utils import timezone

from channels_layer.work import housekeeping, leases, sweeper
from channels_layer.work.sweeper import SweeperThread

_threads: list[SweeperThread] = []


@shared_task(name="channels_layer.purge")
def purge() -> None:
    """Delete what is past its retention time."""
    housekeeping.purge(at=timezone.now())


@task_prerun.connect
def begin(sender: Any, **kwargs: Any) -> None:
    """Record that the hint of a job of the schedule has arrived."""
    del kwargs
    sweeper.job_begun(sender.name)


@worker_ready.connect
def start_sweeper(**kwargs: Any) -> None:
    """Sweep from this worker, too."""
    del kwargs
    thread = SweeperThread()
    thread.start()
    _threads.append(thread)


@worker_shutting_down.connect
def leave(**kwargs: Any) -> None:
    """Let long work stop, so that the worker ends soon and another one begins it anew."""
    del kwargs
    leases.leave()


@worker_shutdown.connect
def stop_sweeper(**kwargs: Any) -> None:
    """Let the round under way end."""
    del kwargs
    while _threads:
        _threads.pop().stop()
