"""The proxy that the docs ship, run as Debian's nginx with ports and a certificate of its own."""

import os
import shutil
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

from config import env
from tests.servers import certificates, ports

SHIPPED = env.ROOT / "docs" / "nginx.conf"
_MAIN = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 2048; }}
http {{
    access_log {folder}/inherited.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include {folder}/parley.conf;
}}
"""


def nginx() -> str | None:
    """Return where the program lies; Debian keeps it from the path of plain users."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Nginx:
    """A running nginx before two web processes on loopback."""

    def __init__(self, folder: Path, upstreams: Sequence[int]) -> None:
        """Write its settings into ``folder``, for web processes on the two ports."""
        self.folder = folder
        self.port = ports.free_port()
        self.plain_port = ports.free_port()
        self.trust = ssl.create_default_context(cadata=certificates.write(folder, "127.0.0.1"))
        (folder / "parley.conf").write_text(self._settings(upstreams))
        user = "user root;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def websocket_url(self) -> str:
        """The same for WebSockets."""
        return f"wss://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        program = nginx()
        assert program, "These tests need Debian's nginx: apt install nginx-light"
        settings = str(self.folder / "nginx.conf")
        errors = str(self.folder / "error.log")
        self._process = subprocess.Popen([program, "-e", errors, "-c", settings])
        ports.wait_for("nginx's start", lambda: ports.is_open(self.port), within=10)

    def stop(self) -> None:
        """End it."""
        assert self._process
        self._process.terminate()
        self._process.wait(timeout=10)

    def statuses(self) -> list[tuple[int, str]]:
        """Return the status and the whole line of every request that it has answered."""
        lines = (self.folder / "parley.log").read_text().splitlines()
        return [(int(line.split()[2]), line) for line in lines]

    def logged(self) -> str:
        """Return all that it has logged, wherever it does."""
        return "".join(log.read_text() for log in self.folder.glob("*.log"))

    def _settings(self, upstreams: Sequence[int]) -> str:
        """Return the shipped file with nothing changed but ports, names and paths."""
        first, second = upstreams
        text = SHIPPED.read_text()
        for shipped, own in (
            ("listen 80;", f"listen 127.0.0.1:{self.plain_port};"),
            ("listen 443 ", f"listen 127.0.0.1:{self.port} "),
            ("127.0.0.1:8000", f"127.0.0.1:{first}"),
            ("127.0.0.1:8001", f"127.0.0.1:{second}"),
            ("/var/log/nginx/", f"{self.folder}/"),
            ("/etc/ssl/certs/parley.pem", f"{self.folder}/parley.pem"),
            ("/etc/ssl/private/parley.key", f"{self.folder}/parley.key"),
            ("parley.example.com", "127.0.0.1"),
        ):
            assert shipped in text, f"{shipped} is not in {SHIPPED.name}"
            text = text.replace(shipped, own)
        return text
