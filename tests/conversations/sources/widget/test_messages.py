"""Reading and writing: /widget/<key>/conversations/<id>/messages."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from conversations.models import Conversation, Message
from conversations.services import messages, thread
from conversations.services.messages import Draft
from conversations.services.thread import Entry, assistant_author
from tests import factories
from tests.conversations.sources.widget.conftest import Frame
from tests.factories import staff

pytestmark = pytest.mark.both_databases


def test_writes_as_the_customer(victor: Frame) -> None:
    response = victor.say(victor.start(), "Where is **my** lamp?", client_id="a")

    assert response.status_code == 201
    message = response.json()
    assert message["author"]["kind"] == "customer"
    assert message["text"] == "Where is **my** lamp?"
    assert message["html"] == "<p>Where is **my** lamp?</p>"
    assert message["client_id"] == "a"
    assert Conversation.objects.get().answer_due_at is not None


def test_a_client_id_is_stored_once(victor: Frame) -> None:
    conversation = victor.start()
    first = victor.say(conversation, "Hello", client_id="a")
    again = victor.say(conversation, "Hello", client_id="a")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Message.objects.count() == 1


def test_a_second_message_within_the_pause_is_refused(
    victor: Frame, settings: LazySettings
) -> None:
    settings.SEND_INTERVAL_SECONDS = 3
    conversation = victor.start()
    victor.say(conversation, "One", client_id="a")

    response = victor.say(conversation, "Two", client_id="b")

    assert response.status_code == 429
    assert 0 < response.json()["retry_after"] <= 3
    assert 1 <= int(response["Retry-After"]) <= 3
    assert victor.say(conversation, "One", client_id="a").status_code == 200


@pytest.mark.parametrize(
    ("body", "faulty"),
    [
        ({"text": ""}, "text"),
        ({}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "x", "client_id": "y" * 101}, "client_id"),
        ({"text": "x", "attachments": ["0197"]}, "attachments"),
    ],
)
def test_refuses_what_is_no_message(victor: Frame, body: dict[str, object], faulty: str) -> None:
    response = victor.post(f"conversations/{victor.start()}/messages", body)

    assert response.status_code == 400
    assert next(iter(response.json()["fields"])).startswith(faulty)
    assert not Message.objects.exists()


def test_counts_code_points(victor: Frame) -> None:
    assert victor.say(victor.start(), "💡" * 10_000).status_code == 201


def test_pages_ascend_and_name_what_lies_before(victor: Frame) -> None:
    conversation = victor.start()
    for number in range(5):
        victor.say(conversation, f"{number}")

    newest = victor.get(f"conversations/{conversation}/messages?limit=2").json()
    earlier = victor.get(
        f"conversations/{conversation}/messages?limit=3&before={newest['previous']}"
    ).json()
    later = victor.get(f"conversations/{conversation}/messages?after=4").json()

    assert [message["text"] for message in newest["results"]] == ["3", "4"]
    assert [message["text"] for message in earlier["results"]] == ["0", "1", "2"]
    assert earlier["previous"] is None
    assert [message["text"] for message in later["results"]] == ["4"]
    assert newest["conversation"]["id"] == conversation


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "before=x", "after=-1"])
def test_refuses_a_page_that_is_none(victor: Frame, query: str) -> None:
    response = victor.get(f"conversations/{victor.start()}/messages?{query}")

    assert response.status_code == 400


def test_shows_agents_by_name_and_hides_what_is_internal(victor: Frame, alice: User) -> None:
    conversation = victor.start()
    row = Conversation.objects.get()
    for kind, text in ((Message.Kind.NOTE, "Difficult"), (Message.Kind.MESSAGE, "Hello")):
        draft = Draft(text=text, kind=kind)
        messages.post(conversation=row, by=staff(alice), draft=draft, at=row.created_at)

    response = victor.get(f"conversations/{conversation}/messages")

    assert "Difficult" not in response.content.decode()
    said = response.json()["results"][-1]
    assert said["text"] == "Hello"
    assert said["author"] == {"kind": "agent", "id": None, "name": "Alice", "avatar": None}
    assert "alice@example.com" not in response.content.decode()


def test_an_ended_conversation_reopens(victor: Frame) -> None:
    conversation = victor.start()
    victor.post(f"conversations/{conversation}/end")

    response = victor.say(conversation, "One more thing")

    assert response.json()["conversation"] == conversation
    assert Conversation.objects.get().lifecycle == "active"


def test_one_that_ended_long_ago_goes_on_in_a_new_one(victor: Frame) -> None:
    old = victor.start()
    victor.post(f"conversations/{old}/end")
    row = Conversation.objects.get()
    assert row.ended_at is not None
    row.ended_at -= victor.widget.reopen_after + timedelta(minutes=1)
    row.save(update_fields=["ended_at"])

    first = victor.say(old, "Hello again", client_id="a")
    retried = victor.say(old, "Hello again", client_id="a")
    second = victor.say(old, "Anybody?", client_id="b")

    new = first.json()["conversation"]
    assert new != old
    assert (first.status_code, retried.status_code) == (201, 200)
    assert first.json()["id"] == retried.json()["id"]
    assert second.json()["conversation"] == new
    assert Conversation.objects.count() == 2


def test_variables_may_come_with_a_message(victor: Frame) -> None:
    conversation = victor.start()
    victor.say(conversation, "Hello", variables={"cart": 189})

    row = Conversation.objects.get()
    assert row.variables.get().value == "189"


def test_a_visitor_chooses_from_a_card(victor: Frame) -> None:
    conversation = victor.start()
    card = {"type": "list", "items": [{"title": "Sand", "value": "The sand one"}]}
    assistant = Conversation.objects.get().assistant
    entry = Entry(author=assistant_author(assistant), text="Which?", cards=[card])
    offer = thread.append(Conversation.objects.get().locked(), entry, at=factories.NOON)
    choice = {"message": str(offer.pk), "card": 0, "option": 0}

    said = victor.say(conversation, "", client_id="a", choice=choice)
    refused = victor.say(conversation, "", client_id="b", choice={**choice, "option": 1})

    assert (said.status_code, said.json()["text"]) == (201, "The sand one")
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == ["choice"]
