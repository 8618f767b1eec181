"""Keys that may write and not read: what answers tell of tickets, runs, files and configuration."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from rest_framework.test import APIClient

from channels_layer.access.actors import System
from chats.models import Article, Run, ToolCall
from conversations.models import Contact, Conversation, Delivery, Message, Reading
from conversations.services import attachments, messages
from conversations.services.attachments import Upload
from conversations.services.messages import Draft
from tests.api import clients
from tests.api.clients import V1, refusal
from tests.api.conftest import IBAN
from tests.factories import AssistantFactory, SourceFactory, staff
from tests.fakes import files
from tickets.models import Ticket
from tickets.services import tickets
from tickets.services.tickets import Draft as TicketDraft
from tickets.services.tickets import Seen

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]

VICTOR = System(name="Victor")
PERSON = {"name": "Maya Lindqvist", "email": "maya@example.com", "phone": "+46701234567"}
WORDS = ("Cracked base", "Lamp arrived broken", "carrier", "Alice Moreau")


@pytest.fixture
def ticket(conversation: Conversation, alice: User, noon: datetime) -> Ticket:
    """Return a ticket of Maya's that has changed once."""
    Contact.objects.update(**PERSON)
    conversation.refresh_from_db()
    User.objects.filter(pk=alice.pk).update(first_name="Alice", last_name="Moreau")
    draft = TicketDraft(
        subject=WORDS[0], description=WORDS[1], tags=[WORDS[2]], conversation=conversation
    )
    by = staff(User.objects.get(pk=alice.pk))
    ticket = tickets.create(draft=draft, by=by, at=noon)
    values = {"subject": "Cracked base, again", "assignee": by.user}
    return tickets.update(ticket=ticket, values=values, seen=Seen(), by=by, at=noon)


def told(response: Any, *more: str) -> list[str]:
    text = response.content.decode()
    return [secret for secret in (*PERSON.values(), *WORDS, *more) if secret in text]


Writing = Callable[[APIClient, str, str], Any]


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (lambda key, path, _: key.patch(path, {}), 200),
        (lambda key, path, _: key.patch(path, {"priority": "high", "version": 2}), 200),
        (lambda key, path, _: key.patch(path, {"priority": "high", "version": 0}), 409),
        (lambda key, path, _: key.patch(path, {"priority": "high", "seq": 0}), 409),
        (lambda key, path, of: key.post(f"{path}link", {"conversation": of}), 200),
        (lambda key, path, of: key.post(f"{path}unlink", {"conversation": of}), 200),
        (lambda key, path, _: key.post(f"{path}comments/", {"text": "Hello"}), 201),
    ],
)
def test_a_guessed_number_tells_nothing(write: Writing, code: int, ticket: Ticket) -> None:
    of = str(ticket.links.get().conversation_id)
    path = f"{V1}/tickets/{ticket.number}/"

    response = write(clients.system("tickets:write", "conversations:write"), path, of)

    assert response.status_code == code
    assert told(response) == []


@pytest.mark.parametrize("field", ["requester", "conversation"])
def test_neither_does_a_new_ticket(field: str, ticket: Ticket) -> None:
    named = {
        "requester": str(ticket.requester_id),
        "conversation": str(ticket.links.get().conversation_id),
    }
    body = {"subject": "Of mine", field: named[field]}

    writer = clients.system("tickets:write", "conversations:write")

    response = writer.post(f"{V1}/tickets/", body)

    assert (response.status_code, response.json()["subject"]) == (201, "Of mine")
    assert response.json()["requester"]["id"] == named["requester"]
    assert told(response) == []
    assert told(clients.system().post(f"{V1}/tickets/", body))


def test_a_proposal_needs_the_right_to_read_conversations(conversation: Conversation) -> None:
    path = f"{V1}/conversations/{conversation.pk}/ticket-proposal"

    writer = clients.system("tickets:read", "tickets:write", "conversations:write")

    assert refusal(writer.post(path)) == (403, "forbidden")


def test_an_identifier_elsewhere_is_no_part_of_an_answer(conversation: Conversation) -> None:
    Conversation.objects.update(external_id="+46701234567")
    path = f"{V1}/conversations/{conversation.pk}/end"

    assert told(clients.system("conversations:write").post(path)) == []


def test_stopping_an_answer_tells_neither_why_it_failed_nor_what_it_took(run: Run) -> None:
    Run.objects.update(error="Maya Lindqvist is unknown")
    shown = clients.system("conversations:write").post(f"{V1}/runs/{run.pk}/cancel")

    assert shown.status_code == 202
    assert told(shown) == []
    assert shown.json()["usage"] is None


@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_deciding_tells_nothing_of_a_call(decision: str, call: ToolCall) -> None:
    body = {"note": "No"} if decision == "deny" else {}
    response = clients.system("conversations:write").post(
        f"{V1}/tool-calls/{call.pk}/{decision}", body
    )

    assert response.status_code == 200
    assert told(response, IBAN) == []


@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_losing_a_decision_tells_nothing_of_who_won(
    decision: str, call: ToolCall, alice: User
) -> None:
    path = f"{V1}/tool-calls/{call.pk}"
    User.objects.filter(pk=alice.pk).update(first_name="Alice", last_name="Moreau")
    clients.browser(User.objects.get(pk=alice.pk)).post(f"{path}/approve", {})

    lost = clients.system("conversations:write").post(f"{path}/{decision}", {})

    assert refusal(lost) == (409, "already_decided")
    assert lost.json()["status"] == "ready"
    assert told(lost) == []
    assert told(clients.system().post(f"{path}/{decision}", {})) == ["Alice Moreau"]


def test_sending_again_tells_nothing_of_a_message(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    said, _ = messages.post(
        conversation=conversation, by=staff(alice), draft=Draft(text=WORDS[0]), at=noon
    )
    Delivery.objects.create(
        conversation=conversation,
        message=said,
        content={},
        state=Delivery.State.FAILED,
        changed_at=noon,
        next_at=noon,
        created_at=noon,
    )
    path = f"{V1}/conversations/{conversation.pk}/messages/{said.pk}/resend/"

    response = clients.system("conversations:write").post(path)

    assert response.status_code == 200
    assert told(response) == []


def test_reading_a_file_again_gives_no_link_to_it(
    conversation: Conversation, settings: Settings, tmp_path: Any, noon: datetime
) -> None:
    settings.MEDIA_ROOT = tmp_path
    photo = attachments.store(
        upload=Upload(name="Cracked base.jpg", data=files.photo()), by=VICTOR, at=noon
    )
    draft = Draft(text="", attachments=(photo.pk,))
    messages.customer_message(conversation=conversation, by=VICTOR, draft=draft, at=noon)
    Reading.objects.update(state="failed", error="Refused.", attempts=5)

    response = clients.system("conversations:write").post(f"{V1}/attachments/{photo.pk}/retry/")

    assert response.status_code == 202
    assert (response.json()["url"], response.json()["thumbnail_url"]) == (None, None)
    assert told(response) == []


def test_changing_nothing_tells_nothing_of_the_configuration(alice: User, noon: datetime) -> None:
    User.objects.filter(pk=alice.pk).update(email=PERSON["email"], first_name=PERSON["name"])
    ada = AssistantFactory.create(name="Cracked base", instructions="Say carrier")
    source = SourceFactory.create(name="Lamp arrived broken", assistant=ada)
    article = Article.objects.create(
        assistant=ada, title="carrier", text="Cracked base", created_at=noon, updated_at=noon
    )
    writer = clients.system("assistants:write", "sources:write", "agents:write")
    paths = [
        f"assistants/{ada.pk}/",
        f"sources/{source.pk}/",
        f"articles/{article.pk}/",
        f"agents/{alice.pk}/",
    ]

    answers = [writer.patch(f"{V1}/{path}", {}) for path in paths]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert [told(answer) for answer in answers] == [[]] * 4
    assert all(told(clients.system().patch(f"{V1}/{path}", {})) for path in paths)


def test_a_chat_is_told_by_the_rights_to_chats(db: None) -> None:
    ada = AssistantFactory.create()
    SourceFactory.create(kind="test_chat", assistant=ada)
    key, both = clients.system("chats:write"), clients.system("chats:read", "chats:write")
    paths = [
        f"{V1}/chats/{client.post(f'{V1}/chats/', {'assistant': str(ada.pk)}).json()['id']}/"
        for client in (key, both)
    ]
    titles = [
        client.patch(path, {"title": "Refunds"}).json()["title"]
        for client, path in zip((key, both), paths, strict=True)
    ]

    assert titles == ["", "Refunds"]
    assert Message.objects.count() == 0
