"""The demo Graph as a process of its own, as in production."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

import orjson

Json = dict[str, Any]
PATIENCE = 10
"""Seconds for a call."""


class DemoGraphServer:
    """A running demo Graph."""

    def __init__(self, url: str) -> None:
        self.url = url

    def add(
        self,
        *,
        sender_id: object,
        phone_number_id: str,
        webhook: str = "http://127.0.0.1:9/",
        **other: str,
    ) -> None:
        """Make a sender known; ``webhook`` is where its webhooks go (nowhere by default)."""
        known = {"app_secret": "secret", "access_token": "token", "business_account_id": "1"}
        own = {"sender_id": str(sender_id), "phone_number_id": phone_number_id, "webhook": webhook}
        self.post("_senders", {**known, **own, **other})

    def fault(self, fault: str, **when: Any) -> None:
        """Let the next calls go wrong: ``path``, ``text``, ``sender`` and ``times`` say which."""
        self.post("_faults", {"fault": fault, **when})

    def log(self) -> Json:
        """Return the requests, and how often each tracker was taken."""
        return self.call("GET", "/_log")

    def reset(self) -> None:
        """Forget faults and the log."""
        self.call("DELETE", "/_log")
        self.call("DELETE", "/_faults")

    def phone(self, act: str, **body: Any) -> Json:
        """Do on the phone what the customer would: say, burst, react, person, …"""
        return self.post(f"phone/{act}", body)

    def state(self) -> Json:
        """Return what the phone shows."""
        return self.call("GET", "/phone/state")

    def post(self, path: str, body: Json) -> Json:
        """Call with a JSON body."""
        return self.call("POST", f"/{path}", orjson.dumps(body))

    def call(self, method: str, path: str, body: bytes | None = None) -> Json:
        """Call, and return the answered JSON; anything but 200 fails."""
        connection = HTTPConnection(self.url.removeprefix("http://"), timeout=PATIENCE)
        try:
            connection.request(method, path, body, {"content-type": "application/json"})
            response = connection.getresponse()
            data = response.read()
        finally:
            connection.close()
        assert response.status == 200, f"{method} {path}: {response.status} {data[:500]!r}"
        answer: Json = orjson.loads(data)
        return answer


@contextmanager
def demo_graph_server() -> Iterator[DemoGraphServer]:
    """Run a demo Graph on a free port; it knows no sender yet."""
    command = [sys.executable, "-m", "config.demo.graph", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ)) as process:
        try:
            assert process.stdout
            yield DemoGraphServer(orjson.loads(process.stdout.readline())["url"])
        finally:
            process.kill()
            process.wait()
