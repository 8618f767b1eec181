"""The check of answers: what the schema does not describe is no answer of ours."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory

from tests.api import clients
from tests.objects import schemas
from tests.objects.conftest import Refused
from tests.objects.responses import ResponseCheck

pytestmark = pytest.mark.django_db
OWN = "/api/v1/agents/me"
AGENT = {
    "id": 1,
    "username": "alice",
    "name": "Alice Moreau",
    "email": "alice@parley.example",
    "role": "agent",
    "presence": "online",
    "capacity": 5,
}


def answered(body: Any, *, path: str = OWN, method: str = "GET", status: int = 200) -> None:
    """Let a view answer with ``body``, as seen by the check."""

    def answer(request: HttpRequest) -> HttpResponse:
        del request
        return JsonResponse(body, status=status)

    ResponseCheck(answer)(RequestFactory().generic(method, path))


def test_is_on_around_everything() -> None:
    assert settings.MIDDLEWARE[0] == "tests.objects.responses.ResponseCheck"


def test_lets_pass_what_is_declared(alice: User) -> None:
    assert clients.browser(alice).get(OWN).status_code == 200
    answered(AGENT)
    answered({"code": "not_found", "detail": "Not found."}, status=404)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (AGENT | {"shoe_size": 38}, "$: Additional properties are not allowed ('shoe_size' was"),
        ({"id": 1}, "$: 'username' is a required property"),
        (AGENT | {"capacity": "5"}, "$.capacity: '5' is not of type 'integer'"),
        (AGENT | {"role": "queen"}, "$.role: 'queen' is not one of"),
        (AGENT | {"email": None}, "$.email: None is not of type 'string'"),
    ],
)
def test_refuses_what_is_not(refused: Refused, body: dict[str, Any], words: str) -> None:
    with refused(words):
        answered(body)


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [(OWN, "GET", 201), (OWN, "DELETE", 200), ("/api/v1/nothing/", "GET", 200)],
)
def test_refuses_a_status_that_is_not_declared(
    refused: Refused, path: str, method: str, status: int
) -> None:
    with refused("this status is not declared"):
        answered(AGENT, path=path, method=method, status=status)


def test_a_refusal_carries_only_what_its_call_declares(refused: Refused) -> None:
    refusal = {"code": "stale_epoch", "detail": "The floor has changed.", "epoch": 3}
    accept = "/api/v1/conversations/01970c2e-4d1f-7a52-9a3e-0c7f6f2b8a11/accept"
    answered(refusal, path=accept, method="POST", status=409)
    with refused("'epoch' was unexpected"):
        answered(refusal, method="PATCH", status=409)


def test_the_widget_s_calls_are_checked_and_not_documented(refused: Refused) -> None:
    with refused("The answer 200 to POST /widget/{key}/session"):
        answered({"token": "visitor_x"}, path="/widget/0a1b/session", method="POST")
    public = clients.system().get("/api/schema/", headers={"Accept": "application/json"}).json()
    assert {path for path in schemas.document()["paths"] if path.startswith("/widget/")}
    assert all(path.startswith("/api/v1/") for path in public["paths"])
