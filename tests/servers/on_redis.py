"""A web process that receives frames by Redis, as in a deployment, and keeps its output."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config import env
from tests.servers import ports
from tests.servers.redis import RedisServer
from tests.servers.web import Web

MODULES = {"daphne": "config.serve", "uvicorn": "config.serve_uvicorn"}


class WebOnRedis(Web):
    """Daphne or uvicorn without a proxy, on a Redis that other processes publish to."""

    def __init__(self, kind: str, folder: Path, redis: RedisServer) -> None:
        """Serve a database of its own in ``folder``."""
        self.module = MODULES[kind]
        self._redis = redis
        super().__init__(folder)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the process is started with."""
        return {**super().environment, "REDIS_URL": self._redis.url}

    @property
    def websocket_url(self) -> str:
        """The address of its WebSockets, without a slash at the end."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text(errors="replace")

    def start(self) -> None:
        """Serve."""
        command = [sys.executable, "-m", self.module]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, cwd=env.ROOT, stdout=log, stderr=subprocess.STDOUT
            )
        ports.wait_for("the web process' start", self._answers, within=40)

    def run(self, program: str) -> Any:
        """Run ``program`` with the server's database; return the JSON that it printed."""
        printed = self.manage("shell", "--no-imports", "-c", program)
        return json.loads(printed) if printed.strip() else None

    @property
    def _log(self) -> Path:
        return self.folder / "web.log"


@contextmanager
def running_web(kind: str, folder: Path, redis: RedisServer) -> Iterator[WebOnRedis]:
    """Run a web process for the block."""
    server = WebOnRedis(kind, folder, redis)
    try:
        yield server
    finally:
        server.stop()
