"""Opening a session: POST /widget/<key>/session."""

from datetime import timedelta

from django.db import connection

from conversations.models import Contact
from conversations.sources.widget.models import VisitorToken, Widget
from conversations.sources.widget.services import sessions
from tests.conversations.sources.widget.conftest import Frame, make_widget


def test_gives_a_token_a_contact_and_the_configuration(widget: Widget) -> None:
    session = Frame(widget).open()

    assert set(session) == {"token", "contact", "conversations", "config"}
    assert session["conversations"] == []
    assert session["config"]["assistant"]["name"] == "Ada"
    assert session["contact"]["id"] == str(Contact.objects.get().pk)


def test_tells_no_secret(widget: Widget) -> None:
    response = Frame(widget).post("session")

    assert widget.secret.encode() not in response.content
    assert response["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_stores_only_the_hash_of_the_token(victor: Frame) -> None:
    token = VisitorToken.objects.get()

    assert victor.token not in str(token.__dict__)
    assert token.digest != victor.token


def test_the_secret_is_encrypted_at_rest(widget: Widget) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM widget_widget")
        (sealed,) = cursor.fetchone()

    assert widget.secret not in sealed
    assert Widget.objects.get().secret == widget.secret


def test_continues_with_the_token(victor: Frame) -> None:
    conversation = victor.start()

    again = Frame(victor.widget).open(token=victor.token)

    assert again["token"] == victor.token
    assert [one["id"] for one in again["conversations"]] == [conversation]
    assert Contact.objects.count() == 1


def test_refuses_a_token_that_nobody_has(widget: Widget) -> None:
    response = Frame(widget).post("session", {"token": "visitor_made-up"})

    assert response.status_code == 401
    assert response.json()["code"] == "token_refused"
    assert not Contact.objects.exists()


def test_refuses_the_token_of_another_widget(victor: Frame) -> None:
    other = make_widget("Sudhem")

    assert Frame(other).post("session", {"token": victor.token}).status_code == 401


def test_refuses_an_expired_token(victor: Frame) -> None:
    VisitorToken.objects.update(expires_at=VisitorToken.objects.get().created_at)

    assert victor.post("session", {"token": victor.token}).status_code == 401
    assert victor.post("conversations").status_code == 401


def test_use_moves_the_expiry(victor: Frame) -> None:
    token = VisitorToken.objects.get()
    later = token.created_at + timedelta(days=100)

    sessions.touch(token=token, at=later)

    token.refresh_from_db()
    assert token.expires_at == later + sessions.LIFETIME


def test_forgetting_revokes_the_token(victor: Frame) -> None:
    conversation = victor.start()

    assert victor.call("DELETE", "session").status_code == 204

    assert victor.get(f"conversations/{conversation}/messages").status_code == 401
    assert victor.post("session", {"token": victor.token}).status_code == 401


def test_a_closed_widget_is_unknown(widget: Widget) -> None:
    widget.source.is_active = False
    widget.source.save(update_fields=["is_active"])

    assert Frame(widget).post("session").status_code == 404
