"""Answering: from a customer's message to the assistant's."""

import pytest

from chats.live import Runtime
from chats.models import Run, Usage
from conversations.models import Conversation
from conversations.services import conversations
from handoff import services as handoff
from handoff.models import Control, Switch
from tests import factories
from tests.chats import talk
from tests.chats.live.conftest import Audience, answering
from tests.chats.servers import DemoModelServer
from tests.servers.waiting import until

pytestmark = pytest.mark.both_databases

QUESTION = "How long may I return a lamp?"


def test_answers_from_the_knowledge(runtime: Runtime, conversation: Conversation) -> None:
    talk.teach(conversation)
    talk.say(conversation, QUESTION)
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    run = Run.objects.get()
    assert "According to “Returns”" in answer.text
    assert (answer.pk, answer.run_id, answer.error) == (run.message_id, run.pk, "")
    assert (run.status, run.reason, run.text) == ("completed", "stop", answer.text)
    assert talk.types(conversation)[-5:] == [
        "run.started",
        "tool_call",
        "tool_result",
        "message.created",
        "end",
    ]


def test_says_what_it_took(runtime: Runtime, conversation: Conversation) -> None:
    talk.teach(conversation)
    talk.say(conversation, QUESTION)
    runtime.answer(conversation.pk)
    rows = list(Usage.objects.order_by("created_at"))
    usage = talk.events(conversation)[-1]["usage"]
    assert len(rows) == usage["calls"] == 2
    assert usage["input_tokens"] == sum(row.input_tokens for row in rows) > 100
    assert usage["output_tokens"] == sum(row.output_tokens for row in rows) > 40
    assert float(usage["cost"]) > 0
    assert usage["is_estimated"] is False


def test_streams_what_it_then_stores(
    runtime: Runtime, conversation: Conversation, audience: Audience
) -> None:
    talk.teach(conversation)
    talk.say(conversation, f"{QUESTION} [demo:think-aloud,rate=400]")
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    until(lambda: audience.staff[-1]["type"] == "end")
    assert audience.text() == answer.text
    assert "\n\n" in answer.text
    assert len(audience.chunks()) > 5
    assert audience.staff[-1]["data"]["text_length"] == len(answer.text)
    assert audience.states() == ["thinking", "responding", "tool_calling", "thinking", "responding"]


def test_shows_visitors_no_tools_and_no_costs(
    runtime: Runtime, conversation: Conversation, audience: Audience
) -> None:
    talk.teach(conversation)
    talk.say(conversation, QUESTION)
    runtime.answer(conversation.pk)
    until(lambda: audience.visitors[-1]["type"] == "end")
    assert "usage" not in audience.visitors[-1]["data"]
    assert "search_knowledge" not in str(audience.visitors)
    assert [f["seq"] for f in audience.visitors if "seq" in f] == [
        f["seq"] for f in audience.staff if "seq" in f
    ]


def test_answers_a_burst_once(runtime: Runtime, conversation: Conversation) -> None:
    conversation.assistant.tools = []
    conversation.assistant.save()
    talk.say(conversation, "orchids")
    talk.say(conversation, "also tulips")
    runtime.answer(conversation.pk)
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    assert "orchids / also tulips" in answer.text


def test_waits_for_the_rest_of_a_burst(runtime: Runtime, conversation: Conversation) -> None:
    conversation.source.gather_seconds = 0.3
    conversation.source.save()
    clock = runtime.clock
    talk.say(conversation, "orchids", at=clock())
    with answering(runtime, conversation):
        talk.say(conversation, "also tulips", at=clock())
    (answer,) = talk.messages(conversation)
    assert "tulips" in answer.text
    run = Run.objects.get()
    assert (run.started_at - talk.messages(conversation, "customer")[1].created_at).seconds < 1


def test_answers_what_came_meanwhile_in_one_further_run(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "orchids [demo:rate=150]")
    with answering(runtime, conversation):
        until(lambda: demo_model.log() and demo_model.last()["tokens"] > 2)
        talk.say(conversation, "tulips")
        talk.say(conversation, "roses")
        runtime.answer(conversation.pk)
        assert Run.objects.count() == 1
    runtime.answer(conversation.pk)
    first, second = talk.messages(conversation)
    assert "tulips" not in first.text
    assert "tulips roses" in second.text
    assert "orchids" not in second.text
    assert Run.objects.count() == 2


@pytest.mark.parametrize("state", ["requested", "paused", "blocked", "ended"])
def test_is_silent_without_the_floor(
    runtime: Runtime, conversation: Conversation, state: str
) -> None:
    by = factories.staff(factories.person("alice"))
    talk.say(conversation, "hello")
    if state == "requested":
        handoff.join(floor=conversation, by=by, at=factories.NOON)
    elif state == "ended":
        handoff.end(floor=conversation, by=by, at=factories.NOON)
    else:
        conversations.set_switch(
            conversation=conversation, switch=Switch(state), by=by, at=factories.NOON
        )
    runtime.answer(conversation.pk)
    assert not Run.objects.exists()
    assert not talk.messages(conversation)


def test_picks_up_after_a_release(runtime: Runtime, conversation: Conversation) -> None:
    by = factories.staff(factories.person("alice"))
    talk.say(conversation, "hello, anybody there?")
    handoff.join(floor=conversation, by=by, at=factories.NOON)
    handoff.accept(floor=conversation, by=by, at=factories.NOON)
    handoff.release(floor=conversation, by=by, at=factories.NOON)
    runtime.answer(conversation.pk)
    runtime.answer(conversation.pk)
    assert len(talk.messages(conversation)) == 1


def test_asks_for_a_person_and_finishes_its_sentence(
    runtime: Runtime, conversation: Conversation
) -> None:
    talk.say(conversation, "I want to talk to a human")
    runtime.answer(conversation.pk)
    conversation.refresh_from_db()
    (answer,) = talk.messages(conversation)
    assert conversation.control == Control.REQUESTED
    assert "I have asked a colleague" in answer.text
    assert Run.objects.get().reason == "stop"


def test_does_nothing_for_a_conversation_that_is_gone(
    runtime: Runtime, conversation: Conversation
) -> None:
    conversations.delete(conversation=conversation, at=factories.NOON)
    runtime.answer(conversation.pk)
    assert not Run.objects.exists()


def test_stops_when_its_conversation_is_deleted(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "hello [demo:stall-mid=5]")
    with answering(runtime, conversation):
        until(lambda: demo_model.log() and demo_model.last()["tokens"] == 5)
        conversations.delete(conversation=conversation, at=factories.NOON)
    assert demo_model.closed()
