"""Keys that may write and not read: what an answer tells them of a customer."""

import pytest
from rest_framework.test import APIClient

from conversations.models import Contact, Conversation
from tests.api import clients
from tests.api.clients import V1
from tests.factories import IdentityFactory

pytestmark = pytest.mark.both_databases

SECRETS = {"name": "Maya Lindqvist", "email": "maya@example.com", "phone": "+46701234567"}


@pytest.fixture
def maya(conversation: Conversation) -> Contact:
    """A customer whose external id can be guessed."""
    contact = conversation.contact
    assert contact
    Contact.objects.filter(pk=contact.pk).update(**SECRETS, attributes={"tier": "gold"})
    IdentityFactory.create(contact=contact, source=conversation.source, external_id="4711")
    return contact


def told(text: str) -> list[str]:
    return [secret for secret in (*SECRETS.values(), "tier") if secret in text]


@pytest.fixture
def writer(db: None) -> APIClient:
    """A system whose key writes conversations and contacts, and reads neither."""
    return clients.system("conversations:write", "contacts:write")


@pytest.mark.parametrize("text", [{}, {"text": "Hello"}])
def test_a_guessed_id_tells_nothing(
    writer: APIClient, conversation: Conversation, maya: Contact, text: dict[str, str]
) -> None:
    contact = {"external_id": "4711", "name": "Guess"}
    body = {"source": str(conversation.source_id), "contact": contact, **text}

    response = writer.post(f"{V1}/conversations/", body)

    assert response.status_code == 201
    assert response.json()["contact"]["id"] == str(maya.pk)
    assert told(response.content.decode()) == []
    assert clients.system().post(f"{V1}/conversations/", body).json()["contact"]["name"]


@pytest.mark.parametrize("name", ["Maya Lindqvist", ""])
def test_neither_does_what_is_written(
    writer: APIClient, conversation: Conversation, maya: Contact, name: str
) -> None:
    Contact.objects.update(name=name)
    path = f"{V1}/conversations/{conversation.pk}"
    calls = [
        writer.post(f"{path}/customer-messages/", {"text": "Hello", "client_id": "1"}),
        writer.post(f"{path}/customer-messages/", {"text": "Hello", "client_id": "1"}),
        writer.post(f"{path}/release", {}),
        writer.put(f"{path}/assistant", {"switch": "paused"}),
        writer.put(f"{path}/variables/", {"name": "a", "value": "b"}),
        writer.post(f"{path}/end", {}),
        writer.post(f"{path}/reopen", {}),
        writer.patch(f"{V1}/contacts/{maya.pk}/", {"phone": ""}),
        writer.post(f"{V1}/contacts/{maya.pk}/block", {}),
        writer.post(f"{V1}/contacts/{maya.pk}/unblock", {}),
    ]

    assert {response.status_code for response in calls} == {200, 201}
    assert [told(response.content.decode()) for response in calls] == [[] for _ in calls]
