"""Threads for the database: bounded, tried again where the database was away, and closed."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError

from channels_layer.work.threads import DatabaseThreads


class Work:
    """Fails with the errors given, one after the other, then answers."""

    def __init__(self, *errors: DatabaseError) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self, word: str) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return word


def in_threads(work: Callable[[DatabaseThreads], Awaitable[Any]], size: int = 2) -> Any:
    threads = DatabaseThreads(size, name="parley-test", pauses=(0, 0))

    async def run() -> Any:
        try:
            return await work(threads)
        finally:
            await threads.close()

    return asyncio.run(run())


def test_what_the_database_did_not_take_is_tried_again() -> None:
    work = Work(OperationalError("away"), OperationalError("away"))

    assert in_threads(lambda threads: threads.run(work, "done")) == "done"
    assert work.calls == 3


def test_it_fails_after_the_last_try() -> None:
    work = Work(*(OperationalError("away") for _ in range(3)))

    with pytest.raises(OperationalError):
        in_threads(lambda threads: threads.run(work, "done"))


@pytest.mark.parametrize("way", ["run", "run_once"])
def test_an_error_of_the_work_is_not_tried_again(way: str) -> None:
    work = Work(IntegrityError("twice") if way == "run" else OperationalError("away"))

    with pytest.raises(DatabaseError):
        in_threads(lambda threads: getattr(threads, way)(work, "done"))
    assert work.calls == 1


def test_no_more_work_at_once_than_threads() -> None:
    gate = threading.Barrier(2, timeout=5)
    names: set[str] = set()

    def work() -> None:
        names.add(threading.current_thread().name)
        gate.wait()

    async def all_of(threads: DatabaseThreads) -> None:
        await asyncio.gather(*(threads.run(work) for _ in range(6)))

    in_threads(all_of)
    assert len(names) == 2


def test_a_later_call_starts_anew() -> None:
    async def twice(threads: DatabaseThreads) -> str:
        await threads.run(Work(), "first")
        await threads.close()
        return await threads.run(Work(), "second")

    assert in_threads(twice) == "second"
    assert not [one for one in threading.enumerate() if one.name.startswith("parley-test")]
