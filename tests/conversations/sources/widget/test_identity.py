"""Identifying: the embedding site's claim of who the visitor is, and its proof."""

from hashlib import sha256
from hmac import new

import pytest

from conversations.models import Contact, Conversation, Identity, Message
from conversations.sources.widget.identity import sign
from conversations.sources.widget.models import Widget
from tests.conversations.sources.widget.conftest import Frame, make_widget


def test_the_signature_is_hmac_sha256_of_the_external_id_in_hex() -> None:
    assert sign(secret="s", external_id="42") == new(b"s", b"42", sha256).hexdigest()


def test_a_proven_identity_leads_to_its_contact(widget: Widget) -> None:
    at_home = Frame(widget)
    session = at_home.open(identity=at_home.identity("42", name="Maya"))
    conversation = at_home.start()

    at_work = Frame(widget)
    again = at_work.open(identity=at_work.identity("42"))

    assert again["contact"] == session["contact"]
    assert [one["id"] for one in again["conversations"]] == [conversation]
    assert again["token"] != session["token"]
    assert Identity.objects.get(external_id="42").is_verified


def test_a_wrong_signature_is_refused(widget: Widget) -> None:
    other = make_widget("Sudhem")
    swapped = {"external_id": "42", "signature": sign(secret=other.secret, external_id="42")}
    replayed = {"external_id": "43", "signature": sign(secret=widget.secret, external_id="42")}

    for identity in (swapped, replayed, {"external_id": "42", "signature": "é" * 64}):
        response = Frame(widget).post("session", {"identity": identity})
        assert response.status_code == 403
        assert response.json()["code"] == "identity_refused"
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "claim", [{"name": "M" * 201}, {"email": f"{'m' * 60}@{'x.' * 100}example.com"}]
)
def test_a_claim_is_no_longer_than_can_be_kept(widget: Widget, claim: dict[str, str]) -> None:
    response = Frame(widget).post("session", {"identity": claim})

    assert response.status_code == 400
    assert list(response.json()["fields"]) == [f"identity.{next(iter(claim))}"]


@pytest.mark.parametrize(
    "claim", [{"external_id": "42"}, {"email": "maya@example.com"}, {"name": "Maya"}]
)
def test_a_mere_claim_opens_nobodys_history(widget: Widget, claim: dict[str, str]) -> None:
    maya = Frame(widget)
    maya.open(identity=maya.identity("42", name="Maya", email="maya@example.com"))
    maya.start()

    session = Frame(widget).open(identity=claim)

    assert session["conversations"] == []
    assert Contact.objects.count() == 2


def test_a_mere_claim_is_kept_as_what_was_said(widget: Widget) -> None:
    frame = Frame(widget)
    frame.open(identity={"external_id": "42", "name": "Maya", "email": "maya@example.com"})
    contact = Contact.objects.get()

    assert (contact.name, contact.email) == ("Maya", "maya@example.com")
    assert not contact.identities.filter(is_verified=True).exists()
    frame.open(token=frame.token, identity={"name": "Somebody else"})
    contact.refresh_from_db()
    assert contact.name == "Maya"


def test_what_was_said_before_signing_in_comes_along(victor: Frame) -> None:
    conversation = victor.start()
    victor.say(conversation, "Where is my lamp?")
    stale = victor.token

    session = victor.open(token=victor.token, identity=victor.identity("42", name="Maya"))

    assert [one["id"] for one in session["conversations"]] == [conversation]
    assert Conversation.objects.get().external_id == "42"
    assert session["token"] != stale
    assert victor.post("session", {"token": stale}).status_code == 401
    assert victor.say(conversation, "Hello?").status_code == 201


def test_another_person_at_the_same_browser_does_not_get_the_first_ones_history(
    victor: Frame,
) -> None:
    victor.open(token=victor.token, identity=victor.identity("42"))
    victor.start()

    session = victor.open(token=victor.token, identity=victor.identity("43"))

    assert session["conversations"] == []


def test_a_blocked_stranger_does_not_shed_the_block_by_signing_in(victor: Frame) -> None:
    conversation = victor.start()
    Contact.objects.update(blocked_at=Contact.objects.get().created_at)

    session = victor.open(token=victor.token, identity=victor.identity("42"))

    assert conversation not in [one["id"] for one in session["conversations"]]


def test_a_widget_may_require_an_identity(db: None) -> None:
    frame = Frame(make_widget(require_identity=True))

    for identity in (None, {"external_id": "42"}, {"name": "Maya"}):
        response = frame.post("session", {"identity": identity})
        assert response.status_code == 403
        assert response.json()["code"] == "identity_required"
    frame.open(identity=frame.identity("42"))
    assert frame.post("session", {"token": frame.token}).status_code == 403


@pytest.mark.both_databases
def test_a_message_sent_again_after_signing_in_is_the_same(victor: Frame) -> None:
    conversation = victor.start()
    first = victor.say(conversation, "Hello", client_id="a")
    victor.open(token=victor.token, identity=victor.identity("42"))
    again = victor.say(conversation, "Hello", client_id="a")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert Message.objects.filter(text="Hello").count() == 1
