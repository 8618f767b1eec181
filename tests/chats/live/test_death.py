"""Death of a worker: another one goes on with the same run."""

import time
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from channels_layer.transport import stream
from chats.live import Runtime
from chats.models import Run
from chats.services import chats, due, endings, journal
from chats.services.endings import APOLOGY, Result
from chats.services.openings import next_run
from chats.tools.registry import LostRunError
from conversations.models import Conversation
from tests.chats import talk
from tests.chats.live.conftest import Audience, answering
from tests.chats.servers import DemoModelServer
from tests.factories import NOON
from tests.servers.waiting import until

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]


def begun(conversation: Conversation, text: str = "") -> Run:
    """Return a run whose worker died after it had shown ``text``."""
    run = next_run(conversation_id=conversation.pk, at=NOON).run
    assert run
    die(run, text)
    return run


def die(run: Run, text: str = "") -> None:
    """Let the worker of ``run`` be gone for longer than its lease."""
    Run.objects.filter(pk=run.pk).update(lease_until=Now() - timedelta(seconds=1), text=text)


def test_is_taken_over_under_the_same_id(
    runtime: Runtime, conversation: Conversation, audience: Audience
) -> None:
    talk.say(conversation, "hello")
    run = begun(conversation, "Hello, Vic")
    assert list(due.abandoned(runtime.clock())) == [
        ("chats.answer", {"conversation": str(conversation.pk)})
    ]
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    until(lambda: audience.staff[-1]["type"] == "end")
    assert answer.run_id == run.pk
    assert Run.objects.get().attempt == 2
    assert {chunk["attempt"] for chunk in audience.chunks()} == {2}
    assert audience.chunks()[0]["snapshot"] is True
    assert audience.text() == answer.text
    assert talk.types(conversation).count("run.started") == 1
    assert talk.types(conversation).count("end") == 1


def test_goes_on_from_the_last_finished_step(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.teach(conversation)
    talk.say(conversation, "How long may I return a lamp? [demo:think-aloud,rate=100]")
    with answering(runtime, conversation):
        until(lambda: len(demo_model.log()) == 2)
        run = Run.objects.get()
        Run.objects.filter(pk=run.pk).update(fence=run.fence + 1)
        die(run)
    demo_model.reset()
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    assert answer.text.startswith("Let me look that up for you.\n\nAccording to “Returns”")
    assert len(demo_model.log()) == 1
    assert talk.types(conversation).count("tool_call") == 1


def test_fences_off_a_worker_that_comes_back(runtime: Runtime, conversation: Conversation) -> None:
    talk.say(conversation, "hello")
    zombie = begun(conversation)
    runtime.answer(conversation.pk)
    with pytest.raises(LostRunError):
        endings.finish(run=zombie, result=Result("stop", "I am back"), at=NOON)
    assert not journal.check(run=zombie).is_mine
    assert len(talk.messages(conversation)) == 1


def test_gives_up_after_three_attempts(runtime: Runtime, conversation: Conversation) -> None:
    talk.say(conversation, "hello")
    run = begun(conversation, "Hello, Vic")
    Run.objects.filter(pk=run.pk).update(attempt=3)
    runtime.answer(conversation.pk)
    run.refresh_from_db()
    (answer,) = talk.messages(conversation)
    assert (run.reason, run.error) == ("interrupted", "attempts")
    assert (answer.text, answer.error) == ("Hello, Vic", "interrupted")
    conversation.refresh_from_db()
    assert conversation.control == "requested"


def test_never_leaves_the_customer_without_a_word(
    runtime: Runtime, conversation: Conversation
) -> None:
    talk.say(conversation, "hello")
    run = begun(conversation)
    Run.objects.filter(pk=run.pk).update(attempt=3)
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    assert answer.text == APOLOGY


def test_leaves_a_living_worker_alone(
    runtime: Runtime, leaving: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "hello [demo:rate=100]")
    with answering(leaving, conversation):
        until(demo_model.log)
        runtime.answer(conversation.pk)
    assert len(demo_model.log()) == 1
    assert Run.objects.get().attempt == 1


def test_hands_its_runs_over_when_it_is_stopped(
    runtime: Runtime, leaving: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "hello [demo:rate=100]")
    with answering(leaving, conversation):
        until(lambda: demo_model.log() and demo_model.last()["tokens"] > 3)
        start = time.monotonic()
        leaving.hand_over()
    assert time.monotonic() - start < 0.5
    run = Run.objects.get()
    assert (run.status, run.lease_until) == ("running", None)
    runtime.answer(conversation.pk)
    run.refresh_from_db()
    (answer,) = talk.messages(conversation)
    assert (run.attempt, run.reason, run.text) == (2, "stop", answer.text)


def test_stores_the_text_and_holds_the_lease_while_it_writes(
    leaving: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "hello [demo:stall-mid=6]")
    with answering(leaving, conversation):
        until(lambda: Run.objects.exclude(text="").exists(), within=3)
        run = Run.objects.get()
        assert run.first_token_at
        held = stream.read(run.pk)
        assert held
        assert held.text.startswith(run.text)
        lease = run.lease_until
        until(lambda: Run.objects.get().lease_until != lease, within=3)
        leaving.hand_over()


@pytest.mark.parametrize("way", ["lost", "deleted"])
def test_forgets_what_it_showed_of_a_run_that_is_gone(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer, way: str
) -> None:
    talk.say(conversation, "hello [demo:stall-mid=6]")
    with answering(runtime, conversation):
        until(Run.objects.exclude(text="").exists)
        run = Run.objects.get()
        assert stream.read(run.pk)
        if way == "lost":
            Run.objects.update(fence=run.fence + 1)
        else:
            chats.delete(conversation=conversation, at=NOON)
    assert stream.read(run.pk) is None
