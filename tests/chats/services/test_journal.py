"""The journal: a run's records, also when they are written twice."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from chats.engine import requests
from chats.engine.parts import Call, Json, ModelRequest, Step, ToolResult, UsageReport
from chats.engine.reading.stream import StreamReader
from chats.engine.requests import Defaults
from chats.engine.traits import Traits
from chats.engine.turn import Turn
from chats.models import Run, ToolCall, Usage
from chats.services import endings, journal
from chats.services.endings import Result
from chats.services.openings import next_run
from conversations.models import Conversation
from conversations.services.messages import Draft, post
from handoff.services import StaleEpochError
from tests import factories
from tests.chats import talk
from tests.chats.engine.conftest import Box, Recorded
from tests.chats.engine.reading.streams import DONE, chunk, event
from tests.factories import NOON
from tests.queries import conversation_writes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CALL = Call("call_1", "search_knowledge", '{"query": "lamp"}', {"query": "lamp"})
STEP = Step(1, "Let me look.", "tool_calls", (CALL,), UsageReport(input=10, output=5))


@pytest.fixture
def run(conversation: Conversation) -> Run:
    """Return a run whose model is being called."""
    talk.say(conversation, "How long may I return a lamp?")
    run = next_run(conversation_id=conversation.pk, at=NOON).run
    assert run
    journal.start_step(run=run, number=1, call=factories.PLANNED, at=NOON)
    return run


def test_a_step_that_is_written_down_twice_counts_once(
    run: Run, conversation: Conversation
) -> None:
    """The answer to a commit may be lost; then the transaction comes again."""
    for _ in range(2):
        journal.finish_step(run=run, step=STEP, prompt=10, at=NOON)
    assert ToolCall.objects.count() == Usage.objects.count() == 1
    assert talk.types(conversation).count("tool_call") == 1


def test_a_call_s_outcome_that_is_recorded_twice_is_published_once(
    run: Run, conversation: Conversation
) -> None:
    journal.finish_step(run=run, step=STEP, prompt=10, at=NOON)
    journal.start_call(run=run, call=CALL)
    for _ in range(2):
        journal.finish_call(run=run, call=CALL, outcome=ToolResult("done", "{}"), at=NOON)
    assert ToolCall.objects.get().status == "done"
    assert talk.types(conversation).count("tool_result") == 1


@pytest.mark.parametrize("end", [endings.finish, journal.wait_for_approval])
def test_a_step_that_ends_after_a_person_came_is_superseded(
    run: Run, conversation: Conversation, alice: User, end: Callable[..., Run]
) -> None:
    """The worker of a lost run would not add what was shown while the person came."""
    Run.objects.filter(pk=run.pk).update(text="Let me")
    draft = Draft(text="I am here")
    post(conversation=conversation, by=factories.staff(alice), draft=draft, at=NOON)
    with pytest.raises(StaleEpochError):
        journal.finish_step(run=run, step=replace(STEP, calls=()), prompt=10, at=NOON)
    end(run=run, result=Result("superseded", STEP.text), at=NOON)
    (partial,) = talk.messages(conversation)
    assert partial.text == STEP.text


def test_several_calls_write_the_conversation_once(run: Run, conversation: Conversation) -> None:
    calls = (CALL, replace(CALL, id="call_2"))
    with conversation_writes() as writes:
        journal.finish_step(run=run, step=replace(STEP, calls=calls), prompt=10, at=NOON)
    assert talk.types(conversation).count("tool_call") == 2
    assert len(writes) == 1


@pytest.mark.parametrize("fragments", [1, 2])
def test_a_signature_travels_from_the_answer_to_the_next_request(run: Run, fragments: int) -> None:
    extra = {"google": {"thought_signature": "SIG/+=" * 1000}}
    call: Json = {"index": 0, "id": "call_1", "extra_content": extra}
    call["function"] = {"name": CALL.name, "arguments": CALL.raw}
    deltas = [{"tool_calls": [call]}]
    if fragments > 1:
        deltas = [
            {"tool_calls": [{**call, "extra_content": None}]},
            {"tool_calls": [{"extra_content": extra}]},
        ]
    reader = StreamReader()
    for delta in deltas:
        reader.feed(event(chunk(delta)))
    reader.feed(event(chunk({}, "tool_calls")) + DONE)
    turn = Turn(before="", room=100, tools=Box(), journal=Recorded())
    for one in reader.end():
        turn.take(one)

    journal.finish_step(run=run, step=turn.step(1), prompt=10, at=NOON)
    (kept,) = journal.resume(run=run, at=NOON)
    asked: list[Json] = [{"role": "user", "content": "How long?"}, *kept.messages()]
    body = requests.body_of(ModelRequest("m", asked), Traits(), Defaults(100))
    assert body["messages"][1]["tool_calls"][0]["extra_content"] == extra
