"""Jobs: hints after the commit; a broker that is away does no harm."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from celery import current_app, shared_task
from django.db import transaction

from channels_layer.work import jobs
from channels_layer.work.jobs import enqueue
from tests.servers import waiting

pytestmark = pytest.mark.usefixtures("transactional_db")


class Broker:
    """The task's end of the broker: what it took, or how it fails."""

    def __init__(self) -> None:
        self.took: list[dict[str, Any]] = []
        self.fails: Exception | None = None
        self.delay = 0.0

    def take(self, *, kwargs: dict[str, Any], **options: Any) -> None:
        """Stand in for ``apply_async``."""
        waiting.work_goes_on(self.delay)
        if self.fails:
            raise self.fails
        self.took.append(kwargs)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    @shared_task(name="tests.answer")
    def answer(*, conversation: str) -> None:
        """Do nothing."""

    broker = Broker()
    task = current_app.tasks["tests.answer"]
    monkeypatch.setattr(task, "apply_async", broker.take)
    monkeypatch.setattr(jobs._Broker, "closed_until", 0.0)
    yield broker
    current_app.tasks.pop("tests.answer")


def test_hints_after_the_commit(broker: Broker) -> None:
    with transaction.atomic():
        enqueue("tests.answer", conversation=UUID(int=5), number=3)
        assert broker.took == []
    assert broker.took == [{"conversation": str(UUID(int=5)), "number": 3}]


def test_a_rolled_back_job_never_was(broker: Broker) -> None:
    with transaction.atomic():
        enqueue("tests.answer", conversation="1")
        transaction.set_rollback(True)
    assert broker.took == []


def test_never_raises(broker: Broker) -> None:
    broker.fails = ConnectionError("down")
    enqueue("tests.answer", conversation="1")
    enqueue("tests.nothing", conversation="1")
    assert broker.took == []


def test_leaves_a_broker_alone_that_just_failed(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker.fails = ConnectionError("down")
    assert not jobs.hint("tests.answer", {})
    broker.fails = None
    assert not jobs.hint("tests.answer", {})
    monkeypatch.setattr(jobs._Broker, "closed_until", 0.0)
    assert jobs.hint("tests.answer", {})


def test_a_broker_that_hangs_holds_nobody_up(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LONGEST_WAIT", 0.1)
    broker.delay = 0.5
    begin = time.monotonic()
    for _ in range(5):
        enqueue("tests.answer", conversation="1")
    assert time.monotonic() - begin < 0.4
