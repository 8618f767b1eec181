"""Attacks on visitors' tokens and identities: none opens anything, none shows what exists."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_layer import times
from channels_layer.access import keys
from channels_layer.access.keys import ALL_SCOPES
from conversations.models import Contact, Conversation
from conversations.sources.widget.identity import sign
from conversations.sources.widget.models import VisitorToken, Widget
from tests.conversations.sources.widget.conftest import Frame, make_widget, widget

__all__ = ["widget"]

NEIGHBOURS, VERY_MANY, AT_ONCE = 20, 100_000, 20_000


@pytest.fixture(autouse=True)
def _quiet(quiet: None) -> None:
    """Write no line for each refusal."""


@pytest.fixture
def victor(widget: Widget) -> Frame:
    """Victor, whose conversation and identity others are after."""
    frame = Frame(widget)
    frame.open(identity=frame.identity("42", name="Victor", email="victor@example.com"))
    return frame


@pytest.fixture
def mallet(widget: Widget) -> Frame:
    """Another visitor, who is up to something."""
    frame = Frame(widget)
    frame.open()
    return frame


def part(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def jwt(header: object, claims: object, secret: str | None = None) -> str:
    """Return a token as other products take them."""
    body = f"{part(header)}.{part(claims)}"
    digest = hmac.new((secret or "").encode(), body.encode(), hashlib.sha256).digest()
    signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() if secret else ""
    return f"{body}.{signature}"


def forged(victor: Frame) -> Iterator[str]:
    """Yield texts that resemble a token."""
    now = int(times.now().timestamp())
    claims = {"sub": "42", "aud": victor.widget.key, "exp": now + 600}
    secret = victor.widget.secret
    yield jwt({"alg": "none"}, claims)
    yield jwt({"alg": "NoNe", "typ": "JWT"}, claims)
    yield jwt({"alg": "HS256"}, claims, "secret")
    yield jwt({"alg": "HS256"}, claims, victor.widget.key)
    yield jwt({"alg": "HS256"}, claims, secret)
    yield jwt({"alg": "HS256"}, {**claims, "aud": "another"}, secret)
    yield jwt({"alg": "HS256"}, {**claims, "exp": now - 1}, secret)
    yield jwt({"alg": "HS256", "kid": "../../dev/null"}, claims, "")
    yield from (
        victor.token[:-1],
        victor.token + "x",
        victor.token.swapcase(),
        "visitor_",
        "_" * 51,
    )
    yield from (victor.token.removeprefix("visitor_"), f"{victor.token}\u200b", "' OR 1=1 --")
    yield VisitorToken.objects.get(contact__name="Victor").digest
    yield sign(secret=secret, external_id="42")


def test_a_forged_token_opens_nothing(victor: Frame) -> None:
    conversation = victor.start()
    for token in forged(victor):
        stranger = Frame(victor.widget)
        assert stranger.post("session", {"token": token}).status_code == 401, token
        stranger.headers["Authorization"] = f"Bearer {token}".encode().decode("latin-1")
        response = stranger.get(f"conversations/{conversation}/messages")
        assert response.status_code == 401, token


def test_an_expired_token_opens_nothing(victor: Frame) -> None:
    VisitorToken.objects.update(expires_at=times.now() - timedelta(seconds=1))
    assert victor.post("session", {"token": victor.token}).status_code == 401
    assert victor.post("conversations").status_code == 401


def test_a_token_is_good_at_its_own_widget_alone(victor: Frame) -> None:
    elsewhere = Frame(make_widget("Sudhem"))
    assert elsewhere.post("session", {"token": victor.token}).status_code == 401
    elsewhere.token = victor.token
    assert elsewhere.post("conversations").status_code == 401


def test_a_token_and_a_key_do_not_stand_for_each_other(victor: Frame) -> None:
    _, secret = keys.issue(name="Shop", scopes=ALL_SCOPES, at=times.now())
    victor_as_shop = {"Authorization": f"Bearer {victor.token}"}
    assert victor.client.get("/api/v1/conversations/", headers=victor_as_shop).status_code == 401
    stranger = Frame(victor.widget)
    assert stranger.post("session", {"token": secret}).status_code == 401


def test_a_forged_identity_is_nobodys(victor: Frame) -> None:
    secret, key = victor.widget.secret, victor.widget.key
    other = make_widget("Sudhem").secret
    right = sign(secret=secret, external_id="42")
    signatures = [
        sign(secret=other, external_id="42"),
        sign(secret=key, external_id="42"),
        sign(secret="", external_id="42"),
        sign(secret=secret, external_id="043"),
        sign(secret=secret, external_id="42 "),
        hashlib.sha256(f"{secret}42".encode()).hexdigest(),
        hmac.new(secret.encode(), b"42", hashlib.sha1).hexdigest(),
        right[:-1],
        right + "0",
        jwt({"alg": "none"}, {"sub": "42"})[:128],
    ]
    before = Contact.objects.count()
    for signature in signatures:
        claim = {"external_id": "42", "signature": signature}
        response = Frame(victor.widget).post("session", {"identity": claim})
        assert (response.status_code, response.json()["code"]) == (403, "identity_refused")
    for external_id in ("43", "42 x", "4", "42\u200b"):
        claim = {"external_id": external_id, "signature": right}
        assert Frame(victor.widget).post("session", {"identity": claim}).status_code == 403
    assert Contact.objects.count() == before


def test_neither_an_email_nor_a_bare_id_leads_to_a_contact(victor: Frame) -> None:
    conversation = victor.start()
    for claim in ({"email": "victor@example.com"}, {"external_id": "42"}, {"name": "Victor"}):
        stranger = Frame(victor.widget)
        session = stranger.open(identity={**claim, "signature": ""})
        assert session["conversations"] == []
        assert stranger.get(f"conversations/{conversation}/messages").status_code == 404


@pytest.mark.slow
def test_ids_cannot_be_found_by_trying(victor: Frame, mallet: Frame) -> None:
    """Neighbours of a known id, and the id itself, get the same answer for a stranger."""
    number, own = UUID(victor.start()).int, mallet.start()
    answers = set()
    for step in range(-NEIGHBOURS, NEIGHBOURS):
        response = mallet.get(f"conversations/{UUID(int=number + step)}/messages")
        answers.add((response.status_code, response.content))
    assert answers == {(404, b'{"code":"not_found","detail":"Not found."}')}
    assert mallet.get(f"conversations/{own}/messages").status_code == 200


def test_none_of_very_many_ids_is_found(victor: Frame, mallet: Frame) -> None:
    """No call finds anything for a stranger, however many ids are tried."""
    number, actor = UUID(victor.start()).int, VisitorToken.objects.latest("created_at").actor
    visible = Conversation.objects.visible_to(actor)
    for begin in range(0, VERY_MANY, AT_ONCE):
        guesses = [UUID(int=number - AT_ONCE + begin + step) for step in range(AT_ONCE)]
        assert not visible.filter(pk__in=guesses).exists()
    assert Conversation.objects.filter(pk=UUID(int=number)).exists()


def test_what_exists_takes_no_more_than_what_does_not(victor: Frame, mallet: Frame) -> None:
    """The same statements are run for both, so that timing shows no difference."""
    statements = []
    for identifier in (victor.start(), str(uuid4())):
        with CaptureQueriesContext(connection) as queries:
            mallet.get(f"conversations/{identifier}/messages")
        statements.append([re.sub(r"'[^']*'", "?", query["sql"]) for query in queries])
    assert statements[0] == statements[1]
