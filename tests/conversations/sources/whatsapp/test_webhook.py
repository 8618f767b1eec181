"""The webhook: who may call it, what is stored, and that it always answers."""

from typing import Any

import pytest
from django.test import Client

from channels_layer.ids import new_id
from conversations.models import Message
from conversations.sources.whatsapp.models import Sender, WebhookEvent
from tests.conversations.sources.whatsapp import payloads
from tests.conversations.sources.whatsapp.conftest import Meta, signature

pytestmark = pytest.mark.django_db

BODY = payloads.body(payloads.text("Hi"))


def verification(given: str = "the verify token", mode: str = "subscribe") -> dict[str, str]:
    """Return what Meta asks when the webhook is entered."""
    return {"hub.mode": mode, "hub.verify_token": given, "hub.challenge": "1158201444"}


def test_echoes_the_challenge(meta: Meta, client: Client) -> None:
    response = client.get(meta.url, verification())
    assert (response.status_code, response.content) == (200, b"1158201444")
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "asked", [verification("wrong"), verification("wröng"), verification(mode="x"), {}]
)
def test_verifies_nobody_else(meta: Meta, client: Client, asked: dict[str, str]) -> None:
    response = client.get(meta.url, asked)
    assert (response.status_code, b"1158" in response.content) == (403, False)


def test_stores_what_came_and_works_it_later(meta: Meta, sender: Sender) -> None:
    assert meta.call(BODY).status_code == 200
    event = WebhookEvent.objects.get()
    assert (event.sender, event.body, event.state) == (sender, BODY.decode(), "queued")
    assert not Message.objects.exists()


def test_stores_the_same_once(meta: Meta) -> None:
    assert [meta.call(BODY).status_code for _ in range(3)] == [200] * 3
    assert WebhookEvent.objects.count() == 1


@pytest.mark.parametrize(
    "given",
    ["", "sha256=", "sha1=abc", signature(BODY, "other"), signature(b""), "sha256=ö", "x" * 9000],
)
def test_refuses_a_wrong_signature(meta: Meta, given: str) -> None:
    response = meta.call(BODY, **{"X-Hub-Signature-256": given})
    assert response.status_code == 401
    assert not WebhookEvent.objects.exists()


def test_a_sender_without_a_secret_trusts_nobody(meta: Meta, sender: Sender) -> None:
    sender.app_secret = ""
    sender.save()
    response = meta.call(BODY, **{"X-Hub-Signature-256": signature(BODY, "")})
    assert response.status_code == 401


def test_shows_nothing_of_unknown_senders(client: Client, sender: Sender) -> None:
    url = f"/webhooks/whatsapp/{new_id()}"
    for response in (client.get(url, verification()), client.post(url, b"x", "text/plain")):
        assert (response.status_code, response.content) == (404, b"Not found.")
    assert client.get("/webhooks/whatsapp/5").status_code == 404


def test_refuses_other_methods(meta: Meta, client: Client) -> None:
    assert client.put(meta.url).status_code == 405


@pytest.mark.parametrize(("size", "status"), [(3 * 1024 * 1024, 200), (3 * 1024 * 1024 + 1, 413)])
def test_takes_three_megabytes(meta: Meta, size: int, status: int) -> None:
    assert meta.call(b" " * size).status_code == status
    assert WebhookEvent.objects.exists() == (status == 200)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "body", [b"", b"{", BODY[:-20], b"\xff\xfe\0", b'"\\ud800"', b"[" * 90_000, b"\0" * 10]
)
def test_stores_odd_bytes_and_says_what_is_wrong(meta: Meta, body: bytes) -> None:
    assert meta.call(body).status_code == 200
    meta.work()
    event = meta.event()
    assert event.state == "failed"
    assert event.error


@pytest.mark.both_databases
@pytest.mark.parametrize("words", ["a\0b", "a\ud800b", "😀" * 5000])
def test_takes_in_odd_words(meta: Meta, words: str) -> None:
    assert meta.call(payloads.body(payloads.text(words))).status_code == 200
    meta.work()
    assert meta.event().state == "done"
    assert Message.objects.get().text == words.replace("\0", "").replace("\ud800", "")


@pytest.mark.parametrize("headers", [{"Accept": "image/png"}, {"Idempotency-Key": "1"}])
def test_heeds_no_header_of_others(meta: Meta, headers: dict[str, Any]) -> None:
    assert meta.call(BODY, **headers).status_code == 200
