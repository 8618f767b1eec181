"""Idempotency-Key of views that write or ask outside of the database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from channels_layer.models import IdempotencyRecord
from tests.channels_layer.rest.views import OutsideView

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("transactional_db")]


@pytest.fixture(autouse=True)
def were_atomic() -> Iterator[list[bool]]:
    """Yield whether the view found itself in a transaction, each time it worked."""
    OutsideView.were_atomic.clear()
    yield OutsideView.were_atomic
    OutsideView.were_atomic.clear()
    OutsideView.meeting = None


def client_of(key: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


def post(client: APIClient, text: str = "hi") -> Any:
    path = "/api/v1/outside/"
    return client.post(path, {"text": text}, format="json", HTTP_IDEMPOTENCY_KEY="k1")


def at_once(key: str, texts: list[str]) -> list[Any]:
    """Let all of them be in the view before the first has an answer."""
    OutsideView.meeting = Barrier(len(texts))

    def send(text: str) -> Any:
        try:
            return post(client_of(key), text)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(texts)) as pool:
        return list(pool.map(send, texts))


def test_no_transaction_is_open_while_it_works(
    key: str, were_atomic: list[bool], written: list[str]
) -> None:
    first, again = post(client_of(key)), post(client_of(key))
    assert were_atomic == [False]
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert written == ["hi"]


def test_another_body_is_refused(key: str, written: list[str]) -> None:
    post(client_of(key))
    response = post(client_of(key), "other")
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_mismatch")
    assert written == ["hi"]


@pytest.mark.parametrize(("text", "status"), [("", 400), ("fast", 429), ("bug", 500)])
def test_what_may_be_tried_again_is_not_kept(key: str, text: str, status: int) -> None:
    client = client_of(key)
    client.raise_request_exception = False
    assert post(client, text).status_code == status
    assert not IdempotencyRecord.objects.exists()
    assert post(client, "fine").status_code == 201


def test_a_refusal_by_a_rule_is_given_again(key: str) -> None:
    first, second = post(client_of(key), "conflict"), post(client_of(key), "conflict")
    assert (first.status_code, second.status_code) == (409, 409)
    assert second["Idempotency-Replayed"] == "true"


def test_at_once_all_are_answered_alike(key: str) -> None:
    answers = at_once(key, ["hi", "hi", "hi"])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert IdempotencyRecord.objects.count() == 1


def test_at_once_with_different_bodies_one_is_refused(key: str) -> None:
    answers = at_once(key, ["hi", "ho"])
    assert sorted(answer.status_code for answer in answers) == [201, 409]
