"""The demo model as a process of its own, as in production."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

import orjson

from tests.servers import waiting

Json = dict[str, Any]


class DemoModelServer:
    """A running demo model."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._address = url.removeprefix("http://").removesuffix("/v1")

    def log(self) -> list[Json]:
        """Return all requests since the last reset."""
        return self._log("GET")

    def reset(self) -> None:
        """Forget all requests."""
        self._log("DELETE")

    def last(self) -> Json:
        """Return the newest request."""
        return self.log()[-1]

    def closed(self, *, within: float = 2.0) -> float:
        """Return when the newest request's client closed; waits for it."""
        entry = waiting.until(
            lambda: [one for one in self.log()[-1:] if one["closed"]], within=within
        )
        return float(entry[0]["closed"])

    def _log(self, method: str) -> list[Json]:
        connection = HTTPConnection(self._address, timeout=5)
        try:
            connection.request(method, "/_log")
            entries: list[Json] = orjson.loads(connection.getresponse().read())
        finally:
            connection.close()
        return entries


@contextmanager
def demo_model_server(rate: float = 0) -> Iterator[DemoModelServer]:
    """Run the demo model on a free port; ``rate`` in tokens a second, 0 as fast as possible."""
    command = [sys.executable, "-m", "config.demo.model", "--port", "0", "--rate", str(rate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            yield DemoModelServer(orjson.loads(process.stdout.readline())["url"])
        finally:
            process.kill()
            process.wait()
