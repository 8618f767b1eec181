"""Titles: one for every conversation, after the first answer."""

import pytest
from pytest_django import Settings

from chats.live import Runtime
from chats.models import Titling, Usage
from chats.services import due, titles
from conversations.models import Conversation
from conversations.services import conversations
from tests.chats import talk
from tests.chats.servers import DemoModelServer
from tests.factories import NOON

pytestmark = pytest.mark.both_databases


def entitle(runtime: Runtime, conversation: Conversation) -> Conversation:
    titles.entitle(conversation_id=conversation.pk, complete=runtime.complete, at=NOON)
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def answered(runtime: Runtime, conversation: Conversation) -> Conversation:
    """A conversation with a first answer."""
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
    asked = len(demo_model.log())
    entitle(runtime, answered)
    assert len(demo_model.log()) == asked
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


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('"Return of a lamp."', "Return of a lamp"),
        ("<think>Hm, a lamp.</think>\n**Title: Return of a lamp**", "Return of a lamp"),
        ("Title: Return of a lamp\nBecause the customer asks", "Return of a lamp"),
        ("<think>cut off", ""),
        ("I'm sorry, I cannot do that.", ""),
        ('{"title": "x"}', ""),
        ("word " * 30, " ".join(["word"] * 12) + "…"),
    ],
)
def test_cleans_what_the_model_wrote(written: str, title: str) -> None:
    assert titles.cleaned(written) == title
