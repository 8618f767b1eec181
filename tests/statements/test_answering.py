"""An answer, from the hint to its end: each row is read and written once."""

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
from chats.services.openings import Opening
from chats.services.steps import Finished
from conversations.models import Conversation
from tests import factories
from tests.chats import talk
from tests.factories import NOON
from tests.statements.conftest import Count

pytestmark = pytest.mark.both_databases

TEXT = "You may return a lamp within **30 days**."
STEP = Step(1, TEXT, "stop", (), UsageReport(input=10, output=5))


def asked(*, gather_seconds: float = 0) -> Conversation:
    """A conversation whose customer has just asked something, and which has its title."""
    conversation = factories.conversation()
    conversation.source.gather_seconds = gather_seconds
    conversation.source.save()
    talk.say(conversation, "How long may I return a lamp?")
    Conversation.objects.update(title_source="auto")
    return conversation


def begin(conversation: Conversation) -> Opening:
    """Take a hint, as a worker does."""
    parties_of(conversation.pk)
    return openings.begin(conversation_id=conversation.pk, at=NOON)


def begun() -> Run:
    run = begin(asked()).run
    assert run
    return run


def finish(run: Run) -> None:
    result = Result("stop", TEXT, first_token_at=NOON, last=Finished(STEP, 10))
    endings.finish(run=run, result=result, at=NOON)


def test_a_hint_that_comes_early(count: Count) -> None:
    def look(conversation: Conversation) -> None:
        opening = begin(conversation)
        assert (opening.run, opening.due_at is None) == (None, False)

    count("hint at an answer that is not due yet", look, lambda: asked(gather_seconds=1))


def test_the_opening_of_a_run(count: Count) -> None:
    def open_run(conversation: Conversation) -> None:
        assert begin(conversation).prompt

    count("opening of a run, until the model is asked", open_run, asked)


def test_a_chunk(count: Count) -> None:
    async def write(run: Run) -> None:
        output = OutputStream(run, clock=lambda: NOON, pause=lambda: 0.0)
        output.write(TEXT)
        await output.close()

    def flush(run: Run) -> None:
        asyncio.run(write(run))
        held = stream.read(run.pk)
        assert held
        assert held.text == TEXT
        stream.finish(run=run.pk)

    count("flush of a chunk", flush, begun)


def test_keeping(count: Count) -> None:
    def keep(runs: list[Run]) -> None:
        standings = journal.keep([ShownText(run, TEXT, NOON) for run in runs])
        assert all(standing.is_mine for standing in standings)

    count("keep of one run", keep, lambda: [begun()])
    count("keep of three runs", keep, lambda: [begun() for _ in range(3)])


def test_the_end_of_a_run(count: Count) -> None:
    count("end of a run", finish, begun)
