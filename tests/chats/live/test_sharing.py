"""What the runs of one process share: its stop, its threads; and the bill of what is cut short."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from channels_layer.access.actors import Staff
from chats.live import Runtime
from chats.models import Run, Usage
from chats.tools import registry
from conversations.models import Conversation
from conversations.services.messages import Draft, post
from tests import factories
from tests.chats import talk
from tests.chats.live.conftest import answering
from tests.chats.live.test_death import die
from tests.chats.servers import DemoModelServer
from tests.registries import replaced
from tests.servers.waiting import until

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]

QUESTION = "How long may I return a lamp?"


@pytest.fixture
def by(db: None) -> Staff:
    return factories.staff(factories.person("alice"))


def test_a_run_that_came_back_to_its_process_is_handed_over_too(
    leaving: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "hello [demo:endless,rate=20]")
    with answering(leaving, conversation):
        until(demo_model.log, within=20)
        run = Run.objects.get()
        Run.objects.filter(pk=run.pk).update(fence=run.fence + 1)
        die(run)
        with answering(leaving, conversation):
            until(lambda: len(demo_model.log()) == 2, within=20)
            until(lambda: demo_model.log()[0]["closed"], within=20)
            leaving.hand_over()
    run.refresh_from_db()
    assert (run.attempt, run.status, run.lease_until) == (2, "running", None)


def test_tools_have_threads_of_their_own(runtime: Runtime, conversation: Conversation) -> None:
    """However slow they are, the leases are kept beside."""
    used: list[str] = []

    def slow(context: Any, arguments: Any) -> list[str]:
        del context, arguments
        used.append(threading.current_thread().name)
        return []

    talk.teach(conversation)
    talk.say(conversation, QUESTION)
    tool = registry._tools["search_knowledge"]
    with replaced(registry._tools, tool.name, replace(tool, handler=slow)):
        runtime.answer(conversation.pk)
    assert used
    assert {name.startswith("parley-tool") for name in used} == {True}


def test_what_a_person_cut_short_is_paid(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer, by: Staff
) -> None:
    talk.say(conversation, "hello [demo:stall-mid=6]")
    with answering(runtime, conversation):
        until(Run.objects.exclude(text="").exists, within=20)
        post(conversation=conversation, by=by, draft=Draft(text="I am here"), at=factories.NOON)
    assert Run.objects.get().reason == "superseded"
    usage = Usage.objects.get(purpose="answer")
    assert usage.is_estimated
    assert usage.output_tokens


def test_what_another_worker_begins_again_is_paid_twice(
    runtime: Runtime, leaving: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "hello [demo:rate=100]")
    with answering(leaving, conversation):
        until(lambda: demo_model.log() and demo_model.last()["tokens"] > 3)
        leaving.hand_over()
    assert Usage.objects.get().is_estimated
    runtime.answer(conversation.pk)
    assert Usage.objects.filter(purpose="answer").count() == 2


@pytest.mark.parametrize("model", ["demo", "demo:cut=3"])
def test_a_summary_is_paid_whether_it_was_finished_or_not(
    runtime: Runtime, conversation: Conversation, settings: Settings, model: str
) -> None:
    settings.LLM_MODEL, settings.LLM_UTILITY_MODEL = "demo", model
    for _ in range(20):
        talk.say(conversation, "lamp " * 1900)
    runtime.answer(conversation.pk)
    assert Run.objects.get().reason == "stop"
    usage = Usage.objects.get(purpose="summary")
    assert usage.output_tokens
    assert usage.is_estimated == (model != "demo")
