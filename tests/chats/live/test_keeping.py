"""Keeping the runs of a process: one that cannot be kept, and a database that is away."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from chats.live import Runtime
from chats.models import Run
from tests import factories
from tests.chats import talk
from tests.chats.live.conftest import answering
from tests.servers.waiting import until

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]

UNREADABLE = "\ud800"
"""What no database takes as a text."""


@contextmanager
def gone(table: str) -> Iterator[None]:
    """Let a table be missing meanwhile."""
    _rename(table, f"{table}_away")
    try:
        yield
    finally:
        _rename(f"{table}_away", table)


def _rename(table: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")


def kept_until(run: Run) -> datetime | None:
    return Run.objects.get(pk=run.pk).lease_until


def wait_for_another(run: Run, lease: datetime | None) -> None:
    """Wait until the run is held for longer."""
    until(lambda: kept_until(run) != lease, within=5)


@pytest.fixture
def writing(leaving: Runtime) -> Iterator[list[Run]]:
    """Yield the runs of one process, which write for long; then they are handed over."""
    talks = [factories.conversation() for _ in range(3)]
    with ExitStack() as stack:
        for conversation in talks:
            talk.say(conversation, "hello [demo:stall-mid=6]")
            stack.enter_context(answering(leaving, conversation))
        until(lambda: Run.objects.exclude(text="").count() == len(talks), within=20)
        yield list(Run.objects.order_by("id"))
        leaving.hand_over()


def test_one_that_cannot_be_kept_keeps_no_other_from_it(
    leaving: Runtime, writing: list[Run]
) -> None:
    (poor,) = [one for one in leaving._workers if one.run.pk == writing[0].pk]
    poor._output.write(UNREADABLE)
    before = [kept_until(run) for run in writing]
    for run, lease in list(zip(writing, before, strict=True))[1:]:
        wait_for_another(run, lease)
    assert kept_until(writing[0]) == before[0]
    poor._output.cut(0)
    wait_for_another(writing[0], before[0])


def test_goes_on_when_the_database_comes_back(
    leaving: Runtime, writing: list[Run], caplog: Any
) -> None:
    del leaving
    with gone("chats_run"):
        until(lambda: "3 runs could not be kept" in caplog.text, within=5)
    before = [kept_until(run) for run in writing]
    for run, lease in zip(writing, before, strict=True):
        wait_for_another(run, lease)
    assert Run.objects.filter(status=Run.Status.RUNNING, fence=1).count() == len(writing)
