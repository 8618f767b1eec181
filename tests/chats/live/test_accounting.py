"""Accounting: what usage rows say is what the model server says it served."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from channels_layer.access.actors import System
from chats.engine.parts import ModelRequest
from chats.live import Runtime
from chats.models import Run, RunStep, Usage
from chats.services import lost_calls, runs, usage
from chats.services.openings import next_run
from conversations.models import Conversation
from tests import factories
from tests.chats import talk
from tests.chats.live.conftest import answering
from tests.chats.servers import DemoModelServer
from tests.factories import NOON
from tests.servers.waiting import until

Json = dict[str, Any]

pytestmark = [pytest.mark.slow]


def served(demo_model: DemoModelServer) -> list[Json]:
    """Return what the server took on: the requests that it did not refuse."""
    return [entry for entry in demo_model.log() if not entry["is_refused"]]


def compare(demo_model: DemoModelServer) -> Sequence[Usage]:
    """Assert that there is a row for each request, with the server's own figures.

    A request that ended without a report is marked as estimated: it read what was sent, as we
    count it, and wrote no less than the server had written by then.
    """
    entries, rows = served(demo_model), list(Usage.objects.order_by("created_at", "id"))
    assert len(rows) == len(entries)
    reported = sorted(
        (one["usage"]["prompt_tokens"], one["usage"]["completion_tokens"])
        for one in entries
        if one["usage"]
    )
    exact = [row for row in rows if not row.is_estimated]
    assert sorted((row.input_tokens, row.output_tokens) for row in exact) == reported
    estimated = sorted(row.input_tokens for row in rows if row.is_estimated)
    assert estimated == sorted(_read(one["body"]) for one in entries if not one["usage"])
    assert all(row.cost is not None and row.price_version == "demo" for row in rows)
    assert all(row.assistant_id for row in rows)
    assert not RunStep.objects.filter(is_counted=False).exists()
    return rows


def _read(body: Json) -> int:
    return usage.tokens_of(ModelRequest("demo", body["messages"], body.get("tools", ())))


def ask(runtime: Runtime, text: str) -> Conversation:
    conversation = factories.conversation()
    talk.say(conversation, text)
    runtime.answer(conversation.pk)
    return conversation


@pytest.mark.both_databases
def test_rows_are_what_was_served(runtime: Runtime, demo_model: DemoModelServer) -> None:
    """Answers, refusals, retries, breaks and stops: a row for each request that was taken."""
    demo_model.reset()
    for text in (
        "hello",
        "hello [demo:429=1]",
        "hello [demo:500]",
        "hello [demo:cut=0]",
        "hello [demo:cut=4]",
        "hello [demo:error=4]",
        "hello [demo:no-usage]",
    ):
        ask(runtime, text)
    conversation = factories.conversation()
    talk.say(conversation, "hello [demo:endless,rate=200]")
    with answering(runtime, conversation):
        until(Run.objects.filter(conversation=conversation).exists)
        run = Run.objects.get(conversation=conversation)
        until(lambda: Run.objects.get(pk=run.pk).text)
        runs.cancel(run=run, by=System(name="Victor"), at=NOON)
    rows = compare(demo_model)
    assert sum(row.is_estimated for row in rows) == 3 + 1 + 1 + 1 + 1


def test_each_step_with_tools_is_counted(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    demo_model.reset()
    talk.teach(conversation)
    talk.say(conversation, "How long may I return a lamp? [demo:think-aloud]")
    runtime.answer(conversation.pk)
    assert len(compare(demo_model)) == 2


@pytest.mark.both_databases
def test_the_call_of_a_killed_worker_is_counted(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    """The worker is gone in the middle of its stream; the next one counts what it had read."""
    demo_model.reset()
    talk.say(conversation, "hello [demo:endless,rate=100]")
    thread = Thread(target=runtime.answer, args=[conversation.pk])
    thread.start()
    until(Run.objects.filter(conversation=conversation).exists)
    run = Run.objects.get(conversation=conversation)
    shown = until(lambda: Run.objects.get(pk=run.pk).text)
    _die(run)
    thread.join(10)
    with answering(runtime, conversation):
        until(lambda: len(demo_model.log()) == 2)
        runs.cancel(run=run, by=System(name="Victor"), at=NOON)
    rows = compare(demo_model)
    assert rows[0].output_tokens >= len(shown) // 3


def test_a_run_that_ended_without_its_worker_is_counted_later(
    runtime: Runtime, conversation: Conversation
) -> None:
    talk.say(conversation, "hello")
    run = next_run(conversation_id=conversation.pk, at=NOON).run
    assert run
    Run.objects.filter(pk=run.pk).update(status="superseded", ended_at=NOON, text="Hello, Vic")
    assert list(lost_calls.due(NOON)) == []
    later = NOON + 2 * lost_calls.PATIENCE
    ((task, ids),) = lost_calls.due(later)
    assert (task, ids) == (lost_calls.TASK, {"run": str(run.pk)})
    run = Run.objects.select_related("assistant", "conversation").get(pk=run.pk)
    assert [lost_calls.count(run=run, at=later) for _ in range(2)] == [True, False]
    row = Usage.objects.get()
    assert row.is_estimated
    assert row.input_tokens > row.output_tokens > 0
    assert list(lost_calls.due(later)) == []


def test_an_unknown_price_is_no_zero(
    runtime: Runtime, demo_model: DemoModelServer, settings: Settings
) -> None:
    settings.IS_DEMO_MODEL = False
    settings.LLM_MODEL = settings.LLM_VISION_MODEL = "our-own-llama"
    ask(runtime, "hello")
    row = Usage.objects.get()
    assert (row.cost, row.price_version) == (None, "")


def _die(run: Run) -> None:
    """Let the worker of ``run`` be gone: it neither holds the run nor may write any more."""
    gone = Now() - timedelta(seconds=1)
    Run.objects.filter(pk=run.pk).update(fence=run.fence + 1, lease_until=gone)
