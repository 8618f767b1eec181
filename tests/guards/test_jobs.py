"""Jobs: every ``enqueue`` names a task that exists, with the arguments that it takes."""

import ast
import inspect
from collections.abc import Iterator

import pytest
from celery import current_app
from django.conf import settings

from channels_layer.work import sweeper
from tests.guards import files

QUEUES = {"live", "io", "slow"}


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """Yield every ``enqueue("name", …)`` with where it stands and the names of its arguments."""
    for path in files.modules(*files.APPS):
        for node in ast.walk(files.tree(path)):
            if not isinstance(node, ast.Call) or not _is_enqueue(node.func) or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant):
                keywords = {keyword.arg for keyword in node.keywords if keyword.arg}
                yield f"{files.shown(path)}:{node.lineno}", str(first.value), keywords


def _is_enqueue(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "enqueue"


def test_every_enqueue_names_a_task_with_its_arguments() -> None:
    found = list(calls())
    assert len(found) > 20
    assert [place for place, name, given in found if not _takes(name, given)] == []


def _takes(name: str, given: set[str]) -> bool:
    """Return whether a task of this name exists and takes what is given, with nothing missing."""
    if name not in current_app.tasks:
        return False
    parameters = inspect.signature(current_app.tasks[name].run).parameters.values()
    required = {parameter.name for parameter in parameters if parameter.default is parameter.empty}
    return required <= given <= {parameter.name for parameter in parameters}


def test_the_agenda_names_tasks_without_arguments() -> None:
    for name in sweeper.scheduled_jobs():
        assert not inspect.signature(current_app.tasks[name].run).parameters, name


def test_every_route_names_a_task_and_a_queue_that_a_worker_takes() -> None:
    for name, route in settings.CELERY_TASK_ROUTES.items():
        assert name in current_app.tasks, name
        assert route["queue"] in QUEUES


@pytest.mark.parametrize(
    "name",
    [
        "chats.title",
        "chats.write_packet",
        "chats.read_attachment",
        "conversations.fetch_media",
    ],
)
def test_what_waits_long_for_others_keeps_no_send_and_no_webhook_waiting(name: str) -> None:
    assert settings.CELERY_TASK_ROUTES[name] == {"queue": "slow"}


def test_our_tasks_are_named_after_their_app_and_take_keywords_only() -> None:
    ours = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery")}
    for name, task in ours.items():
        assert name.partition(".")[0] in files.APPS, name
        kinds = {p.kind for p in inspect.signature(task.run).parameters.values()}
        assert kinds <= {inspect.Parameter.KEYWORD_ONLY}, name
