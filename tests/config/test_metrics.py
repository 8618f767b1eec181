"""Metrics: /metrics for this machine or with the token."""

import pytest
from django.test import Client
from prometheus_client import generate_latest
from pytest_django import Settings


def test_this_machine_reads_them(client: Client) -> None:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert b"django_http_requests" in response.content


def test_another_machine_is_refused(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403


def test_a_proxy_does_not_make_everybody_local(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403


@pytest.mark.parametrize(("token", "status"), [("open sesame", 200), ("guess", 403)])
def test_the_token_opens_them(client: Client, settings: Settings, token: str, status: int) -> None:
    settings.METRICS_TOKEN = "open sesame"
    header = {"Authorization": f"Bearer {token}"}
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers=header).status_code == status


def series() -> set[str]:
    """Return the series that are kept, whatever their values are."""
    lines = generate_latest().decode().splitlines()
    return {line.rsplit(" ", 1)[0] for line in lines}


def ask(client: Client, word: str) -> None:
    """Ask for what is made up of ``word``, in every way that a client may choose."""
    for path in (f"/{word}", f"/api/v1/{word}", f"/login/?{word}={word}", f"/static/{word}"):
        client.get(path, headers={"Host": f"{word}.test", "User-Agent": word})
        client.generic(word.upper(), path, content_type=f"{word}/{word}")


@pytest.mark.django_db
def test_what_clients_make_up_adds_no_series(client: Client) -> None:
    ask(client, "one")
    before = series()
    for word in ("two", "three"):
        ask(client, word)
    assert series() == before
