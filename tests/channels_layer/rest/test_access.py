"""Permissions of the REST plumbing."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from channels_layer.models import ApiKey
from tests import factories
from tests.channels_layer.rest.conftest import Issue, signed_in
from tests.factories import NOON

NOTES = "/api/v1/notes/"
TEXT = {"text": "hi"}


def test_a_key_asks(with_key: Issue) -> None:
    response = with_key("chats:read").get(NOTES)
    key = ApiKey.objects.get()
    assert response.json() == {"kind": "key", "sender": f"key:{key.pk}", "label": "Shop"}


def test_a_person_asks(alice: User) -> None:
    response = signed_in(alice).get(NOTES)
    assert response.json() == {"kind": "staff", "sender": f"user:{alice.pk}", "label": "Alice"}


def test_an_anonymous_request_gets_the_scheme(db: None) -> None:
    response = APIClient().get(NOTES)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response.json()["code"] == "not_authenticated"


def test_a_tab_that_is_signed_out_says_so_in_our_words(alice: User) -> None:
    answer = APIClient().get(NOTES).json()["detail"]
    assert answer == "You are signed out. Sign in again, or send an API key."
    stale = APIClient(enforce_csrf_checks=True)
    stale.force_login(alice)
    response = stale.post(NOTES, TEXT)
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert response.json()["detail"].startswith("This page was opened before you signed in.")


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer ", "Bearer", "Basic YTpi", "bearer é", "Bearer a b"]
)
def test_wrong_keys_are_refused(header: str, db: None) -> None:
    assert APIClient().get(NOTES, HTTP_AUTHORIZATION=header).status_code == 401


def test_a_revoked_key_is_refused(system: APIClient) -> None:
    ApiKey.objects.update(revoked_at=NOON)
    assert system.get(NOTES).status_code == 401


def test_a_person_without_a_role_is_forbidden(mallory: User) -> None:
    response = signed_in(mallory).get(NOTES)
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")


def test_a_wrong_key_is_not_made_good_by_a_session(alice: User) -> None:
    assert signed_in(alice).get(NOTES, HTTP_AUTHORIZATION="Bearer wrong").status_code == 401


def test_a_change_by_session_needs_the_csrf_token(alice: User, written: list[str]) -> None:
    client = signed_in(alice)
    response = client.post(NOTES, TEXT, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert written == []

    client.cookies["csrftoken"] = "a" * 32
    response = client.post(NOTES, TEXT, format="json", HTTP_X_CSRFTOKEN="a" * 32)
    assert response.status_code == 201


def test_a_key_needs_the_scope_of_the_method(with_key: Issue) -> None:
    reader, writer = with_key("chats:read"), with_key("chats:write")
    assert reader.get(NOTES).status_code == 200
    assert reader.post(NOTES, TEXT, format="json").status_code == 403
    assert writer.get(NOTES).status_code == 403
    assert writer.post(NOTES, TEXT, format="json").status_code == 201
    assert with_key("contacts:read").get(NOTES).status_code == 403


def test_where_no_scope_is_named_keys_are_refused(system: APIClient, alice: User) -> None:
    assert system.get("/api/v1/keyless/").status_code == 403
    assert signed_in(alice).get("/api/v1/keyless/").status_code == 200


def test_only_a_person_can_do_what_needs_one(system: APIClient, alice: User) -> None:
    response = system.get("/api/v1/person/")
    assert (response.status_code, response.json()["code"]) == (403, "person_required")
    assert signed_in(alice).get("/api/v1/person/").status_code == 200


ROLES = {
    "supervisor": {"agent": 403, "supervisor": 200, "administrator": 200},
    "administrator": {"agent": 403, "supervisor": 403, "administrator": 200},
    "mixed": {"agent": 200, "supervisor": 200, "administrator": 200},
}


@pytest.mark.django_db
@pytest.mark.parametrize("place", ROLES)
@pytest.mark.parametrize("role", ["agent", "supervisor", "administrator"])
def test_roles(place: str, role: str) -> None:
    client = signed_in(factories.person("dora", role=role))
    assert client.get(f"/api/v1/{place}/").status_code == ROLES[place][role]


def test_agents_read_administrators_write(alice: User) -> None:
    for person, status in ((alice, 403), (factories.person("dora", role="administrator"), 201)):
        client = APIClient()
        client.force_login(person)
        assert client.post("/api/v1/mixed/", TEXT, format="json").status_code == status


def test_a_key_may_what_its_scope_says(with_key: Issue) -> None:
    for place in ROLES:
        path = f"/api/v1/{place}/"
        assert with_key("chats:read").get(path).status_code == 200
        assert with_key("chats:read").post(path, TEXT, format="json").status_code == 403
        assert with_key("chats:write").post(path, TEXT, format="json").status_code == 201
