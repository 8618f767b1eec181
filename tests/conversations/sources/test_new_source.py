"""A new source is a folder: it shows in list, filter, thread, details and API."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.test import Client
from rest_framework.test import APIClient

from channels_layer import times
from conversations.models import Contact, Conversation, Delivery, Source
from conversations.services import deliveries, thread
from conversations.services.thread import Entry, assistant_author
from tests import factories
from tests.api import clients
from tests.api.clients import V1, refusal
from tests.conversations.conftest import signed_in
from tests.conversations.sources.carrier_pigeon import KIND

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BADGE = (
    '<span class="source source--carrier_pigeon"><svg class="icon" aria-hidden="true">'
    '<use href="/static/carrier_pigeon/icon.svg#icon"></use></svg>Carrier pigeon</span>'
)
CHOICE = {"type": "buttons", "buttons": [{"title": "Yes"}, {"title": "No"}]}
LONG_CHOICE = {"type": "buttons", "buttons": [{"title": "A"}, {"title": "B"}, {"title": "C"}]}


@pytest.fixture
def inbox(loft: Source, alice: User) -> Client:
    """Alice's browser, in a Parley with pigeons."""
    return signed_in(alice)


@pytest.fixture
def api(loft: Source, alice: User) -> APIClient:
    """Alice's calls of the API."""
    return clients.browser(alice)


@pytest.fixture
def arrival(loft: Source) -> Conversation:
    """A conversation that a pigeon brought just now."""
    body = {"source": str(loft.pk), "contact": {"external_id": "ring-7"}, "text": "Is it mended?"}
    begun = clients.system().post(f"{V1}/conversations/", body)
    assert begun.status_code == 201, begun.content
    return Conversation.objects.get(pk=begun.json()["id"])


def shown(inbox: Client, address: str) -> str:
    """Return the page's text; line breaks count as spaces."""
    response = inbox.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def close_window(arrival: Conversation) -> None:
    """Set the end of the reply window to a minute ago."""
    gone = times.now() - timedelta(minutes=1)
    Conversation.objects.filter(pk=arrival.pk).update(window_expires_at=gone)


def served(name: str) -> str:
    """Return the static file of that name."""
    found = finders.find(name)
    assert isinstance(found, str)
    return Path(found).read_text()


def listed(api: APIClient, **filters: str) -> list[UUID]:
    """Return the ids of the conversations that match."""
    response = api.get(f"{V1}/conversations/", filters)
    assert response.status_code == 200, response.content
    return [UUID(row["id"]) for row in response.json()["results"]]


def test_the_list_shows_its_badge(inbox: Client, arrival: Conversation) -> None:
    page = shown(inbox, "/conversations/")
    assert BADGE in page
    assert '<link rel="stylesheet" href="/static/carrier_pigeon/badge.css">' in page
    assert ".source--carrier_pigeon {" in served("carrier_pigeon/badge.css")
    assert '<symbol id="icon"' in served("carrier_pigeon/icon.svg")


def test_the_filter_offers_and_applies_it(
    inbox: Client, api: APIClient, arrival: Conversation, conversation: Conversation
) -> None:
    assert '<option value="carrier_pigeon"' in shown(inbox, "/conversations/")
    page = shown(inbox, f"/conversations/?source={KIND}")
    assert (str(arrival.pk) in page, str(conversation.pk) in page) == (True, False)
    assert listed(api, source=KIND) == [arrival.pk]
    assert listed(api, source="api") == [conversation.pk]


def test_thread_and_details_show_it(inbox: Client, arrival: Conversation) -> None:
    assert arrival.contact is not None
    factories.conversation(contact=arrival.contact)
    page = shown(inbox, f"/conversations/{arrival.pk}/")
    assert page.count(BADGE) == 2, "in the list and over the thread"
    assert "Is it mended?" in page
    details = shown(inbox, f"/conversations/{arrival.pk}/details/")
    assert "ring-7" in details
    assert "Loft" in details


def test_the_api_makes_and_shows_it(loft: Source, arrival: Conversation) -> None:
    administrator = clients.browser(factories.person("dora", role="administrator"))
    body = {"kind": KIND, "name": "Tower", "assistant": str(loft.assistant_id)}
    made = administrator.post(f"{V1}/sources/", body)
    assert (made.status_code, made.json()["kind"]) == (201, KIND)
    assert made.json()["gather_seconds"] == 7.0
    rows = administrator.get(f"{V1}/sources/").json()["results"]
    assert [row["kind"] for row in rows] == [KIND, KIND]
    shown_by_api = administrator.get(f"{V1}/conversations/{arrival.pk}/").json()
    assert shown_by_api["source"] == {"id": str(loft.pk), "kind": KIND, "name": "Loft"}


def test_the_administration_offers_it(carrier_pigeons: None, db: None) -> None:
    user = factories.person("dora", role="administrator")
    user.is_staff = user.is_superuser = True
    user.save()
    page = shown(signed_in(user), "/admin/conversations/source/add/")
    assert '<option value="carrier_pigeon">Carrier pigeon</option>' in page


def test_it_gathers_as_it_says(loft: Source, arrival: Conversation) -> None:
    assert loft.gather_seconds == 7.0
    assert arrival.answer_due_at is not None
    assert arrival.answer_due_at - arrival.last_message_at == timedelta(seconds=7)


def test_its_reply_window_opens_and_closes(
    inbox: Client, api: APIClient, arrival: Conversation
) -> None:
    words = f"{V1}/conversations/{arrival.pk}/messages/"
    assert arrival.window_expires_at == arrival.last_message_at + timedelta(hours=6)
    assert listed(api, window="open") == [arrival.pk]
    assert "5 h left" in shown(inbox, f"/conversations/{arrival.pk}/")
    assert api.post(words, {"text": "It is."}).status_code == 201

    close_window(arrival)

    assert listed(api, window="closed") == [arrival.pk]
    assert refusal(api.post(words, {"text": "Still?"})) == (422, "window_closed")
    page = shown(inbox, f"/conversations/{arrival.pk}/")
    assert "The reply window closed" in page
    assert "The customer has to write first." in page
    assert "data-template" not in page


def test_it_has_no_templates_as_it_says_nothing_of_them(
    api: APIClient, arrival: Conversation
) -> None:
    body = {"template": {"name": "hello", "language": "en"}}
    response = api.post(f"{V1}/conversations/{arrival.pk}/messages/", body)
    assert response.status_code == 400
    assert response.json()["detail"] == "There are no templates for this source; send a text."


@pytest.mark.parametrize(
    ("card", "sent"),
    [
        (CHOICE, [{"slip": "Shall we?"}, {"notches": CHOICE["buttons"]}]),
        (LONG_CHOICE, [{"slip": "Shall we? / - A\n- B\n- C"}]),
    ],
    ids=["two", "three"],
)
def test_choices_are_offered_up_to_its_number(
    arrival: Conversation, noon: datetime, card: dict[str, object], sent: list[dict[str, object]]
) -> None:
    locked = arrival.locked()
    entry = Entry(author=assistant_author(locked.assistant), text="Shall we?", cards=[card])
    message = thread.append(locked, entry, at=noon)
    deliveries.deliver(conversation_id=arrival.pk, clock=lambda: noon)
    parts = Delivery.objects.filter(message=message).order_by("part")
    assert [part.content for part in parts] == sent
    assert {part.state for part in parts} == {Delivery.State.SENT}


def test_its_handle_names_and_finds_people(inbox: Client, arrival: Conversation) -> None:
    Contact.objects.update(attributes={"ring": "grey", "age": "3"})
    assert "@grey" in shown(inbox, "/conversations/")
    details = shown(inbox, f"/conversations/{arrival.pk}/details/")
    assert ("@grey" in details, '<dt class="truncate">ring</dt>' in details) == (True, False)
    assert list(Contact.objects.matching("@grey")) == [arrival.contact]


def test_what_its_folder_leaves_behind_is_still_shown(alice: User, db: None) -> None:
    assistant = factories.AssistantFactory.create()
    factories.SourceFactory.create(kind=KIND, name="Loft", assistant=assistant)
    left = factories.conversation(kind=KIND)
    page = shown(signed_in(alice), f"/conversations/{left.pk}/")
    assert '<span class="source source--carrier_pigeon">carrier_pigeon</span>' in page
    refused = clients.browser(alice).get(f"{V1}/conversations/", {"source": KIND})
    assert refusal(refused) == (400, "invalid")
