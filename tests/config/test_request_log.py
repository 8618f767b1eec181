"""The log of requests: the person and address of a line, and nothing that somebody typed."""

import logging

import pytest
from django.test import Client
from pytest_django import Settings

from config.logs import configure
from config.request_log import NoTypedPaths

WORD = "lindqvist"


def test_names_the_address_that_the_edge_found(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    lies = {"X-Forwarded-For": "198.51.100.1", "X-Real-IP": "198.51.100.2"}
    with caplog.at_level(logging.INFO, logger="django_structlog"):
        client.get("/login/", REMOTE_ADDR="203.0.113.9", headers=lies)
    logged = "".join(str(record.msg) for record in caplog.records)
    assert "203.0.113.9" in logged
    assert "198.51.100" not in logged


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"/conversations/?search={WORD}&cursor=zz", "/conversations/"),
        (f"/api/v1/conversations/?search={WORD}&cursor=zz", "/api/v1/conversations/"),
        (f"/api/v1/contacts/{WORD}@shop.example/", "/…"),
        (f"/{WORD}/?next={WORD}", "/…"),
        (f"/widget/{WORD}/?language={WORD}", "/widget/…/"),
        (f"/admin/{WORD}/", "/admin/…"),
        (f"/tickets/7/?{WORD}", "/tickets/7/"),
        (f"/metrics?{WORD}", "/metrics"),
    ],
)
def test_a_refused_request_shows_no_words(
    admin_client: Client, caplog: pytest.LogCaptureFixture, path: str, shown: str
) -> None:
    caplog.handler.addFilter(NoTypedPaths())
    with caplog.at_level(logging.INFO):
        admin_client.get(path, headers={"X-Forwarded-For": "192.0.2.1"})
    lines = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    requests = [str(record.msg) for record in caplog.records if "django_structlog" in record.name]
    assert any(f"GET {shown}'" in line for line in requests)
    assert not any(WORD in line.split("'request': <")[0] for line in lines)


def test_the_log_leaves_typed_paths_out(settings: Settings) -> None:
    console = configure(level="INFO", form="json")["handlers"]["console"]
    assert "no_typed_paths" in console["filters"]
