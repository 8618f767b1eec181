"""Tools and articles of assistants: /api/v1/tools/ and /api/v1/articles/."""

import pytest
from rest_framework.test import APIClient

from channels_layer.ids import new_id
from conversations.models import Assistant
from tests.api.clients import V1, refusal, system
from tests.factories import AssistantFactory

LIST = f"{V1}/articles/"


@pytest.fixture
def ada(db: None) -> Assistant:
    """Return an assistant who knows things."""
    return AssistantFactory.create()


def test_lists_tools(api: APIClient) -> None:
    rows = api.get(f"{V1}/tools/").json()["results"]

    assert {"search_knowledge", "request_handoff"} <= {row["name"] for row in rows}
    assert all(row["parameters"]["type"] == "object" for row in rows)


def test_an_administrator_writes_articles(administrators: APIClient, ada: Assistant) -> None:
    body = {"assistant": str(ada.pk), "title": "Returns", "text": "Within 30 days."}
    written = administrators.post(LIST, body)
    path = f"{LIST}{written.json()['id']}/"
    changed = administrators.patch(path, {"text": "Within 14 days.", "is_active": False})

    assert (written.status_code, changed.status_code) == (201, 200)
    assert (changed.json()["text"], changed.json()["is_active"]) == ("Within 14 days.", False)
    assert administrators.get(path).json() == changed.json()
    assert administrators.delete(path).status_code == 204
    assert refusal(administrators.get(path)) == (404, "not_found")


def test_agents_read_and_search(api: APIClient, administrators: APIClient, ada: Assistant) -> None:
    kit = AssistantFactory.create(name="Kit")
    for assistant, title in ((ada, "Returns"), (kit, "Bulbs")):
        body = {"assistant": str(assistant.pk), "title": title, "text": "…"}
        administrators.post(LIST, body)

    def titles(**query: str) -> list[str]:
        return [row["title"] for row in api.get(LIST, query).json()["results"]]

    assert titles() == ["Bulbs", "Returns"]
    assert titles(assistant=str(ada.pk)) == ["Returns"]
    assert titles(search="bulb") == ["Bulbs"]
    assert titles(assistant=str(new_id())) == []
    assert refusal(api.post(LIST, {})) == (403, "forbidden")


@pytest.mark.parametrize("query", [{"assistant": "x"}, {"search": "a\0"}, {"cursor": "x"}])
def test_refuses_unknown_values(query: dict[str, str], api: APIClient) -> None:
    response = api.get(LIST, query)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == list(query)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "A", "text": "B"}, "assistant"),
        ({"assistant": "…", "text": "B"}, "title"),
        ({"assistant": "…", "title": "A"}, "text"),
        ({"assistant": "…", "title": "x" * 201, "text": "B"}, "title"),
    ],
)
def test_refuses_what_is_malformed(
    body: dict[str, str], field: str, administrators: APIClient, ada: Assistant
) -> None:
    given = body | ({"assistant": str(ada.pk)} if "assistant" in body else {})
    response = administrators.post(LIST, given)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == [field]


def test_keys_need_the_scope_of_assistants(ada: Assistant) -> None:
    body = {"assistant": str(ada.pk), "title": "Returns", "text": "Within 30 days."}

    assert refusal(system("assistants:read").post(LIST, body)) == (403, "forbidden")
    assert system("assistants:write").post(LIST, body).status_code == 201
    assert refusal(system("chats:read").get(f"{V1}/tools/")) == (403, "forbidden")
