"""Who has the floor: POST /api/v1/conversations/<id>/join, accept, release, end, reopen."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.ids import new_id
from conversations.models import Conversation
from tests.api.clients import V1, refusal

pytestmark = pytest.mark.both_databases
MOVES = ("join", "accept", "release", "end", "reopen")


def move(client: APIClient, conversation: Conversation, name: str, **body: object) -> object:
    return client.post(f"{V1}/conversations/{conversation.pk}/{name}", body)


def control(response: object) -> tuple[str, str]:
    body = response.json()  # type: ignore[attr-defined]
    assert response.status_code == 200, body  # type: ignore[attr-defined]
    return body["lifecycle"], body["control"]


def test_the_whole_way(api: APIClient, alice: User, conversation: Conversation) -> None:
    assert control(move(api, conversation, "join")) == ("active", "requested")
    accepted = move(api, conversation, "accept")
    assert control(accepted) == ("active", "agent")
    assert accepted.json()["owner"]["id"] == alice.pk  # type: ignore[attr-defined]
    assert accepted.json()["epoch"] == 1  # type: ignore[attr-defined]
    assert control(move(api, conversation, "accept")) == ("active", "agent")
    assert control(move(api, conversation, "release")) == ("active", "ai")
    assert control(move(api, conversation, "end")) == ("ended", "ai")
    assert control(move(api, conversation, "end")) == ("ended", "ai")
    assert control(move(api, conversation, "reopen")) == ("active", "ai")


def test_another_was_faster(
    api: APIClient, bobs: APIClient, alice: User, waiting: Conversation
) -> None:
    move(api, waiting, "accept")
    for name in ("accept", "join"):
        response = move(bobs, waiting, name)
        assert refusal(response) == (409, "already_accepted")
        assert response.json()["owner"] == {  # type: ignore[attr-defined]
            "id": alice.pk,
            "name": "Alice",
        }


def test_nobody_asked(api: APIClient, conversation: Conversation) -> None:
    assert refusal(move(api, conversation, "accept")) == (409, "not_requested")


@pytest.mark.parametrize("name", ["join", "accept", "release"])
def test_an_ended_conversation_only_reopens(
    name: str, api: APIClient, conversation: Conversation
) -> None:
    move(api, conversation, "end")

    assert refusal(move(api, conversation, name)) == (409, "ended")


def test_only_what_has_ended_reopens(
    api: APIClient, conversation: Conversation, waiting: Conversation
) -> None:
    for going_on in (conversation, waiting):
        before = api.get(f"{V1}/conversations/{going_on.pk}/").json()
        assert refusal(move(api, going_on, "reopen")) == (409, "not_ended")
        assert refusal(move(api, going_on, "reopen", epoch=7)) == (409, "stale_epoch")
        assert api.get(f"{V1}/conversations/{going_on.pk}/").json() == before


@pytest.mark.parametrize("name", ["join", "accept", "release", "end"])
def test_refuses_a_stale_epoch(name: str, api: APIClient, waiting: Conversation) -> None:
    response = move(api, waiting, name, epoch=7)

    assert refusal(response) == (409, "stale_epoch")
    assert response.json()["epoch"] == 0  # type: ignore[attr-defined]


def test_takes_the_epoch_it_knows(api: APIClient, waiting: Conversation) -> None:
    assert control(move(api, waiting, "accept", epoch=0)) == ("active", "agent")
    assert control(move(api, waiting, "end", epoch=1)) == ("ended", "ai")
    assert refusal(move(api, waiting, "reopen", epoch=1)) == (409, "stale_epoch")


@pytest.mark.parametrize("epoch", ["x", -1, 2**40, [], True])
def test_refuses_a_malformed_epoch(epoch: object, api: APIClient, waiting: Conversation) -> None:
    response = move(api, waiting, "accept", epoch=epoch)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == ["epoch"]  # type: ignore[attr-defined]


def test_needs_no_body(api: APIClient, waiting: Conversation) -> None:
    response = api.generic("POST", f"{V1}/conversations/{waiting.pk}/accept")

    assert control(response) == ("active", "agent")


def test_a_key_neither_joins_nor_accepts(shop: APIClient, waiting: Conversation) -> None:
    for name in ("join", "accept"):
        assert refusal(move(shop, waiting, name)) == (403, "person_required")
    assert control(move(shop, waiting, "release")) == ("active", "ai")
    assert control(move(shop, waiting, "end")) == ("ended", "ai")
    assert control(move(shop, waiting, "reopen")) == ("active", "ai")


@pytest.mark.parametrize("name", MOVES)
def test_strangers_move_nothing(
    name: str, strangers: APIClient, anonymous: APIClient, waiting: Conversation
) -> None:
    assert refusal(move(strangers, waiting, name)) == (403, "forbidden")
    assert refusal(move(anonymous, waiting, name)) == (401, "not_authenticated")


@pytest.mark.parametrize("name", MOVES)
def test_hides_what_does_not_exist(name: str, api: APIClient) -> None:
    assert refusal(api.post(f"{V1}/conversations/{new_id()}/{name}")) == (404, "not_found")


def test_the_switch(api: APIClient, conversation: Conversation) -> None:
    path = f"{V1}/conversations/{conversation.pk}/assistant"
    for switch in ("paused", "blocked", "active"):
        response = api.put(path, {"switch": switch})
        assert (response.status_code, response.json()["switch"]) == (200, switch)
        assert response.json()["contact"]["blocked"] is (switch == "blocked")


@pytest.mark.parametrize("switch", ["active", "paused", "blocked"])
def test_an_ended_conversation_keeps_its_switch(
    switch: str, api: APIClient, conversation: Conversation
) -> None:
    move(api, conversation, "end")

    response = api.put(f"{V1}/conversations/{conversation.pk}/assistant", {"switch": switch})

    assert refusal(response) == (409, "ended")
    conversation = Conversation.objects.select_related("contact").get()
    assert conversation.switch == "active"
    assert conversation.contact is not None
    assert not conversation.contact.is_blocked


@pytest.mark.parametrize("body", [{}, {"switch": "off"}, {"switch": []}, {"switch": None}])
def test_refuses_an_unknown_switch(
    body: dict[str, object], api: APIClient, conversation: Conversation
) -> None:
    response = api.put(f"{V1}/conversations/{conversation.pk}/assistant", body)

    assert refusal(response) == (400, "invalid")
    assert list(response.json()["fields"]) == ["switch"]
