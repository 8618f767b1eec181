"""The statements of a message: as few as its checks and its rows need."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from conversations.models import Conversation
from tests.api import clients
from tests.api.clients import V1

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

READS = ["apikey", "conversation", "conversation", "message"]
"""The key, whose conversation it is, the conversation locked, whether it was said before."""
WRITES = ["message", "rendering", "topichead", "event", "conversation"]
_TABLE = re.compile(r'(?:SELECT .*? FROM|INSERT INTO|UPDATE) "[a-z_]+_([a-z]+)"', re.DOTALL)


@pytest.fixture
def system(db: None) -> APIClient:
    return clients.system()


def statements(client: APIClient, path: str, **headers: str) -> list[str]:
    """Return the tables of the statements of a second message."""
    tables: list[str] = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            body = {"text": "Your **parcel**", "client_id": str(number)}
            keys = {name: f"{key}-{number}" for name, key in headers.items()}
            assert client.post(path, body, headers=keys).status_code == 201
        found = (_TABLE.match(query["sql"]) for query in queries)
        tables = [match[1] for match in found if match]
    return tables


def test_of_a_system(system: APIClient, conversation: Conversation) -> None:
    path = f"{V1}/conversations/{conversation.pk}/messages/"
    assert statements(system, path) == READS + WRITES


def test_with_a_key_of_the_writer(system: APIClient, conversation: Conversation) -> None:
    path = f"{V1}/conversations/{conversation.pk}/messages/"
    record = "idempotencyrecord"
    wanted = [READS[0], record, *READS[1:], *WRITES, record]
    assert statements(system, path, **{"Idempotency-Key": "k"}) == wanted


def test_of_a_customer(system: APIClient, conversation: Conversation) -> None:
    path = f"{V1}/conversations/{conversation.pk}/customer-messages/"
    # A text as it was typed needs no rendering; a ticket that waits for its customer opens again.
    wanted = [*READS, "message", "topichead", "event", "ticket", "conversation"]
    assert statements(system, path) == wanted
