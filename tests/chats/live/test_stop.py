"""Stopping: by a person's button, and by a person who takes the floor."""

import time

import pytest

from channels_layer.access.actors import Staff, System
from chats.live import Runtime
from chats.models import Run, Usage
from chats.services import runs
from chats.services.runs import NotRunningError
from conversations.models import Conversation, Message
from conversations.services.messages import Draft, post
from handoff import services as handoff
from handoff.models import Control
from tests import factories
from tests.chats import talk
from tests.chats.live.conftest import Audience, answering
from tests.chats.servers import DemoModelServer
from tests.servers import waiting
from tests.servers.waiting import until

pytestmark = pytest.mark.both_databases

VICTOR = System(name="Victor")


@pytest.fixture
def by(db: None) -> Staff:
    return factories.staff(factories.person("alice"))


@pytest.mark.parametrize(
    "fault", ["stall-headers", "stall-first", "stall-mid=5", "endless,rate=50"]
)
def test_closes_the_model_s_stream_within_half_a_second(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer, fault: str
) -> None:
    talk.say(conversation, f"hello [demo:{fault}]")
    with answering(runtime, conversation):
        until(demo_model.log)
        waiting.work_goes_on(0.2)
        stopped = time.monotonic()
        runs.cancel(run=Run.objects.get(), by=VICTOR, at=factories.NOON)
        assert demo_model.closed() - stopped < 0.5
    run = Run.objects.get()
    assert (run.status, run.reason) == ("cancelled", "cancelled")
    assert run.cancelled_by == "system"


def test_keeps_and_marks_the_text_so_far(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "hello [demo:stall-mid=6]")
    with answering(runtime, conversation):
        until(lambda: demo_model.log() and demo_model.last()["tokens"] == 6)
        waiting.work_goes_on(0.1)
        runs.cancel(run=Run.objects.get(), by=VICTOR, at=factories.NOON)
    (answer,) = talk.messages(conversation)
    assert answer.text.startswith("Hello, Victor! I")
    assert answer.error == "cancelled"
    assert talk.events(conversation)[-1]["reason"] == "cancelled"
    assert Usage.objects.get().is_estimated


def test_leaves_no_message_before_the_first_token(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "hello [demo:stall-first]")
    with answering(runtime, conversation):
        until(demo_model.log)
        runs.cancel(run=Run.objects.get(), by=VICTOR, at=factories.NOON)
    assert not talk.messages(conversation)
    end = talk.events(conversation)[-1]
    assert (end["message_id"], end["text_length"]) == (None, 0)


def test_goes_on_with_the_next_message(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    test_keeps_and_marks_the_text_so_far(runtime, conversation, demo_model)
    talk.say(conversation, "and now?")
    runtime.answer(conversation.pk)
    cut, whole = talk.messages(conversation)
    assert (cut.error, whole.error) == ("cancelled", "")
    assert {"role": "assistant", "content": cut.text} in demo_model.last()["body"]["messages"]


def test_refuses_to_stop_what_has_ended(runtime: Runtime, conversation: Conversation) -> None:
    talk.say(conversation, "hello")
    runtime.answer(conversation.pk)
    with pytest.raises(NotRunningError):
        runs.cancel(run=Run.objects.get(), by=VICTOR, at=factories.NOON)


@pytest.mark.parametrize("way", ["accept", "write", "end"])
def test_gives_way_to_a_person(
    runtime: Runtime,
    conversation: Conversation,
    demo_model: DemoModelServer,
    by: Staff,
    way: str,
) -> None:
    talk.say(conversation, "hello [demo:stall-mid=6]")
    with answering(runtime, conversation):
        until(Run.objects.filter(text__startswith="Hello, Victor! I").exists)
        taken = time.monotonic()
        if way == "accept":
            handoff.join(floor=conversation, by=by, at=factories.NOON)
            handoff.accept(floor=conversation, by=by, at=factories.NOON)
        elif way == "write":
            post(conversation=conversation, by=by, draft=Draft(text="I am here"), at=factories.NOON)
        else:
            handoff.end(floor=conversation, by=by, at=factories.NOON)
        assert demo_model.closed() - taken < 0.5
    run = Run.objects.get()
    (partial,) = talk.messages(conversation)
    assert (run.reason, partial.error) == ("superseded", "superseded")
    assert partial.text.startswith("Hello, Victor! I")
    conversation.refresh_from_db()
    assert conversation.control == (Control.AI if way == "end" else Control.AGENT)


def test_keeps_all_that_was_seen_before_a_person_came(
    runtime: Runtime,
    conversation: Conversation,
    demo_model: DemoModelServer,
    audience: Audience,
    by: Staff,
) -> None:
    talk.say(conversation, "hello [demo:rate=40]")
    with answering(runtime, conversation):
        until(lambda: demo_model.log() and demo_model.last()["tokens"] > 25)
        post(conversation=conversation, by=by, draft=Draft(text="I am here"), at=factories.NOON)
    (partial,) = talk.messages(conversation)
    (line,) = Message.objects.filter(conversation=conversation, change="taken")
    assert partial.text == audience.text()
    assert partial.error == "superseded"
    assert Run.objects.get().text == partial.text
    if "message.updated" in talk.types(conversation):
        assert partial.position < line.position


def test_finishes_while_a_person_is_only_requested(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer, by: Staff
) -> None:
    talk.say(conversation, "hello [demo:rate=100]")
    with answering(runtime, conversation):
        until(lambda: demo_model.log() and demo_model.last()["tokens"] > 2)
        handoff.join(floor=conversation, by=by, at=factories.NOON)
    (answer,) = talk.messages(conversation)
    assert answer.error == ""
    assert Run.objects.get().reason == "stop"
