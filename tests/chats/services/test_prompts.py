"""Prompts: what a run's model reads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_layer.access.actors import Staff
from chats.engine.parts import Json
from chats.models import Run, Summary
from chats.services import endings, prompts, windows
from chats.services.endings import Result
from chats.services.openings import next_run
from chats.services.prompts import Prompt
from conversations.models import Conversation, Message, Variable
from conversations.services import conversations
from conversations.services.messages import Draft, post
from handoff import services as handoff
from handoff.models import Switch
from tests import factories
from tests.chats import talk
from tests.conversations.long_threads.lengthening import lengthen
from tests.factories import NOON

SPEAKERS = ("question", "answer")

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _no_hurry(settings: pytest.FixtureRequest) -> None:
    settings.SEND_INTERVAL_SECONDS = 0  # type: ignore[attr-defined]


def opened(conversation: Conversation) -> Run:
    run = next_run(conversation_id=conversation.pk, at=NOON).run
    assert run
    return run


def read(run: Run, window: int | None = None) -> Prompt:
    return prompts.build(run=run, at=NOON, window=window)


def spoken(run: Run) -> list[Json]:
    """Return what was said, without the background that stands before it."""
    first, *others = read(run).context.messages[1:]
    return [{**first, "content": first["content"].rpartition(">\n\n")[2]}, *others]


def alice() -> Staff:
    return factories.staff(factories.person("alice"))


def test_knows_the_customer_and_the_variables(conversation: Conversation) -> None:
    conversations.set_variables(
        conversation=conversation,
        values={"plan": "gold"},
        origin=Variable.Origin.FORM,
        by=alice(),
        at=NOON,
    )
    talk.say(conversation, "hello")
    prompt = read(opened(conversation))
    system = prompt.context.messages[0]["content"]
    assert "You are Ada" in system
    assert "gold" not in system
    lines = [
        "- name: Victor",
        "- email: victor@example.com",
        "- plan (claimed by the customer): gold",
    ]
    assert "\n".join(lines) in prompt.context.messages[1]["content"]
    assert [tool.name for tool in prompt.tools] == ["search_knowledge", "request_handoff"]


def test_never_reads_notes_and_marks_colleagues(conversation: Conversation) -> None:
    by = alice()
    talk.say(conversation, "hello")
    handoff.join(floor=conversation, by=by, at=NOON)
    post(conversation=conversation, by=by, draft=Draft(text="Hi, Alice here"), at=NOON)
    note = Draft(text="he is upset", kind=Message.Kind.NOTE)
    post(conversation=conversation, by=by, draft=note, at=NOON)
    handoff.release(floor=conversation, by=by, at=NOON)
    talk.say(conversation, "thanks")
    assert spoken(opened(conversation)) == [
        {"role": "user", "content": "hello"},
        {"role": "assistant", "content": "[human colleague Alice]: Hi, Alice here"},
        {"role": "user", "content": "thanks"},
    ]


def test_never_reads_a_note_that_a_public_message_quotes(conversation: Conversation) -> None:
    note = Draft(text="he is upset", kind=Message.Kind.NOTE)
    quoted, _ = post(conversation=conversation, by=alice(), draft=note, at=NOON)
    talk.say(conversation, "hello")
    Message.objects.filter(text="hello").update(reply_to=quoted)
    assert "upset" not in str(read(opened(conversation)).context.messages)


def test_reads_what_a_message_quotes(conversation: Conversation) -> None:
    by = alice()
    handoff.join(floor=conversation, by=by, at=NOON)
    answer, _ = post(conversation=conversation, by=by, draft=Draft(text="It is here"), at=NOON)
    handoff.release(floor=conversation, by=by, at=NOON)
    talk.say(conversation, "and now?")
    Message.objects.filter(text="and now?").update(reply_to=answer)
    newest = spoken(opened(conversation))[-1]
    assert newest["content"] == "<quoted_message>\nagent: It is here\n</quoted_message>\nand now?"


def test_reads_of_a_thousand_messages_only_what_the_model_gets(conversation: Conversation) -> None:
    talk.say(conversation, "hello")
    run = opened(conversation)
    with CaptureQueriesContext(connection) as few:
        read(run, window=windows.LARGEST)
    lengthen(conversation.pk, 1200)
    run.answers_to = 1201
    with CaptureQueriesContext(connection) as many:
        prompt = read(run, window=windows.LARGEST)
    _, _, *said = prompt.context.messages
    assert len(said) == prompts.MOST_MESSAGES
    assert "line 202 " in said[0]["content"]
    assert "line 1201 " in said[-1]["content"]
    assert len(many) == len(few)
    assert not [query["sql"] for query in many if "reactions" in query["sql"]]


def test_puts_an_answer_behind_its_question(conversation: Conversation) -> None:
    talk.say(conversation, "one")
    run = opened(conversation)
    talk.say(conversation, "two")
    endings.finish(run=run, result=Result("stop", "first answer"), at=NOON)
    assert [message["content"] for message in spoken(opened(conversation))] == [
        "one",
        "first answer",
        "two",
    ]


def test_does_not_read_what_came_after_it_began(conversation: Conversation) -> None:
    talk.say(conversation, "one")
    run = opened(conversation)
    talk.say(conversation, "two")
    assert spoken(run) == [{"role": "user", "content": "one"}]


def test_wants_a_summary_of_what_does_not_fit(conversation: Conversation) -> None:
    for number in range(30):
        talk.say(conversation, f"message {number} " + "word " * 100)
    run = opened(conversation)
    prompt = read(run, window=6000)
    assert prompt.overflow
    assert prompt.room >= 6000 * prompts.TOOLS_SHARE
    assert len(prompt.overflow) > len(prompt.context.dropped) > 0
    Summary.objects.create(
        conversation=conversation,
        position=prompt.overflow[-1].position,
        text="They counted.",
        updated_at=NOON,
    )
    again = read(run, window=6000)
    assert not again.overflow
    assert "They counted." not in again.context.messages[0]["content"]
    assert "They counted." in again.context.messages[1]["content"]
    assert len(again.context.messages) - 1 == 30 - len(prompt.overflow)


def test_summarises_a_question_with_its_answer(conversation: Conversation) -> None:
    """Whatever the window and what stands between the two: neither is lost nor given twice."""
    colleague = alice()
    for number in range(6):
        talk.say(conversation, f"question {number} " + "word " * 1000)
        note = Draft(text="a regular", kind=Message.Kind.NOTE)
        post(conversation=conversation, by=colleague, draft=note, at=NOON)
        answered = opened(conversation)
        text = f"answer {number} " + "word " * 200
        endings.finish(run=answered, result=Result("stop", text), at=NOON)
    talk.say(conversation, "and now?")
    run = opened(conversation)
    for window in range(7000, 13000, 500):
        overflow = read(run, window=window).overflow
        said = [turn.text.split()[:2] for turn in overflow]
        assert said == [[word, str(n)] for n in range(len(said) // 2) for word in SPEAKERS]
        Summary.objects.create(
            conversation=conversation,
            position=overflow[-1].position,
            text="So far",
            updated_at=NOON,
        )
        left = [turn["content"].split()[0] for turn in spoken(run)]
        assert left == [*SPEAKERS * (6 - len(said) // 2), "and"]
        Summary.objects.all().delete()


def test_is_not_begun_while_paused(conversation: Conversation) -> None:
    handoff.set_switch(floor=conversation, switch=Switch.PAUSED, by=alice(), at=NOON)
    talk.say(conversation, "hello")
    assert next_run(conversation_id=conversation.pk, at=NOON).run is None
