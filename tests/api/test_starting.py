"""Starting a conversation through an API source: POST /api/v1/conversations/."""

import pytest
from rest_framework.test import APIClient

from conversations.models import Contact, Conversation, Identity, Message, Source, Variable
from tests.api.clients import V1, refusal
from tests.factories import SourceFactory

pytestmark = pytest.mark.both_databases
PATH = f"{V1}/conversations/"


@pytest.fixture
def source(db: None) -> Source:
    """Return an API source."""
    return SourceFactory.create()


def test_begins_with_the_customer_s_words(shop: APIClient, source: Source) -> None:
    response = shop.post(
        PATH,
        {
            "source": str(source.pk),
            "contact": {"external_id": "c-1", "name": "Maya", "email": "maya@example.com"},
            "text": "Where is my lamp?",
            "variables": {"order_id": "ORD-1"},
        },
    )

    assert response.status_code == 201, response.content
    begun = response.json()
    assert begun["contact"]["external_id"] == "c-1"
    assert (begun["control"], begun["lifecycle"]) == ("ai", "active")
    assert begun["last_message"]["text"] == "Where is my lamp?"
    conversation = Conversation.objects.get(pk=begun["id"])
    assert begun["seq"] == conversation.seq
    assert conversation.answer_due_at is not None
    message = Message.objects.get(conversation=conversation)
    assert (message.author_kind, message.author_name) == ("customer", "Maya")
    variable = Variable.objects.get()
    assert (variable.name, variable.value, variable.origin) == ("order_id", "ORD-1", "api")
    assert variable.origin_name == "Shop"


def test_knows_the_contact_again(shop: APIClient, source: Source) -> None:
    contact = {"external_id": "c-1", "name": "Maya"}
    first = shop.post(PATH, {"source": str(source.pk), "contact": contact}).json()
    again = shop.post(PATH, {"source": str(source.pk), "contact": {"external_id": "c-1"}}).json()

    assert first["contact"] == again["contact"]
    assert first["id"] != again["id"]


def test_the_same_email_opens_nobody_s_history(shop: APIClient, source: Source) -> None:
    for identifier in ("c-1", "c-2"):
        contact = {"external_id": identifier, "email": "same@example.com"}
        assert shop.post(PATH, {"source": str(source.pk), "contact": contact}).status_code == 201

    assert Contact.objects.count() == 2


def test_a_contact_without_an_id_is_new(shop: APIClient, source: Source) -> None:
    for _ in range(2):
        assert shop.post(PATH, {"source": str(source.pk)}).status_code == 201

    assert Identity.objects.count() == 2


def test_waits_for_words_when_there_are_none(shop: APIClient, source: Source) -> None:
    begun = shop.post(PATH, {"source": str(source.pk)}).json()

    assert begun["last_message"] is None
    assert Conversation.objects.get().answer_due_at is None


def test_a_person_begins_but_does_not_speak_as_the_customer(api: APIClient, source: Source) -> None:
    assert api.post(PATH, {"source": str(source.pk)}).status_code == 201
    response = api.post(PATH, {"source": str(source.pk), "text": "Hi"})

    assert refusal(response) == (403, "key_required")
    assert Conversation.objects.count() == 1


def test_refuses_other_sources(shop: APIClient) -> None:
    for kind in ("test_chat", "web_widget"):
        source = SourceFactory.create(kind=kind)
        response = shop.post(PATH, {"source": str(source.pk)})
        assert refusal(response) == (422, "refused")
        assert list(response.json()["fields"]) == ["source"]


def test_refuses_a_closed_source(shop: APIClient) -> None:
    source = SourceFactory.create(is_active=False)

    assert refusal(shop.post(PATH, {"source": str(source.pk)})) == (422, "refused")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "source"),
        ({"source": "nonsense"}, "source"),
        ({"source": "01970c00-0000-7000-8000-000000000003"}, "source"),
        ({"source": "…", "text": ""}, "text"),
        ({"source": "…", "text": "a\0b"}, "text"),
        ({"source": "…", "text": "x" * 10_001}, "text"),
        ({"source": "…", "text": 5}, "text"),
        ({"source": "…", "contact": {"email": "nobody"}}, "contact.email"),
        ({"source": "…", "contact": {"external_id": "x" * 201}}, "contact.external_id"),
        ({"source": "…", "contact": []}, "contact.non_field_errors"),
        ({"source": "…", "variables": {"a": ["b"]}}, "variables.a"),
        ({"source": "…", "variables": {"a\0": "b"}}, "variables"),
        ({"source": "…", "variables": "none"}, "variables"),
    ],
)
def test_refuses_what_is_malformed(
    body: dict[str, object], field: str, shop: APIClient, source: Source
) -> None:
    given = body | ({"source": str(source.pk)} if body.get("source") == "…" else {})
    response = shop.post(PATH, given)

    assert refusal(response) == (400, "invalid")
    assert field in response.json()["fields"]
    assert not Conversation.objects.exists()


def test_refuses_lone_surrogates(shop: APIClient, source: Source) -> None:
    body = f'{{"source": "{source.pk}", "text": "\\ud800"}}'
    response = shop.post(PATH, body, content_type="application/json")

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == ["text"]


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "null", '{"source": NaN}'])
def test_refuses_other_bodies(body: str, shop: APIClient) -> None:
    response = shop.post(PATH, body, content_type="application/json")

    assert refusal(response) == (400, "invalid")


def test_the_same_key_begins_once(shop: APIClient, source: Source) -> None:
    body = {"source": str(source.pk), "text": "Hello"}
    headers = {"Idempotency-Key": "one"}
    first = shop.post(PATH, body, headers=headers)
    again = shop.post(PATH, body, headers=headers)
    other = shop.post(PATH, {**body, "text": "Bye"}, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert refusal(other) == (409, "idempotency_mismatch")
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}])
def test_refuses_a_body_that_is_too_large(headers: dict[str, str], shop: APIClient) -> None:
    response = shop.post(PATH, {"source": "x", "text": "a" * 3_000_000}, headers=headers)

    assert refusal(response) == (413, "too_large")
