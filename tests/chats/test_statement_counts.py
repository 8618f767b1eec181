"""The statements of an answer, from the hint to its end: each row is read and written once."""

import asyncio

import pytest

from channels_layer.transport import stream
from chats.engine.parts import Step, UsageReport
from chats.live.output_stream import OutputStream
from chats.models import Run
from chats.selectors.parties import parties_of
from chats.services import endings, journal, openings
from chats.services.endings import Result
from chats.services.journal import ShownText
from chats.services.steps import Finished
from conversations.models import Conversation
from tests.chats import talk
from tests.factories import NOON
from tests.queries import statements

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TEXT = "You may return a lamp within **30 days**."
STEP = Step(1, TEXT, "stop", (), UsageReport(input=10, output=5))


@pytest.fixture
def run(conversation: Conversation) -> Run:
    talk.say(conversation, "How long may I return a lamp?")
    run = openings.begin(conversation_id=conversation.pk, at=NOON).run
    assert run
    return run


def test_what_is_not_due_yet_takes_no_lock(conversation: Conversation) -> None:
    conversation.source.gather_seconds = 1
    conversation.source.save()
    talk.say(conversation, "How long may I return a lamp?")
    with statements() as made:
        parties_of(conversation.pk)
        opening = openings.begin(conversation_id=conversation.pk, at=NOON)
    assert opening.due_at
    assert opening.run is None
    assert made == ["select conversations_conversation"] * 2


def test_from_the_hint_to_the_model(conversation: Conversation) -> None:
    talk.say(conversation, "How long may I return a lamp?")
    with statements() as made:
        parties_of(conversation.pk)
        opening = openings.begin(conversation_id=conversation.pk, at=NOON)
    assert opening.prompt
    assert made == [
        "select conversations_conversation",
        "select conversations_conversation",
        "select conversations_conversation",
        "select chats_run",
        "select conversations_attachment",
        "insert chats_run",
        "insert chats_runstep",
        "insert channels_layer_topichead",
        "insert channels_layer_event",
        "update conversations_conversation",
        "select chats_modeltrait",
        "select chats_summary",
        "select conversations_message",
        "select conversations_attachment",
        "select conversations_variable",
        "select handoff_handoff",
    ]


def test_a_piece_of_text_touches_no_table(run: Run) -> None:
    async def write() -> None:
        output = OutputStream(run, clock=lambda: NOON, pause=lambda: 0.0)
        output.write(TEXT)
        await output.close()

    with statements() as made:
        asyncio.run(write())
    assert made == []
    held = stream.read(run.pk)
    assert held
    assert held.text == TEXT
    stream.finish(run=run.pk)


def test_keeping_writes_and_reads_a_run_once(run: Run) -> None:
    with statements() as made:
        journal.keep([ShownText(run, TEXT, NOON)])
    assert made == ["update chats_run", "select chats_run"]


def test_the_end_of_an_answer_with_its_only_step(run: Run, conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(title_source="auto")
    result = Result("stop", TEXT, first_token_at=NOON, last=Finished(STEP, 10))
    with statements() as made:
        endings.finish(run=run, result=result, at=NOON)
    assert made == [
        "select conversations_conversation",
        "select chats_run",
        "update chats_run",
        "update chats_runstep",
        "insert chats_usage",
        "select chats_toolcall",
        "insert conversations_message",
        "insert conversations_rendering",
        "insert channels_layer_topichead",
        "insert channels_layer_event",
        "select chats_usage",
        "insert channels_layer_topichead",
        "insert channels_layer_event",
        "update conversations_conversation",
    ]
