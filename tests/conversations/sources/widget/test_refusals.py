"""Refusals: every call x every wrong visitor (CONTRACT 6)."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conversations.models import Conversation, Message
from tests.conversations.sources.widget.conftest import Frame, make_widget

CALLS = [
    ("GET", "messages"),
    ("POST", "messages"),
    ("POST", "escalate"),
    ("POST", "withdraw"),
    ("POST", "end"),
]


@pytest.fixture
def before(victor: Frame) -> str:
    """Victor's conversation, as it has to be afterwards."""
    return victor.start()


@pytest.fixture(autouse=True)
def _nothing_happened(db: None) -> Iterator[None]:
    yield
    assert not Message.objects.exists()
    assert not Conversation.objects.exclude(control="ai", lifecycle="active").exists()


@pytest.mark.parametrize(("method", "verb"), CALLS)
class TestEveryCall:
    def test_refuses_without_a_token(
        self, victor: Frame, before: str, method: str, verb: str
    ) -> None:
        victor.token = ""
        response = victor.call(method, f"conversations/{before}/{verb}", {"text": "x"})

        assert response.status_code == 401
        assert "Bearer" in response["WWW-Authenticate"]

    def test_refuses_a_made_up_token(
        self, victor: Frame, before: str, method: str, verb: str
    ) -> None:
        victor.token = "visitor_" + "x" * 43
        response = victor.call(method, f"conversations/{before}/{verb}", {"text": "x"})

        assert response.status_code == 401

    def test_refuses_another_widgets_key(
        self, victor: Frame, before: str, method: str, verb: str
    ) -> None:
        elsewhere = Frame(make_widget("Sudhem"))
        elsewhere.token = victor.token
        response = elsewhere.call(method, f"conversations/{before}/{verb}", {"text": "x"})

        assert response.status_code == 401

    def test_hides_a_strangers_conversation(
        self, stranger: Frame, before: str, method: str, verb: str
    ) -> None:
        for identifier in (before, str(uuid4())):
            response = stranger.call(method, f"conversations/{identifier}/{verb}", {"text": "x"})
            assert response.status_code == 404
            assert response.json() == {"code": "not_found", "detail": "Not found."}

    @pytest.mark.parametrize("origin", ["https://evil.example", "https://shop.example", "null"])
    def test_refuses_every_origin_but_ours(
        self, victor: Frame, before: str, method: str, verb: str, origin: str
    ) -> None:
        victor.headers["Origin"] = origin
        response = victor.call(method, f"conversations/{before}/{verb}", {"text": "x"})

        assert response.status_code == 403
        assert response.json()["code"] == "foreign_origin"
        assert "Access-Control-Allow-Origin" not in response.headers

    def test_a_session_cookie_of_staff_opens_nothing(
        self, victor: Frame, before: str, alice: User, method: str, verb: str
    ) -> None:
        victor.token = ""
        victor.client.force_login(alice)
        response = victor.call(method, f"conversations/{before}/{verb}", {"text": "x"})

        assert response.status_code == 401


def test_sessions_are_refused_to_foreign_origins(victor: Frame) -> None:
    victor.headers["Origin"] = "https://evil.example"

    assert victor.post("session").status_code == 403
    assert victor.call("DELETE", "session").status_code == 403


def test_a_wrong_key_is_unknown(client: Client, db: None) -> None:
    for path in ("session", "conversations"):
        response = client.post(f"/widget/nobody/{path}", content_type="application/json")
        assert response.status_code == 404


def test_the_token_opens_nothing_of_the_staffs_api(victor: Frame) -> None:
    headers = {"Authorization": f"Bearer {victor.token}"}

    assert victor.client.get("/api/v1/conversations/", headers=headers).status_code in {401, 404}


def test_a_browser_without_an_origin_header_is_let_in(victor: Frame, before: str) -> None:
    del victor.headers["Origin"]

    assert victor.get(f"conversations/{before}/messages").status_code == 200
