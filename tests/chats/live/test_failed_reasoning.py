"""What a step thought that failed or was stopped: staff can open it as that of any other."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from channels_layer.access.actors import System
from chats.live import Runtime
from chats.models import Run, RunStep
from chats.services import runs
from conversations.models import Conversation
from conversations.services.messages import Draft, post
from tests import factories
from tests.chats import talk
from tests.chats.engine.reading.streams import chunk, event, texts
from tests.chats.live.conftest import HASTY, Audience, answering
from tests.chats.live.models import Model, ask
from tests.servers.waiting import until

THOUGHT = event(chunk({"reasoning_content": "secret"}))
LOST = event({"error": {"message": "The model is gone.", "code": 503}})


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("failing", "error"),
    [
        (THOUGHT, "cut"),
        (THOUGHT + LOST, "unavailable"),
        (THOUGHT + texts(finish="content_filter"), "filtered"),
        (THOUGHT + texts(), "empty"),
        (event(chunk({"content": "<think>secret"})), "cut"),
    ],
)
def test_is_kept_of_the_last_attempt(
    runtime: Runtime,
    model: Model,
    conversation: Conversation,
    alice: User,
    failing: bytes,
    error: str,
) -> None:
    model.answers = [failing] * HASTY.attempts
    ask(runtime, conversation)
    run = Run.objects.get()
    assert (run.status, run.error) == (Run.Status.FAILED, error)
    assert RunStep.objects.get().reasoning == "secret"

    client = Client()
    client.force_login(alice)
    path = f"/chats/runs/{run.pk}/reasoning/"
    assert path in client.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "secret" in client.get(path).content.decode()
    assert "secret" not in str([message.text for message in talk.messages(conversation)])


def test_is_kept_when_the_time_is_over(
    runtime: Runtime, model: Model, conversation: Conversation, settings: Settings
) -> None:
    settings.LLM_IDLE_SECONDS = 0.05
    model.answers = [model.held(THOUGHT)]
    ask(runtime, conversation)
    assert Run.objects.get().error == "timeout"
    assert RunStep.objects.get().reasoning == "secret"


def test_is_kept_where_no_tag_had_opened_it(
    runtime: Runtime, model: Model, conversation: Conversation
) -> None:
    cut = event(chunk({"content": "a secret"}))
    model.answers = [texts("Hm.</think>Yes."), *[cut] * HASTY.attempts]
    ask(runtime, conversation)
    ask(runtime, conversation)
    assert Run.objects.latest("pk").text == ""
    assert "a secret" in RunStep.objects.latest("pk").reasoning


@pytest.mark.parametrize(("way", "reason"), [("stop", "cancelled"), ("write", "superseded")])
def test_is_kept_when_somebody_stops_the_answer(
    runtime: Runtime,
    model: Model,
    conversation: Conversation,
    audience: Audience,
    way: str,
    reason: str,
) -> None:
    model.answers = [model.held(THOUGHT + event(chunk({"content": "Yes"})))]
    talk.say(conversation, "May I return a lamp?")
    with answering(runtime, conversation):
        until(lambda: "Yes" in str(audience.chunks()))
        if way == "stop":
            by = System(name="Victor")
            runs.cancel(run=Run.objects.get(), by=by, at=factories.NOON)
        else:
            alice = factories.staff(factories.person("alice"))
            draft = Draft(text="I am here")
            post(conversation=conversation, by=alice, draft=draft, at=factories.NOON)
    assert Run.objects.get().reason == reason
    assert RunStep.objects.get().reasoning == "secret"
