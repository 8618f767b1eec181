"""Failures: the customer gets a plain message, and a person is requested."""

import logging
from typing import Any

import pytest
import structlog

from chats.live import Runtime
from chats.models import Run
from chats.services.endings import APOLOGY, CUT_OFF
from conversations.failures import FAILURES
from conversations.models import Conversation, Message
from handoff import services as handoff
from handoff.models import Control
from tests import factories
from tests.chats import talk
from tests.chats.servers import DemoModelServer

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("fault", "code"),
    [("500", "unavailable"), ("empty", "empty"), ("cut=0", "cut"), ("bad-json=0", "malformed")],
)
def test_apologises_when_the_model_fails(
    runtime: Runtime, conversation: Conversation, fault: str, code: str
) -> None:
    talk.say(conversation, f"hello [demo:{fault}]")
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    run = Run.objects.get()
    assert (answer.text, answer.error) == (APOLOGY, code)
    assert (run.status, run.reason, run.error) == ("failed", "error", code)
    conversation.refresh_from_db()
    assert conversation.control == Control.REQUESTED
    assert conversation.request_reason == f"The assistant could not answer ({FAILURES[code]})"
    assert not Run.objects.live().exists()


def test_lines_of_a_run_name_it(runtime: Runtime, conversation: Conversation) -> None:
    lines: list[tuple[str, dict[str, Any]]] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append((record.getMessage(), structlog.contextvars.get_contextvars()))

    logger, keeper = logging.getLogger("chats"), Keeper()
    logger.addHandler(keeper)
    talk.say(conversation, "hello [demo:bad-json=0]")
    runtime.answer(conversation.pk)
    logger.removeHandler(keeper)
    run = Run.objects.get()
    [carried] = [carried for line, carried in lines if line.startswith(f"Run {run.pk}")]
    assert carried == {"run": str(run.pk), "conversation": str(conversation.pk)}
    assert structlog.contextvars.get_contextvars() == {}


def test_keeps_what_was_visible_when_the_stream_breaks(
    runtime: Runtime, conversation: Conversation
) -> None:
    talk.say(conversation, "hello [demo:cut=6]")
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    assert answer.text.startswith("Hello, Victor! I")
    assert answer.error == "interrupted"
    conversation.refresh_from_db()
    assert conversation.control == Control.REQUESTED
    assert Message.objects.filter(conversation=conversation, text=CUT_OFF, is_public=True).exists()
    assert "end" in talk.types(conversation)


def test_asks_for_a_person_at_the_limit(runtime: Runtime, conversation: Conversation) -> None:
    talk.say(conversation, "How do I return it? [demo:tool-loop]")
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    conversation.refresh_from_db()
    assert Run.objects.get().reason == "limit"
    assert answer.text != APOLOGY
    assert conversation.control == Control.REQUESTED


def test_tries_again_after_a_release(
    runtime: Runtime, conversation: Conversation, demo_model: DemoModelServer
) -> None:
    talk.say(conversation, "hello [demo:500=3]")
    runtime.answer(conversation.pk)
    by = factories.staff(factories.person("alice"))
    handoff.release(floor=conversation, by=by, at=factories.NOON)
    runtime.answer(conversation.pk)
    assert Run.objects.filter(reason="stop").count() == 1
    assert len(demo_model.log()) == 4


def test_marks_an_answer_that_became_too_long(runtime: Runtime, conversation: Conversation) -> None:
    talk.say(conversation, "hello [demo:length]")
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    conversation.refresh_from_db()
    assert answer.error == "length"
    assert conversation.control == Control.AI


def test_survives_a_faulty_tool_call(runtime: Runtime, conversation: Conversation) -> None:
    talk.teach(conversation)
    talk.say(conversation, "How long may I return a lamp? [demo:bad-arguments]")
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    results = [event for event in talk.events(conversation) if event["type"] == "tool_result"]
    assert [result["status"] for result in results] == ["invalid", "done"]
    assert "Returns" in answer.text
