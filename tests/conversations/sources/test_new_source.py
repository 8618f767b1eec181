"""A new source is a folder: what it says is seen in list, filter, thread, details and API."""

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
from conversations.services.messages import assistant_author
from conversations.services.thread import Entry
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
def desk(loft: Source, alice: User) -> Client:
    """Alice's browser, in a Parley with pigeons."""
    return signed_in(alice)


@pytest.fixture
def api(loft: Source, alice: User) -> APIClient:
    """Alice's calls of the API."""
    return clients.browser(alice)


@pytest.fixture
def letter(loft: Source) -> Conversation:
    """A conversation that a pigeon brought just now."""
    body = {"source": str(loft.pk), "contact": {"external_id": "ring-7"}, "text": "Is it mended?"}
    begun = clients.system().post(f"{V1}/conversations/", body)
    assert begun.status_code == 201, begun.content
    return Conversation.objects.get(pk=begun.json()["id"])


def shown(desk: Client, address: str) -> str:
    """The page's text; line breaks count as spaces."""
    response = desk.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def close_window(letter: Conversation) -> None:
    """Let the last word be too long ago."""
    gone = times.now() - timedelta(minutes=1)
    Conversation.objects.filter(pk=letter.pk).update(window_expires_at=gone)


def served(name: str) -> str:
    """What is served under that name, below ``/static/``."""
    found = finders.find(name)
    assert isinstance(found, str)
    return Path(found).read_text()


def listed(api: APIClient, **filters: str) -> list[UUID]:
    """The ids of the conversations that match."""
    response = api.get(f"{V1}/conversations/", filters)
    assert response.status_code == 200, response.content
    return [UUID(row["id"]) for row in response.json()["results"]]


def test_the_list_shows_its_badge(desk: Client, letter: Conversation) -> None:
    page = shown(desk, "/conversations/")
    assert BADGE in page
    assert '<link rel="stylesheet" href="/static/carrier_pigeon/badge.css">' in page
    assert ".source--carrier_pigeon {" in served("carrier_pigeon/badge.css")
    assert '<symbol id="icon"' in served("carrier_pigeon/icon.svg")


def test_the_filter_offers_and_applies_it(
    desk: Client, api: APIClient, letter: Conversation, conversation: Conversation
) -> None:
    assert '<option value="carrier_pigeon"' in shown(desk, "/conversations/")
    page = shown(desk, f"/conversations/?source={KIND}")
    assert (str(letter.pk) in page, str(conversation.pk) in page) == (True, False)
    assert listed(api, source=KIND) == [letter.pk]
    assert listed(api, source="api") == [conversation.pk]


def test_thread_and_details_show_it(desk: Client, letter: Conversation) -> None:
    assert letter.contact is not None
    factories.conversation(contact=letter.contact)
    page = shown(desk, f"/conversations/{letter.pk}/")
    assert page.count(BADGE) == 2, "in the list and over the thread"
    assert "Is it mended?" in page
    details = shown(desk, f"/conversations/{letter.pk}/details/")
    assert "ring-7" in details
    assert "Loft" in details


def test_the_api_makes_and_shows_it(loft: Source, letter: Conversation) -> None:
    administrator = clients.browser(factories.person("dora", role="administrator"))
    body = {"kind": KIND, "name": "Tower", "assistant": str(loft.assistant_id)}
    made = administrator.post(f"{V1}/sources/", body)
    assert (made.status_code, made.json()["kind"]) == (201, KIND)
    assert made.json()["gather_seconds"] == 7.0
    rows = administrator.get(f"{V1}/sources/").json()["results"]
    assert [row["kind"] for row in rows] == [KIND, KIND]
    shown_by_api = administrator.get(f"{V1}/conversations/{letter.pk}/").json()
    assert shown_by_api["source"] == {"id": str(loft.pk), "kind": KIND, "name": "Loft"}


def test_the_administration_offers_it(carrier_pigeons: None, db: None) -> None:
    user = factories.person("dora", role="administrator")
    user.is_staff = user.is_superuser = True
    user.save()
    page = shown(signed_in(user), "/admin/conversations/source/add/")
    assert '<option value="carrier_pigeon">Carrier pigeon</option>' in page


def test_it_gathers_as_it_says(loft: Source, letter: Conversation) -> None:
    assert loft.gather_seconds == 7.0
    assert letter.answer_due_at is not None
    assert letter.answer_due_at - letter.last_message_at == timedelta(seconds=7)


def test_its_reply_window_opens_and_closes(
    desk: Client, api: APIClient, letter: Conversation
) -> None:
    words = f"{V1}/conversations/{letter.pk}/messages/"
    assert letter.window_expires_at == letter.last_message_at + timedelta(hours=6)
    assert listed(api, window="open") == [letter.pk]
    assert "5 h left" in shown(desk, f"/conversations/{letter.pk}/")
    assert api.post(words, {"text": "It is."}).status_code == 201

    close_window(letter)

    assert listed(api, window="closed") == [letter.pk]
    assert refusal(api.post(words, {"text": "Still?"})) == (422, "window_closed")
    page = shown(desk, f"/conversations/{letter.pk}/")
    assert "The reply window closed" in page
    assert "The customer has to write first." in page
    assert "data-template" not in page


def test_it_has_no_templates_as_it_says_nothing_of_them(
    api: APIClient, letter: Conversation
) -> None:
    body = {"template": {"name": "hello", "language": "en"}}
    response = api.post(f"{V1}/conversations/{letter.pk}/messages/", body)
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
    letter: Conversation, noon: datetime, card: dict[str, object], sent: list[dict[str, object]]
) -> None:
    locked = letter.locked()
    entry = Entry(author=assistant_author(locked), text="Shall we?", cards=[card])
    message = thread.append(locked, entry, at=noon)
    deliveries.deliver(conversation_id=letter.pk, clock=lambda: noon)
    parts = Delivery.objects.filter(message=message).order_by("part")
    assert [part.content for part in parts] == sent
    assert {part.state for part in parts} == {Delivery.State.SENT}


def test_its_handle_names_and_finds_people(desk: Client, letter: Conversation) -> None:
    Contact.objects.update(attributes={"ring": "grey", "age": "3"})
    assert "@grey" in shown(desk, "/conversations/")
    details = shown(desk, f"/conversations/{letter.pk}/details/")
    assert ("@grey" in details, '<dt class="truncate">ring</dt>' in details) == (True, False)
    assert list(Contact.objects.matching("@grey")) == [letter.contact]


def test_what_its_folder_leaves_behind_is_still_shown(alice: User, db: None) -> None:
    assistant = factories.AssistantFactory.create()
    factories.SourceFactory.create(kind=KIND, name="Loft", assistant=assistant)
    left = factories.conversation(kind=KIND)
    page = shown(signed_in(alice), f"/conversations/{left.pk}/")
    assert '<span class="source source--carrier_pigeon">carrier_pigeon</span>' in page
    refused = clients.browser(alice).get(f"{V1}/conversations/", {"source": KIND})
    assert refusal(refused) == (400, "invalid")
