"""One web process of the product with a database of its own: daphne as shipped, or uvicorn."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from config import env
from tests.servers import ports
from tests.servers.redis import RedisServer

Kind = Literal["daphne", "uvicorn"]
# The product's own limit is enforced above it, so that its close code is the contract's.
_LARGEST_FRAME = "262144"


class WebServer:
    """A process that answers HTTP and WebSockets, and a log of what it wrote."""

    def __init__(self, kind: Kind, folder: Path, redis: RedisServer) -> None:
        self.port = ports.free_port()
        self.folder = folder
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DEBUG": "on",
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "REDIS_URL": redis.url,
            "DATABASE_URL": f"sqlite:///{folder}/web.sqlite3",
        }
        self.manage("migrate", "-v", "0")
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                _command(kind, self.port),
                env=self._environment,
                cwd=env.ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        ports.wait_for("the web process' start", self._answers, within=40)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def websocket_url(self) -> str:
        """The same for WebSockets."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it wrote."""
        return self._log.read_text(errors="replace")

    @property
    def memory(self) -> int:
        """Bytes that the process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def run(self, program: str) -> Any:
        """Run ``program`` with the server's database; return the JSON that it printed."""
        printed = self.manage("shell", "--no-imports", "-c", program)
        return json.loads(printed) if printed.strip() else None

    def manage(self, *arguments: str) -> str:
        """Run ``manage.py``; return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self._environment,
            cwd=env.ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(timeout=20)

    @property
    def _log(self) -> Path:
        return self.folder / "web.log"

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def running_web(kind: Kind, folder: Path, redis: RedisServer) -> Iterator[WebServer]:
    """Run a web process for the block."""
    server = WebServer(kind, folder, redis)
    try:
        yield server
    finally:
        server.stop()


def _command(kind: Kind, port: int) -> list[str]:
    if kind == "daphne":
        return [sys.executable, "-m", "config.serve"]
    return [
        *(sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port)),
        *("--no-proxy-headers", "--ws-max-size", _LARGEST_FRAME, "--log-level", "warning"),
    ]
