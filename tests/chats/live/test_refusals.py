"""Refusals: a model that refuses is asked otherwise, by all processes; staff read its words."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from chats.live import Runtime
from chats.models import ModelTrait, Run
from conversations.models import Conversation
from tests.chats import talk

pytestmark = pytest.mark.both_databases
ANSWER = (
    b'data: {"choices": [{"index": 0, "delta": {"content": "Yes."}, "finish_reason": "stop"}]}\n\n'
)
WORDS = "Unsupported value: 'temperature' does not support 0.3 with this model."


class Server:
    """A model server that refuses a temperature, or everything."""

    def __init__(self, httpserver: HTTPServer) -> None:
        self.refuses_all = ""
        self.bodies: list[dict[str, Any]] = []
        self.url = httpserver.url_for("/v1")
        httpserver.expect_request("/v1/chat/completions").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        body = orjson.loads(request.get_data())
        self.bodies.append(body)
        words = self.refuses_all or (WORDS if "temperature" in body else "")
        if words:
            return Response(orjson.dumps({"error": {"message": words}}), status=400)
        return Response(ANSWER, content_type="text/event-stream")


@pytest.fixture
def server(httpserver: HTTPServer, runtime: Runtime, settings: Settings) -> Iterator[Server]:
    """Yield a server that the worker asks."""
    del runtime
    server = Server(httpserver)
    settings.LLM_BASE_URL = server.url
    settings.LLM_MODEL = settings.LLM_UTILITY_MODEL = "a-model"
    yield server
    for request, _ in httpserver.log:
        request.close()


def test_what_one_process_learns_another_knows(
    server: Server, runtime: Runtime, leaving: Runtime, conversation: Conversation
) -> None:
    conversation.assistant.temperature = 0.3
    conversation.assistant.save()
    for worker in (runtime, leaving):
        talk.say(conversation, "Hello?")
        worker.answer(conversation.pk)
    asked = [body for body in server.bodies if "max_tokens" in body]
    assert ["temperature" in body for body in asked] == [True, False, False]
    row = ModelTrait.objects.get()
    assert (row.model, row.kind, row.subject, row.words) == (
        "a-model",
        "without",
        "temperature",
        WORDS,
    )
    assert [run.reason for run in Run.objects.all()] == ["stop", "stop"]


def test_the_words_are_for_staff_alone(
    server: Server, runtime: Runtime, conversation: Conversation, alice: User
) -> None:
    server.refuses_all = "Your account sk-abc123def456ghi is out of paperclips."
    talk.say(conversation, "Hello?")
    runtime.answer(conversation.pk)
    said = "Your account … is out of paperclips."
    run = Run.objects.get()
    assert (run.error, run.error_detail) == ("refused", said)
    assert len(server.bodies) == 1

    page = Client()
    page.force_login(alice)
    assert page.get(f"/api/v1/runs/{run.pk}/").json()["error_detail"] == said
    assert said in page.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "paperclips" not in str(talk.events(conversation))
    assert "paperclips" not in "".join(message.text for message in talk.messages(conversation))
