"""Idempotency-Key: twice sent, once done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from rest_framework.test import APIClient

from channels_layer.models import IdempotencyRecord
from tests.channels_layer.rest.conftest import Issue

NOTES = "/api/v1/notes/"


def post(client: APIClient, text: str = "hi", key: str = "k1", **headers: Any) -> Any:
    return client.post(NOTES, {"text": text}, format="json", HTTP_IDEMPOTENCY_KEY=key, **headers)


def test_the_first_answer_is_given_again(system: APIClient, written: list[str]) -> None:
    first, second = post(system), post(system)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert second["Content-Type"] == first["Content-Type"]
    assert written == ["hi"]


def test_another_body_is_refused(system: APIClient, written: list[str]) -> None:
    post(system)
    response = post(system, "other")
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_mismatch")
    assert written == ["hi"]


def test_another_path_is_refused(system: APIClient) -> None:
    post(system)
    body = {"text": "hi"}
    response = system.post("/api/v1/mixed/", body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert response.json()["code"] == "idempotency_mismatch"


def test_another_key_is_another_request(system: APIClient, written: list[str]) -> None:
    post(system, key="k1")
    post(system, key="k2")
    post(system, key="k2")
    assert written == ["hi", "hi"]


def test_keys_belong_to_who_sent_them(with_key: Issue, alice: User, written: list[str]) -> None:
    person = APIClient()
    person.force_login(alice)
    for client in (with_key("chats:write"), with_key("chats:write"), person):
        assert post(client).status_code == 201
    assert written == ["hi", "hi", "hi"]


def test_a_refusal_by_a_rule_is_given_again(system: APIClient) -> None:
    first, second = post(system, "conflict"), post(system, "conflict")
    assert (first.status_code, second.status_code) == (409, 409)
    assert second["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(("text", "status"), [("", 400), ("fast", 429), ("missing", 404)])
def test_what_may_be_tried_again_is_not_kept(text: str, status: int, system: APIClient) -> None:
    assert post(system, text).status_code == status
    assert post(system, "fine").status_code == 201


def test_a_failure_of_ours_is_not_kept(system: APIClient) -> None:
    system.raise_request_exception = False
    assert post(system, "bug").status_code == 500
    assert not IdempotencyRecord.objects.exists()
    assert post(system, "bug").status_code == 500


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_malformed_key_is_refused(key: str, system: APIClient, written: list[str]) -> None:
    response = post(system, key=key)
    assert (response.status_code, list(response.json()["fields"])) == (400, ["Idempotency-Key"])
    assert written == []


def test_strangers_leave_no_record(db: None) -> None:
    assert post(APIClient()).status_code == 401
    assert post(APIClient(), HTTP_AUTHORIZATION="Bearer wrong").status_code == 401
    assert not IdempotencyRecord.objects.exists()


def test_other_methods_take_no_notice(system: APIClient) -> None:
    assert system.get(NOTES, HTTP_IDEMPOTENCY_KEY="k1").status_code == 200
    assert not IdempotencyRecord.objects.exists()


def test_an_upload_is_known_by_its_bytes(system: APIClient, written: list[str]) -> None:
    def upload(data: bytes, name: str = "a.txt") -> Any:
        body = {"file": SimpleUploadedFile(name, data)}
        path = "/api/v1/upload/"
        return system.post(path, body, HTTP_IDEMPOTENCY_KEY="k1", format="multipart")

    assert upload(b"one").json() == {"name": "a.txt", "text": "one"}
    assert upload(b"one")["Idempotency-Replayed"] == "true"
    assert upload(b"two").json()["code"] == "idempotency_mismatch"
    assert upload(b"one", "b.txt").json()["code"] == "idempotency_mismatch"
    assert written == ["a.txt"]


@pytest.mark.both_databases
@pytest.mark.usefixtures("transactional_db")
def test_at_once_means_once(key: str, written: list[str]) -> None:
    barrier = Barrier(4)

    def send(_: int) -> Any:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        barrier.wait(timeout=10)
        try:
            return post(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert written == ["hi"]
