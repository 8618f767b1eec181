"""Model servers: what four telling ones mean to visitors, to staff and to administrators."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from chats.live import Runtime
from chats.models import RunStep
from chats.services import titles
from conversations.models import Conversation
from handoff import services as handoff
from tests.chats import talk
from tests.chats.live.conftest import Audience
from tests.factories import NOON
from tests.fakes.model_servers import PROFILES, script
from tests.fakes.model_servers.script import Saying
from tests.fakes.model_servers.server import ModelServers, model_servers
from tests.fakes.model_servers.shapes import Json
from tests.servers.waiting import until

pytestmark = pytest.mark.both_databases

WITH_TOOLS = ("vllm-hermes-text", "mistral", "openai-gpt-5-mini")
WITHOUT_TOOLS = ("ollama-without-tools",)
ANEW = "gpt-5-mini"
"""A model that no other test has met, so that the process remembers nothing of it."""
ANSWER = "You may return it within 30 days."
HIDDEN = (script.SECRET, "search_knowledge", "think>", "tool_call>")


def said(body: Json) -> Saying:
    """Say what the model of a shop with one tool says: it looks something up, then answers."""
    question, rounds = script.question_of(body["messages"])
    if script.LAMP not in question or "<question>" in question:
        return Saying(script.TITLE, script.THOUGHT)
    if rounds == 0 and body.get("tools"):
        return Saying("", script.THOUGHT, (script.SEARCH,))
    return Saying(ANSWER, script.THOUGHT)


@pytest.fixture(scope="module")
def servers() -> Iterator[ModelServers]:
    names = {name: name for name in (*WITH_TOOLS, *WITHOUT_TOOLS)} | {ANEW: "openai-gpt-5-mini"}
    profiles = {name: replace(PROFILES[known], script=said) for name, known in names.items()}
    with model_servers(profiles) as running:
        yield running


@pytest.fixture
def at_the_server(
    name: str, runtime: Runtime, servers: ModelServers, settings: Settings
) -> ModelServers:
    """Let Parley use the model ``name`` of the model servers, as a new deployment does."""
    settings.LLM_BASE_URL = servers.url
    settings.LLM_MODEL = settings.LLM_UTILITY_MODEL = name
    settings.IS_DEMO_MODEL = False
    servers.taken(name)
    return servers


@pytest.mark.parametrize("name", [*WITH_TOOLS, *WITHOUT_TOOLS])
def test_answers_visitors_without_anything_that_is_not_for_them(
    name: str,
    at_the_server: ModelServers,
    runtime: Runtime,
    conversation: Conversation,
    audience: Audience,
) -> None:
    talk.teach(conversation)
    talk.say(conversation, script.LAMP)
    runtime.answer(conversation.pk)
    (answer,) = talk.messages(conversation)
    assert answer.text == ANSWER
    until(lambda: bool(audience.staff) and audience.staff[-1]["type"] == "end")
    assert audience.text() == ANSWER
    shown = str([audience.visitors, audience.chunks(), talk.messages(conversation)])
    assert [word for word in HIDDEN if word in shown] == []

    titles.entitle(conversation_id=conversation.pk, complete=runtime.complete, at=NOON)
    conversation.refresh_from_db()
    assert conversation.title == script.TITLE

    at_the_server.taken(name)
    talk.say(conversation, script.LAMP)
    runtime.answer(conversation.pk)
    assert [one.words for one in at_the_server.taken(name) if one.is_refused] == []
    assert talk.messages(conversation)[-1].text == ANSWER


@pytest.mark.parametrize("name", ["vllm-hermes-text", "ollama-without-tools"])
def test_keeps_what_it_thought_for_staff_and_out_of_later_prompts(
    name: str, at_the_server: ModelServers, runtime: Runtime, conversation: Conversation
) -> None:
    talk.teach(conversation)
    for _ in range(2):
        talk.say(conversation, script.LAMP)
        runtime.answer(conversation.pk)
    thoughts = RunStep.objects.filter(run__conversation=conversation).values_list("reasoning")
    assert all(script.SECRET in thought for (thought,) in thoughts)
    assert thoughts
    sent = str([one.body["messages"] for one in at_the_server.taken(name)])
    assert script.SECRET not in sent


@pytest.mark.parametrize("name", [ANEW])
def test_shows_administrators_what_a_model_refused_in_its_own_words(
    name: str,
    at_the_server: ModelServers,
    runtime: Runtime,
    conversation: Conversation,
    alice: User,
    client: Client,
) -> None:
    conversation.assistant.temperature = 0.3
    conversation.assistant.save()
    talk.say(conversation, script.LAMP)
    runtime.answer(conversation.pk)
    assert any(one.is_refused for one in at_the_server.taken(name))
    handoff.appoint(user=alice, role="administrator")
    client.force_login(alice)
    page = client.get(reverse("admin:chats_modeltrait_changelist")).content.decode()
    assert name in page
    assert "Only the default (1) value is supported." in page
    assert "max_completion_tokens" in page
