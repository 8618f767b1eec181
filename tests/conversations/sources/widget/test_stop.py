"""Stopping an answer: POST …/runs/<id>/cancel."""

from datetime import datetime
from uuid import uuid4

import pytest

from chats.models import Run
from conversations.models import Conversation
from tests.conversations.sources.widget.conftest import Frame


@pytest.fixture
def run(victor: Frame, noon: datetime) -> Run:
    """An answer that Victor is reading."""
    victor.start()
    row = Conversation.objects.get()
    return Run.objects.create(
        conversation=row,
        assistant=row.assistant,
        epoch=row.epoch,
        answers_to=0,
        model="demo",
        started_at=noon,
    )


def test_the_visitor_stops_the_answer(victor: Frame, run: Run) -> None:
    response = victor.post(f"conversations/{run.conversation_id}/runs/{run.pk}/cancel")

    assert response.status_code == 202
    run.refresh_from_db()
    assert run.cancel_requested_at is not None
    assert run.cancelled_by == f"contact:{run.conversation.contact_id}"


def test_what_has_ended_cannot_be_stopped(victor: Frame, run: Run) -> None:
    Run.objects.update(status=Run.Status.COMPLETED)

    response = victor.post(f"conversations/{run.conversation_id}/runs/{run.pk}/cancel")

    assert response.status_code == 409
    assert response.json()["code"] == "not_running"


def test_a_stranger_knows_of_no_run(victor: Frame, stranger: Frame, run: Run) -> None:
    own = stranger.start()

    for conversation in (run.conversation_id, own, uuid4()):
        path = f"conversations/{conversation}/runs/{run.pk}/cancel"
        assert stranger.post(path).status_code == 404
    victor.token = ""
    path = f"conversations/{run.conversation_id}/runs/{run.pk}/cancel"
    assert victor.post(path).status_code == 401
    run.refresh_from_db()
    assert run.cancel_requested_at is None
