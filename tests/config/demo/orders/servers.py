"""The order service as a process of its own, as in production."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson

Json = dict[str, Any]
KEY = "a-key-of-tests"
TODAY = "2026-11-20"


class OrderServer:
    """A running order service."""

    def __init__(self, url: str) -> None:
        self.url = url
        head = {"authorization": f"Bearer {KEY}"}
        self.client = httpx.Client(base_url=url, headers=head, trust_env=False, timeout=10)

    @property
    def address(self) -> str:
        """Its host and port, as ``OUTGOING_ALLOW`` takes them."""
        return self.url.removeprefix("http://")

    def counts(self) -> Json:
        """Return how often it did what."""
        counted: Json = self.client.get("/counts").json()
        return counted

    def effects(self) -> list[Json]:
        """Return what it did, oldest first."""
        done: list[Json] = self.client.get("/effects").json()["effects"]
        return done

    def refund(
        self, amount: object = 189, *, order: str = "ORD-12345", key: str = "", fault: str = ""
    ) -> httpx.Response:
        """Ask for a refund."""
        head = {"idempotency-key": key, "x-fault": fault}
        body = {"amount": amount, "reason": "The base is cracked."}
        given = {name: value for name, value in head.items() if value}
        return self.client.post(f"/orders/{order}/refunds", json=body, headers=given)

    def reset(self) -> None:
        """Forget all that was done."""
        self.client.delete("/effects")


@contextmanager
def order_server(file: Path | None = None) -> Iterator[OrderServer]:
    """Run an order service on a free port, with what ``file`` says was done."""
    command = [sys.executable, "-m", "config.demo.orders", "--port", "0"]
    command += ["--key", KEY, "--today", TODAY]
    if file:
        command += ["--file", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            server = OrderServer(orjson.loads(process.stdout.readline())["url"])
            with server.client:
                yield server
        finally:
            process.kill()
            process.wait()
