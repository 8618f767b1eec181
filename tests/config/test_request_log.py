"""The log of requests: the person and address of a line."""

import logging

import pytest
from django.test import Client


def test_names_the_address_that_the_edge_found(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    lies = {"X-Forwarded-For": "198.51.100.1", "X-Real-IP": "198.51.100.2"}
    with caplog.at_level(logging.INFO, logger="django_structlog"):
        client.get("/login/", REMOTE_ADDR="203.0.113.9", headers=lies)
    logged = "".join(str(record.msg) for record in caplog.records)
    assert "203.0.113.9" in logged
    assert "198.51.100" not in logged
