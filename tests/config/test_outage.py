"""While the database is away: 503 with the seconds to wait, on every way in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from channels_layer.access import keys
from tests.factories import NOON


@contextmanager
def away(error: type[Exception] = OperationalError) -> Iterator[None]:
    """Let no query reach the database."""

    def refuse(*_query: Any) -> NoReturn:
        raise error("the server closed the connection")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def visitor() -> Client:
    """Return a client whose failing requests are answered, as a server does."""
    return Client(raise_request_exception=False)


@pytest.fixture
def key(db: None) -> str:
    """Return a key of a system."""
    return keys.issue(name="shop", scopes=["conversations:read"], at=NOON)[1]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_system_gets_the_time_to_come_again(
    visitor: Client, key: str, error: type[Exception]
) -> None:
    with away(error):
        answer = visitor.get("/api/v1/conversations/", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert answer.json() == {
        "code": "unavailable",
        "detail": "This does not work right now. Try again in a moment.",
        "retry_after": 2,
    }


def test_so_is_one_whose_request_fails_before_the_view(visitor: Client, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "once"}
    with away():
        answer = visitor.post("/api/v1/conversations/", {}, headers=headers)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer.json()["code"] == "unavailable"


def test_a_person_sees_a_page_that_says_so(visitor: Client, alice: User) -> None:
    visitor.force_login(alice)
    with away():
        answer = visitor.get("/conversations/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "Back in a moment" in answer.content.decode()


def test_a_mistake_of_ours_is_still_one(visitor: Client, key: str) -> None:
    with away(RuntimeError):
        answer = visitor.get("/api/v1/conversations/", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 500
