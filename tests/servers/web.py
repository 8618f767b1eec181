"""One web process on a database of its own, alone or behind the proxy that the docs ship."""

import http.client
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
from websockets.asyncio.client import ClientConnection, connect

from config import env
from tests.servers import ports, template
from tests.servers.nginx import Nginx


class Web:
    """The web process of ``make run``: daphne, without a proxy."""

    module = "config.serve"

    def __init__(self, folder: Path, key: str = "") -> None:
        """Serve the database in ``folder``; without a ``key`` to it make both."""
        self.folder = folder
        self.port = ports.free_port()
        if not key:
            template.copy_migrated(folder / "edge.sqlite3")
            key = self.manage("createapikey", "edge", "--scope", "events:read").split()[-1]
        self.key = key
        self.start()

    @property
    def url(self) -> str:
        """The address that clients use, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the process is started with."""
        return {
            **{name: value for name, value in os.environ.items() if name != "REDIS_URL"},
            "DJANGO_SETTINGS_MODULE": "tests.servers.settings",
            "DEBUG": "on",
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{self.folder}/edge.sqlite3",
        }

    @property
    def memory(self) -> int:
        """Bytes that the process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def start(self) -> None:
        """Serve."""
        command = [sys.executable, "-m", self.module]
        self.process = subprocess.Popen(command, env=self.environment, cwd=env.ROOT)
        ports.wait_for("the web process' start", self._answers, within=40)

    def dial(self, source: str = "127.0.0.1") -> socket.socket:
        """Open a bare connection from the address ``source``."""
        return socket.create_connection(("127.0.0.1", self.port), 60, (source, 0))

    def connect(self) -> connect:
        """Open a WebSocket."""
        return connect(f"ws://127.0.0.1:{self.port}/ws/v1/", compression=None)

    @asynccontextmanager
    async def welcomed(self) -> AsyncIterator[ClientConnection]:
        """Open a WebSocket and greet."""
        async with self.connect() as client:
            await client.send(orjson.dumps({"type": "hello", "v": 1, "token": self.key}).decode())
            assert orjson.loads(await client.recv())["type"] == "welcome"
            yield client

    def status_of(self, path: str) -> tuple[int, str]:
        """Return what ``path`` answers."""
        connection = self._connection()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()

    def manage(self, *arguments: str) -> str:
        """Run ``manage.py``; return its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.environment,
            cwd=env.ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def _answers(self) -> bool:
        assert self.process.poll() is None
        return ports.is_open(self.port)


class Proxied(Web):
    """A deployment: uvicorn, DEBUG off, behind nginx with TLS."""

    module = "config.serve_uvicorn"

    def __init__(self, folder: Path, key: str = "") -> None:
        """Collect the static files, too, and start nginx; its second web process is not there."""
        self.nginx: Nginx | None = None
        super().__init__(folder, key)
        self.manage("collectstatic", "--noinput", "-v", "0")
        (folder / "nginx").mkdir()
        # Bound, so that no other server takes the port, and refusing.
        self._absent = socket.socket()
        self._absent.bind(("127.0.0.1", 0))
        self.nginx = Nginx(folder / "nginx", [self.port, self._absent.getsockname()[1]])
        self.nginx.start()

    @property
    def proxy(self) -> Nginx:
        """The nginx in front."""
        assert self.nginx
        return self.nginx

    @property
    def url(self) -> str:
        """The address that clients use, without a slash at the end."""
        return self.proxy.url

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the process is started with."""
        return {
            **super().environment,
            "DEBUG": "off",
            "SECRET_KEY": "used by the tests alone " * 2,
            "ALLOWED_HOSTS": "127.0.0.1",
            "TRUSTED_PROXIES": "127.0.0.1",
        }

    def dial(self, source: str = "127.0.0.1") -> socket.socket:
        """Open a bare connection from the address ``source``."""
        plain = socket.create_connection(("127.0.0.1", self.proxy.port), 60, (source, 0))
        return self.proxy.trust.wrap_socket(plain, server_hostname="127.0.0.1")

    def connect(self) -> connect:
        """Open a WebSocket."""
        url = f"{self.proxy.websocket_url}/ws/v1/"
        return connect(url, compression=None, ssl=self.proxy.trust)

    def stop(self) -> None:
        """End it."""
        self.proxy.stop()
        self._absent.close()
        super().stop()

    def _connection(self) -> http.client.HTTPConnection:
        trust: ssl.SSLContext = self.proxy.trust
        return http.client.HTTPSConnection("127.0.0.1", self.proxy.port, timeout=20, context=trust)
