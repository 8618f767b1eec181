"""Caches: personal pages and answers stay out of them, what is the same for all may be kept."""

import pytest
from django.test import Client
from pytest_django import Settings

from conversations.models import Conversation
from tests.conversations.sources.widget.conftest import Frame, make_widget

pytestmark = pytest.mark.django_db

PERSONAL = [
    "/conversations/",
    "/tickets/",
    "/chats/",
    "/navigation/",
    "/login/",
    "/admin/auth/user/",
    "/nowhere/",
    "/api/v1/conversations/",
    "/api/v1/contacts/",
    "/api/v1/nowhere/",
]


@pytest.mark.parametrize("path", PERSONAL)
def test_what_is_somebody_s_is_not_stored(admin_client: Client, path: str) -> None:
    assert "no-store" in admin_client.get(path)["Cache-Control"]
    assert "no-store" in Client().get(path)["Cache-Control"]


def test_neither_is_a_redirection_to_the_secured_address(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/login/")
    assert (response.status_code, response["Cache-Control"]) == (301, "no-store")


def test_a_visitor_s_answers_are_not_stored() -> None:
    frame = Frame(make_widget())
    frame.open()
    assert frame.post("session")["Cache-Control"] == "no-store"
    frame.start()
    talk = Conversation.objects.get().pk
    assert frame.get(f"conversations/{talk}/messages")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/static/ui/base.css", "/widget.js", "/favicon.ico"])
def test_what_is_the_same_for_all_may_be_kept(client: Client, path: str) -> None:
    response = client.get(path)
    response.close()
    assert response.status_code == 200
    assert "no-store" not in response["Cache-Control"]
