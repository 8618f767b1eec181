"""What is known in a conversation: /api/v1/conversations/<id>/variables/."""

import pytest
from rest_framework.test import APIClient

from channels_layer.models import Event
from conversations.models import Conversation
from tests.api.clients import V1, refusal


@pytest.fixture
def path(conversation: Conversation) -> str:
    return f"{V1}/conversations/{conversation.pk}/variables/"


def test_persons_and_systems_set_them(api: APIClient, shop: APIClient, path: str) -> None:
    api.put(path, {"name": "order_id", "value": "ORD-1"})
    response = shop.put(path, {"name": "order_id", "value": "ORD-2"})
    shop.put(path, {"name": "carrier", "value": ""})

    assert response.status_code == 200
    assert response.json() | {"updated_at": None} == {
        "name": "order_id",
        "value": "ORD-2",
        "source": "api",
        "by": "Shop",
        "updated_at": None,
    }
    rows = api.get(path).json()["results"]
    assert [row["name"] for row in rows] == ["carrier", "order_id"]
    assert Event.objects.filter(type="variables.updated").count() == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"value": "x"}, "name"),
        ({"name": "", "value": "x"}, "name"),
        ({"name": "x" * 81, "value": "x"}, "name"),
        ({"name": "a\0", "value": "x"}, "name"),
        ({"name": "a"}, "value"),
        ({"name": "a", "value": {}}, "value"),
    ],
)
def test_refuses_what_is_malformed(
    body: dict[str, object], field: str, api: APIClient, path: str
) -> None:
    response = api.put(path, body)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == [field]
