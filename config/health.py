"""Health for load balancers and operators: is the process alive, is the whole ready."""

import asyncio
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.core.cache import cache as shared_cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from health_check.base import HealthCheck
from health_check.checks import Database
from health_check.exceptions import ServiceUnavailable
from redis.exceptions import RedisError

QUEUES = ("live", "io", "slow")
# A worker reports every 2 s that it is present; after three missed reports it is gone.
BEAT_SECONDS = 2
SILENCE_SECONDS = 6

_stopping = threading.Event()


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """``GET /health/live``: the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
async def ready(_request: HttpRequest) -> JsonResponse:
    """``GET /health/ready``: each dependency by name; 503 while one of them is missing."""
    checks = _checks()
    results = await asyncio.gather(*(check.get_result() for check in checks.values()))
    states = {
        name: "ok" if result.error is None else str(result.error)
        for name, result in zip(checks, results, strict=True)
    }
    if _stopping.is_set():
        states["process"] = "stopping"
    is_ready = all(state == "ok" for state in states.values())
    body = {"status": "ok" if is_ready else "unavailable", "dependencies": states}
    return JsonResponse(body, status=200 if is_ready else 503)


def begin_to_stop() -> None:
    """Report from now on that this process is not ready: it finishes its requests, and ends."""
    _stopping.set()


def is_stopping() -> bool:
    """Return whether this process finishes its requests, and ends."""
    return _stopping.is_set()


def say_present(queues: Iterable[str], worker: str) -> None:
    """Record that ``worker`` takes jobs from ``queues``; forgotten after ``SILENCE_SECONDS``."""
    keys = {_key(queue): worker for queue in queues}
    shared_cache.set_many(keys, timeout=SILENCE_SECONDS)


@dataclass
class Redis(HealthCheck):
    """Redis answers; it carries the live layer, the jobs and the shared cache."""

    def run(self) -> None:
        """Read a key."""
        _present()


@dataclass
class Workers(HealthCheck):
    """Every queue has a worker."""

    def run(self) -> None:
        """Check which workers have reported lately."""
        present = _present()
        missing = [queue for queue in QUEUES if _key(queue) not in present]
        if missing:
            message = f"no worker for {', '.join(missing)}"
            raise ServiceUnavailable(message)


@dataclass
class Migrations(HealthCheck):
    """The database has the tables that the code expects."""

    def run(self) -> None:
        """Compare the migrations on disk with those applied."""
        if not _is_migrated():
            _is_migrated.cache_clear()
            raise ServiceUnavailable("migrations are missing: run manage.py migrate")


def _checks() -> dict[str, HealthCheck]:
    return {
        "database": Database(),
        "migrations": Migrations(),
        "redis": Redis(),
        "workers": Workers(),
    }


def _key(queue: str) -> str:
    return f"worker:{queue}"


def _present() -> dict[str, str]:
    try:
        found: dict[str, str] = shared_cache.get_many([_key(queue) for queue in QUEUES])
    except (RedisError, OSError) as error:
        raise ServiceUnavailable("redis does not answer") from error
    return found


@cache
def _is_migrated() -> bool:
    """Return whether all migrations are applied; true for good, for tables do not go away."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    finally:
        connection.close()
