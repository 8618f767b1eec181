"""Assistants, sources and agents: read by agents, changed by administrators and keys."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.ids import new_id
from conversations.models import Assistant, Conversation, Source
from handoff.models import Agent
from tests.api.clients import V1, refusal, system
from tests.factories import AssistantFactory, SourceFactory


def test_an_administrator_makes_an_assistant(administrators: APIClient) -> None:
    body = {"name": "Kit", "tools": ["search_knowledge"], "handoff_triggers": {"turn_cap": 20}}
    made = administrators.post(f"{V1}/assistants/", body)
    path = f"{V1}/assistants/{made.json()['id']}/"
    changed = administrators.patch(path, {"tagline": "Care and repair"})

    assert (made.status_code, changed.status_code) == (201, 200)
    assert changed.json() == {**made.json(), "tagline": "Care and repair"}
    assert administrators.delete(path).status_code == 204
    assert refusal(administrators.get(path)) == (404, "not_found")


def test_what_is_in_use_stays(administrators: APIClient, conversation: Conversation) -> None:
    for path in (f"assistants/{conversation.assistant_id}/", f"sources/{conversation.source_id}/"):
        assert refusal(administrators.delete(f"{V1}/{path}")) == (409, "in_use")
    assert Assistant.objects.count() == 1


def test_an_administrator_makes_a_source(administrators: APIClient) -> None:
    assistant = AssistantFactory.create()
    body = {"kind": "api", "name": "Shop", "assistant": str(assistant.pk)}
    made = administrators.post(f"{V1}/sources/", body)
    path = f"{V1}/sources/{made.json()['id']}/"
    changed = administrators.patch(path, {"is_active": False, "gather_seconds": 1.5})

    assert made.status_code == 201
    assert made.json()["assistant"] == {"id": str(assistant.pk), "name": "Ada"}
    assert (changed.json()["is_active"], changed.json()["gather_seconds"]) == (False, 1.5)
    assert administrators.delete(path).status_code == 204


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("assistants/", {}, "name"),
        ("assistants/", {"name": "A", "temperature": 3}, "temperature"),
        ("assistants/", {"name": "A", "context_tokens": 10}, "context_tokens"),
        ("assistants/", {"name": "A", "first_token_seconds": 0}, "first_token_seconds"),
        ("assistants/", {"name": "A", "idle_seconds": 5000}, "idle_seconds"),
        (
            "assistants/",
            {"name": "A", "first_token_seconds": 90, "total_seconds": 60},
            "total_seconds",
        ),
        ("assistants/", {"name": "A", "tools": "all"}, "tools"),
        ("sources/", {"kind": "web_widget", "name": "A", "assistant": "…"}, "kind"),
        ("sources/", {"kind": "api", "name": "A", "assistant": str(new_id())}, "assistant"),
        ("sources/", {"kind": "api", "name": "A", "assistant": "x"}, "assistant"),
    ],
)
def test_refuses_what_is_malformed(
    path: str, body: dict[str, object], field: str, administrators: APIClient
) -> None:
    given = body | (
        {"assistant": str(AssistantFactory.create().pk)} if "…" in body.values() else {}
    )
    response = administrators.post(f"{V1}/{path}", given)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == [field]


def test_lists_cost_the_same_for_one_and_for_many(
    api: APIClient, django_assert_num_queries: object
) -> None:
    SourceFactory.create()
    for path in ("sources/", "assistants/", "agents/"):
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert api.get(f"{V1}/{path}").status_code == 200
    for n in range(5):
        SourceFactory.create(name=f"Source {n}")
    for path in ("sources/", "assistants/", "agents/"):
        with django_assert_num_queries(3):  # type: ignore[operator]
            assert api.get(f"{V1}/{path}").status_code == 200
    assert Source.objects.count() == 6


def test_lists_agents(api: APIClient, alice: User, bob: User, mallory: User) -> None:
    rows = api.get(f"{V1}/agents/").json()["results"]

    assert [(row["id"], row["name"], row["role"]) for row in rows] == [
        (alice.pk, "Alice", "agent"),
        (bob.pk, "Bob", "agent"),
    ]


def test_says_that_one_is_there(api: APIClient, alice: User) -> None:
    response = api.patch(f"{V1}/agents/me", {"presence": "online", "capacity": 3})

    assert (response.json()["presence"], response.json()["capacity"]) == ("online", 3)
    assert response.json() == api.get(f"{V1}/agents/me").json()
    agent = Agent.objects.get(user=alice)
    assert (agent.presence, agent.capacity, agent.role) == ("online", 3, "agent")


@pytest.mark.parametrize("body", [{"presence": "asleep"}, {"capacity": -1}, {"capacity": "x"}])
def test_refuses_unknown_presence(body: dict[str, object], api: APIClient) -> None:
    assert refusal(api.patch(f"{V1}/agents/me", body)) == (400, "invalid")


def test_nobody_promotes_oneself(api: APIClient, alice: User) -> None:
    api.patch(f"{V1}/agents/me", {"role": "administrator"})
    response = api.patch(f"{V1}/agents/{alice.pk}/", {"role": "administrator"})

    assert refusal(response) == (403, "forbidden")
    assert Agent.objects.get(user=alice).role == "agent"


def test_an_administrator_gives_roles(administrators: APIClient, alice: User) -> None:
    response = administrators.patch(f"{V1}/agents/{alice.pk}/", {"role": "administrator"})
    alice.refresh_from_db()
    assert (response.json()["role"], alice.is_staff) == ("administrator", True)

    administrators.patch(f"{V1}/agents/{alice.pk}/", {"role": "agent"})
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser) == (False, False)


@pytest.mark.parametrize("role", ["administrator", "agent"])
def test_a_key_gives_no_role(role: str, shop: APIClient, alice: User) -> None:
    path = f"{V1}/agents/{alice.pk}/"
    refused = shop.patch(path, {"role": role, "capacity": 3})
    assert refusal(refused) == (403, "person_required")
    assert "administrators" in refused.json()["detail"]
    assert (Agent.objects.get(user=alice).role, shop.get(path).json()["capacity"]) == ("agent", 5)

    assert shop.patch(path, {"capacity": 3}).json()["capacity"] == 3


def test_the_last_administrator_keeps_the_role(administrators: APIClient, alice: User) -> None:
    own = f"{V1}/agents/{administrators.get(f'{V1}/agents/me').json()['id']}/"
    assert refusal(administrators.patch(own, {"role": "agent"})) == (409, "last_administrator")

    administrators.patch(f"{V1}/agents/{alice.pk}/", {"role": "administrator"})
    assert administrators.patch(own, {"role": "agent"}).json()["role"] == "agent"
    assert refusal(administrators.patch(own, {"role": "administrator"})) == (403, "forbidden")


def test_a_key_is_nobody(shop: APIClient, alice: User) -> None:
    assert refusal(shop.get(f"{V1}/agents/me")) == (403, "person_required")
    assert shop.get(f"{V1}/agents/{alice.pk}/").status_code == 200
    for unknown in (0, 10**30):
        assert refusal(shop.get(f"{V1}/agents/{unknown}/")) == (404, "not_found")


@pytest.mark.django_db
def test_a_key_with_the_scope_configures() -> None:
    client = system("assistants:write")

    assert client.post(f"{V1}/assistants/", {"name": "Kit"}).status_code == 201
