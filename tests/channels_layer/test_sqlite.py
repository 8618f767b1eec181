"""Writers on SQLite wait in turn, and not for ever."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext, override_settings

from channels_layer.models import TopicHead
from channels_layer.sqlite import base
from tests.servers.waiting import until, work_goes_on

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks rows"),
]

WRITERS = 4
TURNS = 40
MOST_BEFORE = 25
"""Others' transactions that one may wait for; by SQLite's own pauses it was hundreds."""


class Counted:
    """Writers who note how many others were served while they waited."""

    def __init__(self) -> None:
        self.done = 0
        self.waited: list[int] = []

    def write(self) -> None:
        """Write again and again, without a pause."""
        for _ in range(TURNS):
            before = self.done
            with transaction.atomic():
                self.waited.append(self.done - before)
                TopicHead.objects.update_or_create(topic="lamp", defaults={"head": self.done})
                work_goes_on(0.002)
                self.done += 1


@contextmanager
def beside(work: Callable[[], None], times: int = 1) -> Iterator[None]:
    """Do ``work`` in other threads during the block."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(60)


def test_no_writer_is_overtaken_again_and_again() -> None:
    counted = Counted()
    with beside(counted.write, WRITERS):
        pass
    assert counted.done == WRITERS * TURNS
    assert max(counted.waited) <= MOST_BEFORE


def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            held.set()
            may_go.wait(20)

    with beside(hold):
        held.wait(20)
        try:
            with pytest.raises(OperationalError, match="locked"), transaction.atomic():
                pass
        finally:
            may_go.set()
    with transaction.atomic():
        TopicHead.objects.create(topic="lamp", head=1)


def rolls_back() -> None:
    transaction.set_rollback(True)


def loses_its_connection() -> None:
    connection.close()


@pytest.mark.parametrize("end", [None, rolls_back, loses_its_connection])
def test_the_end_of_a_transaction_wakes_who_waits(
    monkeypatch: pytest.MonkeyPatch, end: Callable[[], None] | None
) -> None:
    """It would try again after a minute, and the test would have failed by then."""
    monkeypatch.setattr(base, "PAUSE_BEHIND_OWN", 60.0)
    held, may_go, done = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            held.set()
            may_go.wait(20)
            if end:
                end()

    def write() -> None:
        with transaction.atomic():
            done.set()

    with beside(hold):
        assert held.wait(20)
        with beside(write):
            until(base._turn.locked)
            may_go.set()
            assert done.wait(20)


def test_a_write_outside_a_transaction_still_waits() -> None:
    held = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            held.set()
            work_goes_on(0.3)

    with transaction.atomic():
        pass
    with beside(hold):
        held.wait(20)
        TopicHead.objects.filter(topic="lamp").update(head=2)


def test_nobody_waits_for_who_waits_for_it() -> None:
    """Whoever has the lock may drop a statement of a connection that waits for the lock."""
    statements: list[CursorWrapper] = []
    waits, has_lock = threading.Event(), threading.Event()
    wrote: list[int] = []

    def wait_and_write() -> None:
        statements.append(connection.cursor())
        statements[0].execute("SELECT 1 UNION SELECT 2")
        waits.set()
        has_lock.wait(20)
        wrote.append(TopicHead.objects.filter(topic="lamp").update(head=2))

    TopicHead.objects.create(topic="lamp", head=1)
    with beside(wait_and_write):
        waits.wait(20)
        with transaction.atomic():
            has_lock.set()
            work_goes_on(0.3)
            statements.clear()
    assert wrote == [1]


def test_a_transaction_begins_with_one_statement() -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        pass
    assert [query["sql"] for query in queries] == ["BEGIN IMMEDIATE", "COMMIT"]


def test_keeps_statements_where_it_is_asked_to_and_not_for_debug() -> None:
    with override_settings(DEBUG=True), transaction.atomic():
        before = len(connection.queries)
        TopicHead.objects.count()
        assert len(connection.queries) == before
        with CaptureQueriesContext(connection) as queries:
            TopicHead.objects.count()
        assert len(queries) == 1


def test_marks_of_values_are_told_from_what_looks_alike() -> None:
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute("SELECT %s, '100%%', %s LIKE 'a%%'", ["%s", "abc"])
            assert cursor.fetchone() == ("%s", "100%", 1)
            cursor.execute("SELECT %(word)s, '100%%'", {"word": "?"})
            assert cursor.fetchone() == ("?", "100%")
