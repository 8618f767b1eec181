"""Jobs: hints after the commit; a broker that is away does no harm."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from celery import current_app, shared_task
from django.db import transaction
from kombu.connection import Connection

from channels_layer.work import jobs
from channels_layer.work.jobs import enqueue
from tests.servers import waiting

pytestmark = pytest.mark.usefixtures("transactional_db")

TASK = "tests.answer"


class Broker:
    """What a courier hands its hints to: what was taken, or how it fails."""

    def __init__(self) -> None:
        self.took: list[dict[str, Any]] = []
        self.fails: Exception | None = None
        self.is_well = threading.Event()
        self.is_well.set()

    def take(self, name: str, kwargs: dict[str, Any]) -> None:
        """Stand in for a courier's way of sending."""
        assert name == TASK
        assert self.is_well.wait(10)
        if self.fails:
            raise self.fails
        self.took.append(kwargs)


@pytest.fixture(autouse=True)
def task() -> Iterator[None]:
    @shared_task(name=TASK)
    def answer(*, conversation: str) -> None:
        """Do nothing."""

    yield
    current_app.tasks.pop(TASK)


@pytest.fixture(autouse=True)
def as_at_first(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin with couriers of the test's own, and a broker that did not fail yet."""
    monkeypatch.setattr(jobs._Broker, "closed_until", 0.0)
    monkeypatch.setattr(jobs._Broker, "room", threading.BoundedSemaphore(jobs.MOST_UNDERWAY))
    jobs._couriers.cache_clear()
    yield
    jobs._couriers().shutdown()
    jobs._couriers.cache_clear()


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    broker = Broker()
    monkeypatch.setattr(jobs._Courier, "send", staticmethod(broker.take))
    yield broker
    broker.is_well.set()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LONGEST_WAIT", 0.1)


def all_delivered() -> None:
    """Wait until every hint so far was sent or given up."""
    jobs._couriers().shutdown()
    jobs._couriers.cache_clear()


class Failures:
    """How many hints were counted as not taken since."""

    def __init__(self) -> None:
        self._before = self._all()

    def _all(self) -> float:
        return sum(sample.value for sample in next(iter(jobs.FAILED.collect())).samples[:1])

    def count(self) -> int:
        return int(self._all() - self._before)


def test_hints_after_the_commit(broker: Broker) -> None:
    with transaction.atomic():
        enqueue(TASK, conversation=UUID(int=5), number=3)
        all_delivered()
        assert broker.took == []
    all_delivered()
    assert broker.took == [{"conversation": str(UUID(int=5)), "number": 3}]


def test_a_rolled_back_job_never_was(broker: Broker) -> None:
    with transaction.atomic():
        enqueue(TASK, conversation="1")
        transaction.set_rollback(True)
    all_delivered()
    assert broker.took == []


def test_never_raises(broker: Broker) -> None:
    broker.fails = ConnectionError("down")
    failures = Failures()
    enqueue(TASK, conversation="1")
    enqueue("tests.nothing", conversation="1")
    all_delivered()
    assert broker.took == []
    assert failures.count() == 1


def test_leaves_a_broker_alone_that_just_failed(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker.fails = ConnectionError("down")
    failures = Failures()
    assert not jobs.hint(TASK, {})
    broker.fails = None
    assert not jobs.hint(TASK, {})
    enqueue(TASK, conversation="1")
    assert failures.count() == 3
    monkeypatch.setattr(jobs._Broker, "closed_until", 0.0)
    assert jobs.hint(TASK, {})
    assert failures.count() == 3


def test_nobody_waits_for_a_broker_that_hangs(broker: Broker) -> None:
    broker.is_well.clear()
    for number in range(jobs.COURIERS + 3):
        enqueue(TASK, conversation=str(number))
    assert broker.took == []
    broker.is_well.set()
    all_delivered()
    assert sorted(one["conversation"] for one in broker.took) == [*"0123456"]


def test_who_needs_the_answer_waits_for_a_second_at_most(broker: Broker, impatient: None) -> None:
    broker.is_well.clear()
    failures = Failures()
    assert not jobs.hint(TASK, {})
    assert jobs._is_closed()
    broker.is_well.set()
    all_delivered()
    # It was taken after all, and counted once, as late.
    assert broker.took == [{}]
    assert failures.count() == 1


def test_a_hint_whose_sender_has_given_up_is_not_sent_later(
    broker: Broker, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker.is_well.clear()
    for number in range(jobs.COURIERS):
        enqueue(TASK, conversation=str(number))
    failures = Failures()
    assert not jobs.hint(TASK, {"conversation": "given up"})
    assert failures.count() == 1
    monkeypatch.setattr(jobs._Broker, "closed_until", 0.0)
    broker.is_well.set()
    all_delivered()
    assert {"conversation": "given up"} not in broker.took


def test_a_late_hint_is_counted(broker: Broker, impatient: None) -> None:
    broker.is_well.clear()
    failures = Failures()
    enqueue(TASK, conversation="1")
    waiting.work_goes_on(0.15)
    broker.is_well.set()
    all_delivered()
    assert broker.took == [{"conversation": "1"}]
    assert failures.count() == 1


def test_refuses_and_counts_what_finds_no_room(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs._Broker, "room", threading.BoundedSemaphore(2))
    broker.is_well.clear()
    failures = Failures()
    for number in range(5):
        enqueue(TASK, conversation=str(number))
    assert failures.count() == 3
    broker.is_well.set()
    all_delivered()
    assert len(broker.took) == 2
    monkeypatch.setattr(jobs._Broker, "closed_until", 0.0)
    assert jobs.hint(TASK, {})


def test_what_waits_behind_a_failure_is_given_up_and_counted(broker: Broker) -> None:
    broker.is_well.clear()
    broker.fails = ConnectionError("down")
    failures = Failures()
    for number in range(jobs.COURIERS + 20):
        enqueue(TASK, conversation=str(number))
    broker.is_well.set()
    all_delivered()
    assert failures.count() == jobs.COURIERS + 20


def test_a_courier_keeps_its_connection_until_something_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[Connection] = []
    is_down = False

    def connection_for_write() -> Connection:
        opened.append(Connection("memory://localhost/"))
        return opened[-1]

    def send_task(name: str, *, kwargs: dict[str, Any], producer: Any, **options: bool) -> None:
        assert (name, kwargs) == (TASK, {"conversation": "1"})
        assert options == {"retry": False, "ignore_result": True}
        assert producer.channel.connection.client is opened[-1]
        if is_down:
            message = "down"
            raise ConnectionError(message)

    app = current_app._get_current_object()
    monkeypatch.setattr(app, "connection_for_write", connection_for_write)
    monkeypatch.setattr(app, "send_task", send_task)
    courier = jobs._Courier()
    for _ in range(3):
        courier.send(TASK, {"conversation": "1"})
    assert len(opened) == 1
    is_down = True
    with pytest.raises(ConnectionError):
        courier.send(TASK, {"conversation": "1"})
    is_down = False
    courier.send(TASK, {"conversation": "1"})
    assert len(opened) == 2


def test_what_is_sent_is_what_the_task_itself_would_send() -> None:
    sent: list[tuple[dict[str, Any], Any]] = []
    with current_app.connection_for_write() as connection:
        queue = connection.SimpleQueue(str(current_app.conf.task_default_queue))
        queue.clear()
        assert jobs.hint(TASK, {"conversation": "1"})
        current_app.tasks[TASK].apply_async(kwargs={"conversation": "1"})
        for _ in range(2):
            message = queue.get(timeout=5)
            message.ack()
            own = ("id", "root_id")
            headers = {name: what for name, what in message.headers.items() if name not in own}
            sent.append((headers, message.payload))
        queue.close()
    assert sent[0] == sent[1]
    assert sent[0][0]["task"] == TASK
