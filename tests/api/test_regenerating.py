"""Answering again: POST /api/v1/runs/<id>/regenerate."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.access.actors import System
from channels_layer.models import Event
from chats.models import Run
from chats.services import endings, openings
from chats.services.endings import Result
from conversations.models import Conversation, Message
from conversations.selectors import messages as selectors
from conversations.services import messages
from conversations.services.messages import Draft
from handoff import services as handoff
from tests.api.clients import V1, refusal
from tests.factories import staff

pytestmark = pytest.mark.both_databases


def ask(conversation: Conversation, at: datetime) -> None:
    by = System(name="Victor")
    messages.customer_message(conversation=conversation, by=by, draft=Draft(text="Hi"), at=at)


def answer(conversation: Conversation, at: datetime, text: str = "Hello!") -> Run:
    run = openings.next_run(conversation_id=conversation.pk, at=at).run
    assert run is not None
    return endings.finish(run=run, result=Result("stop", text), at=at)


def again(client: APIClient, run: Run) -> tuple[int, str]:
    response = client.post(f"{V1}/runs/{run.pk}/regenerate")
    return response.status_code, response.json().get("code", response.json().get("id"))


@pytest.fixture
def run(conversation: Conversation, noon: datetime) -> Run:
    """Return the answer to Victor's question."""
    ask(conversation, noon)
    return answer(conversation, noon)


def test_sets_the_answer_aside_and_answers_again(
    api: APIClient, run: Run, conversation: Conversation, noon: datetime
) -> None:
    assert again(api, run) == (200, str(run.pk))

    former = Message.objects.get(run_id=run.pk)
    assert former.error == "replaced"
    assert Event.objects.filter(type="message.updated").count() == 1
    conversation.refresh_from_db()
    assert conversation.answer_due_at is not None
    newer = answer(conversation, conversation.answer_due_at, "Good day!")
    assert [message.text for message in selectors.history(conversation)] == ["Hi", "Good day!"]
    conversation.refresh_from_db()
    assert (conversation.turn_count, conversation.has_unanswered) == (1, False)
    assert again(api, run) == (409, "not_newest")
    assert again(api, newer)[0] == 200


def test_waits_for_the_answer_in_flight(
    api: APIClient, conversation: Conversation, noon: datetime
) -> None:
    ask(conversation, noon)
    running = openings.next_run(conversation_id=conversation.pk, at=noon).run
    assert running is not None

    assert again(api, running) == (409, "still_running")


def test_refuses_what_was_gone_on_from(
    api: APIClient, run: Run, conversation: Conversation, noon: datetime
) -> None:
    ask(conversation, noon + timedelta(minutes=1))

    assert again(api, run) == (409, "not_newest")


def test_does_not_speak_over_a_person(
    api: APIClient, alice: User, run: Run, conversation: Conversation, noon: datetime
) -> None:
    handoff.take(floor=conversation, by=staff(alice), at=noon)
    assert again(api, run) == (409, "floor_taken")

    handoff.end(floor=conversation, by=staff(alice), at=noon)
    assert again(api, run) == (409, "ended")


def test_refuses_strangers(anonymous: APIClient, strangers: APIClient, run: Run) -> None:
    path = f"{V1}/runs/{run.pk}/regenerate"

    assert refusal(anonymous.post(path)) == (401, "not_authenticated")
    assert refusal(strangers.post(path)) == (403, "forbidden")
