"""The form of refusals, whatever raised them."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

NOTES = "/api/v1/notes/"


def post(client: APIClient, text: Any) -> Any:
    body = json.dumps({"text": text})
    return client.post(NOTES, body, content_type="application/json")


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("conflict", 409, "conflict"),
        ("refused", 422, "refused"),
        ("fast", 429, "too_fast"),
        ("missing", 404, "not_found"),
        ("denied", 403, "forbidden"),
        ("throttled", 429, "too_fast"),
        ("media", 415, "unsupported_media_type"),
        ("model", 400, "invalid"),
    ],
)
def test_every_refusal_has_a_code_and_a_detail(
    text: str, status: int, code: str, system: APIClient
) -> None:
    response = post(system, text)
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code)
    assert body["detail"]
    assert "secret" not in body["detail"]


def test_a_refusal_carries_what_it_has_to_say(system: APIClient) -> None:
    body = post(system, "conflict").json()
    assert body == {"code": "conflict", "detail": "No.", "owner": {"name": "Bob"}}


def test_too_fast_says_when_to_come_back(system: APIClient) -> None:
    response = post(system, "fast")
    assert response["Retry-After"] == "2"
    assert response.json()["retry_after"] == 1.2
    assert post(system, "throttled")["Retry-After"] == "3"


def test_a_mistake_of_ours_is_no_refusal(system: APIClient) -> None:
    system.raise_request_exception = False
    assert post(system, "bug").status_code == 500


@pytest.mark.parametrize(
    "text", ["", " ", "\u2028", "x" * 10_001, "a\x00b", "\ud800", 5, None, True, [], {}]
)
def test_text_is_1_to_10000_code_points(text: Any, system: APIClient) -> None:
    response = post(system, text)
    assert (response.status_code, list(response.json()["fields"])) == (400, ["text"])


@pytest.mark.parametrize("text", ["x", "👩" * 10_000, "\n a \n", "a\u2028"])
def test_text_is_taken_as_it_is(text: str, system: APIClient) -> None:
    response = post(system, text)
    assert response.status_code == 201
    assert response.json()["text"] == text


def test_fields_are_named_by_path(system: APIClient) -> None:
    body = {"text": "", "tags": ["fine", "too long"]}
    response = system.post(NOTES, body, format="json")
    assert set(response.json()["fields"]) == {"text", "tags.1"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff",
        b'{"text": NaN}',
        b"[" * 100_000,
        b'{"text":' * 5000,
        b"1" * 10_000,
        b"[]",
        b"5",
        b'"text"',
        b"null",
    ],
)
def test_a_body_that_is_no_json_object_is_invalid(body: bytes, system: APIClient) -> None:
    response = system.post(NOTES, body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_other_media_types_are_refused(system: APIClient) -> None:
    response = system.post(NOTES, b"text", content_type="text/plain")
    assert response.status_code == 415


def test_other_methods_are_refused(system: APIClient) -> None:
    response = system.delete(NOTES)
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "path",
    ["/api/v1/", "/api/v1/nothing/", "/api/v1/notes", "/api/v1/%00", "/api/v1/notes%0a/x"],
)
def test_what_does_not_exist_is_said_in_json(path: str, system: APIClient) -> None:
    response = system.get(path)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
