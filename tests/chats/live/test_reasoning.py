"""Reasoning and written calls: customers get the answer alone, staff may read the rest."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client

from chats.engine.parts import ModelRequest
from chats.engine.reading.habits import LATEST, PLAIN_ANSWERS
from chats.live import Runtime
from chats.models import ModelTrait, Run, RunStep, ToolCall
from conversations.models import Conversation
from tests import factories
from tests.chats import talk
from tests.chats.engine.reading.streams import chunk, event, texts
from tests.chats.live.conftest import Audience
from tests.chats.live.models import Model, ask
from tests.servers.waiting import until

CALL = '{"name": "request_handoff", "arguments": {"reason": "wants a person"}}'


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "answer",
    [
        texts("<thi", "nk>sec", "ret</th", "ink>Yes."),
        texts("secret", "</think>", "Yes."),
        event(chunk({"reasoning_content": "secret"})) + texts("Yes."),
    ],
)
def test_nobody_but_staff_sees_it(
    runtime: Runtime,
    model: Model,
    conversation: Conversation,
    audience: Audience,
    alice: User,
    answer: bytes,
) -> None:
    model.answers = [answer, texts("Yes, again.")]
    ask(runtime, conversation)
    (said,) = talk.messages(conversation)
    run = Run.objects.get()
    assert (said.text, run.text) == ("Yes.", "Yes.")
    assert RunStep.objects.get().reasoning == "secret"
    assert "secret" not in str(audience.visitors) + str(audience.staff)
    assert not ModelTrait.objects.exists()
    ask(runtime, conversation)
    assert b"secret" not in model.asked[1]

    client = Client()
    client.force_login(alice)
    assert client.get(f"/api/v1/runs/{run.pk}/").json()["reasoning"] == "secret"
    path = f"/chats/runs/{run.pk}/reasoning/"
    thread = client.get(f"/conversations/{conversation.pk}/").content.decode()
    assert thread.count(path) == 1
    assert "secret" not in thread
    assert "secret" in client.get(path).content.decode()
    assert Client().get(path).status_code in {302, 401, 403}


@pytest.mark.both_databases
def test_a_habit_is_kept_when_two_conversations_show_it_and_forgotten_when_others_do_not(
    runtime: Runtime, model: Model, conversation: Conversation
) -> None:
    others = [factories.conversation() for _ in range(LATEST)]
    odd, plain = texts("</think>", "Hello"), texts("Yes.")
    model.answers = [odd, odd, odd, *[plain] * LATEST, plain]
    known = []
    for one in [conversation, conversation, others[0], *others, conversation]:
        ask(runtime, one)
        known.append([trait.kind for trait in ModelTrait.objects.all()])
    assert known == [[], [], ["reasons_unopened"], *[["reasons_unopened"]] * (LATEST - 1), [], []]


def test_a_model_that_surprises_is_corrected_live(
    runtime: Runtime, model: Model, conversation: Conversation, audience: Audience
) -> None:
    def surprise() -> Iterator[bytes]:
        yield event(chunk({"content": "secret "}))
        until(lambda: "secret" in str(audience.chunks()))
        yield texts("it is", "</think>", "No.")

    model.answers = [*[texts("Yes.")] * PLAIN_ANSWERS, surprise()]
    for _ in range(PLAIN_ANSWERS + 1):
        ask(runtime, conversation)
    assert talk.messages(conversation)[-1].text == "No."
    shown = [data["text"] for data in audience.chunks() if data.get("snapshot")]
    assert shown[-1] == ""
    assert RunStep.objects.latest("pk").reasoning == "secret it is"


def test_a_written_call_is_made_and_never_seen(
    runtime: Runtime, model: Model, conversation: Conversation, audience: Audience
) -> None:
    model.answers = [texts("I ask.\n\n", *f"```json\n{CALL}\n```"), texts("Somebody comes.")]
    ask(runtime, conversation)
    assert talk.messages(conversation)[0].text == "I ask.\n\nSomebody comes."
    call = ToolCall.objects.get()
    assert (call.name, call.status, call.arguments) == (
        "request_handoff",
        "done",
        {"reason": "wants a person"},
    )
    assert "arguments" not in str(audience.visitors)
    assert "```" not in str(audience.staff)


def test_texts_of_other_kinds_are_the_answer_alone(runtime: Runtime, model: Model) -> None:
    model.answers = [texts("secret", "</think>", "A title", f"\n{CALL}")]
    request = ModelRequest("a-model", [{"role": "user", "content": "A title, please."}])
    assert runtime.complete(request).text == "A title"
