"""Workers: the lines of their log name the job."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from celery import Task, current_app

from channels_layer.work.threads import DatabaseThreads
from config import worker

assert worker.name_job

seen: dict[str, Any] = {}


@pytest.fixture
def look() -> Iterator[Task]:
    """Return a task that keeps what its log lines would carry."""
    seen.clear()

    @current_app.task(name="tests.look")
    def keep(**_ids: str) -> None:
        seen.update(structlog.contextvars.get_contextvars())

    yield keep
    current_app.tasks.pop("tests.look")


def test_lines_of_a_job_carry_its_ids(look: Task) -> None:
    done = look.apply(kwargs={"run": "0197", "conversation": "0198"})
    expected = {"run": "0197", "conversation": "0198", "task": "tests.look", "task_id": done.id}
    assert seen == expected
    assert structlog.contextvars.get_contextvars() == {}


async def test_lines_of_threads_carry_what_the_loop_s_do() -> None:
    threads = DatabaseThreads(1, name="test")
    with structlog.contextvars.bound_contextvars(run="0197"):
        assert await threads.run(structlog.contextvars.get_contextvars) == {"run": "0197"}
    assert await threads.run(structlog.contextvars.get_contextvars) == {}
    await threads.close()
