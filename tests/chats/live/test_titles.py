"""Titles: one for every conversation, after the first answer."""

import time
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from channels_layer import times
from chats.live import Runtime
from chats.models import Titling, Usage
from chats.services import due, titles
from conversations.models import Conversation
from conversations.services import conversations
from tests.chats import talk
from tests.chats.servers import DemoModelServer
from tests.factories import NOON
from tests.servers.waiting import until

pytestmark = pytest.mark.both_databases


def entitle(runtime: Runtime, conversation: Conversation) -> Conversation:
    titles.entitle(conversation_id=conversation.pk, complete=runtime.complete, at=NOON)
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def answered(runtime: Runtime, conversation: Conversation) -> Conversation:
    """Return a conversation with a first answer."""
    talk.say(conversation, "Where is my parcel with the green lamp?")
    runtime.answer(conversation.pk)
    return conversation


def test_writes_a_title_once(
    runtime: Runtime, answered: Conversation, demo_model: DemoModelServer
) -> None:
    assert list(due.untitled(runtime.clock())) == [
        ("chats.title", {"conversation": str(answered.pk)})
    ]
    entitled = entitle(runtime, answered)
    assert (entitled.title, entitled.title_source) == ("Parcel green lamp", "auto")
    assert talk.events(answered)[-2]["title"] == "Parcel green lamp"
    calls = len(demo_model.log())
    entitle(runtime, answered)
    assert len(demo_model.log()) == calls
    assert not list(due.untitled(runtime.clock()))
    assert Usage.objects.filter(purpose="title").count() == 1


def test_leaves_a_person_s_title_alone(runtime: Runtime, answered: Conversation) -> None:
    conversations.rename(conversation=answered, title="The green one", at=NOON)
    assert entitle(runtime, answered).title == "The green one"


def test_falls_back_to_the_first_message(
    runtime: Runtime, answered: Conversation, settings: Settings
) -> None:
    settings.LLM_UTILITY_MODEL = "demo:500"
    assert entitle(runtime, answered).title == ""
    Titling.objects.update(attempts=2, lease_until=None)
    entitled = entitle(runtime, answered)
    assert entitled.title == "Where is my parcel with the green lamp?"
    assert entitled.title_source == "fallback"


def test_counts_what_failed_calls_took(
    runtime: Runtime, answered: Conversation, settings: Settings
) -> None:
    settings.LLM_UTILITY_MODEL = "demo:cut=1"
    entitle(runtime, answered)
    usage = Usage.objects.get(purpose="title")
    assert usage.is_estimated
    assert usage.input_tokens
    assert usage.output_tokens
    assert usage.cost


def fail(*_asked: Any) -> Any:
    raise LookupError


def test_is_tried_again_after_whatever_went_wrong(
    runtime: Runtime, answered: Conversation, demo_model: DemoModelServer
) -> None:
    with pytest.raises(LookupError):
        titles.entitle(conversation_id=answered.pk, complete=fail, at=NOON)
    row = Titling.objects.get()
    assert (row.attempts, row.lease_until) == (1, None)
    assert row.next_at
    assert row.next_at > times.now()
    Titling.objects.update(attempts=3)
    demo_model.reset()
    assert entitle(runtime, answered).title_source == "fallback", "no fourth call is paid"
    assert not demo_model.log()


def entitle_beside(runtime: Runtime, conversation: Conversation) -> None:
    """Find a title in a thread of its own, as a worker does."""
    try:
        entitle(runtime, conversation)
    finally:
        connection.close()


@pytest.mark.parametrize("model", ["demo:endless,rate=20", "demo:stall-headers"])
def test_a_worker_that_is_stopped_releases_it_at_once(
    runtime: Runtime,
    leaving: Runtime,
    answered: Conversation,
    demo_model: DemoModelServer,
    settings: Settings,
    model: str,
) -> None:
    settings.LLM_UTILITY_MODEL = model
    demo_model.reset()
    work = Thread(target=entitle_beside, args=[leaving, answered])
    work.start()
    until(demo_model.log)
    began = time.monotonic()
    leaving.hand_over()
    work.join(10)
    assert time.monotonic() - began < 2
    row = Titling.objects.get()
    assert (row.attempts, row.lease_until) == (0, None)
    assert Usage.objects.filter(purpose="title", is_estimated=True).exists()
    entitle(leaving, answered)
    assert Titling.objects.get().attempts == 0, "it takes no more"
    settings.LLM_UTILITY_MODEL = "demo"
    assert entitle(runtime, answered).title_source == "auto"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('"Return of a lamp."', "Return of a lamp"),
        ("**Title: Return of a lamp**", "Return of a lamp"),
        ("Title: Return of a lamp\nBecause the customer asks", "Return of a lamp"),
        ("I'm sorry, I cannot do that.", ""),
        ('{"title": "x"}', ""),
        ("word " * 30, " ".join(["word"] * 12) + "…"),
    ],
)
def test_cleans_what_the_model_wrote(written: str, title: str) -> None:
    assert titles.cleaned(written) == title
