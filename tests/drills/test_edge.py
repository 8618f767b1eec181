"""The server's edge: what is too large, too slow or not its own, and how it stops."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from config import env
from tests.servers import ports

pytestmark = [pytest.mark.drill, pytest.mark.timeout(180)]

MEGABYTE = 1024 * 1024
UPLOAD = "/api/v1/attachments/"
SOCKETS = 30


class Web:
    """A web process on a database of its own."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.port = port or ports.free_port()
        self.folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "REDIS_URL"},
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DEBUG": "on",
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{folder}/edge.sqlite3",
        }
        self._manage("migrate", "-v", "0")
        self.key = self._manage("createapikey", "edge", "--scope", "events:read").split()[-1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.serve"], env=self._environment, cwd=env.ROOT
        )
        ports.wait_for("the web process' start", self._answers, within=40)

    @property
    def memory(self) -> int:
        """Bytes that the process holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def dial(self) -> socket.socket:
        """Open a bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def welcomed(self) -> ClientConnection:
        """Open a WebSocket and greet."""
        client = connect(f"ws://127.0.0.1:{self.port}/ws/v1/", compression=None, legacy=True)
        client.send(orjson.dumps({"type": "hello", "v": 1, "token": self.key}).decode())
        assert orjson.loads(client.recv(20))["type"] == "welcome"
        return client

    def status_of(self, path: str) -> tuple[int, str]:
        """What ``path`` answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
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

    def _manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self._environment,
            cwd=env.ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def _answers(self) -> bool:
        assert self.process.poll() is None
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One web process for all."""
    server = Web(tmp_path_factory.mktemp("edge"))
    yield server
    server.stop()


def flood(web: Web, head: str, piece: bytes, *, megabytes: int) -> tuple[bytes, int]:
    """Send ``head`` and up to so many megabytes, until answered; give the answer and what went."""
    sent = 0
    with web.dial() as client:
        client.sendall(f"{head}\r\nHost: 127.0.0.1\r\n\r\n".encode())
        client.setblocking(False)  # noqa: FBT003
        left = b""
        answer = b""
        while sent < megabytes * MEGABYTE and not answer:
            left = left or piece
            try:
                gone = client.send(left)
                sent, left = sent + gone, left[gone:]
            except BlockingIOError:
                time.sleep(0.002)
            try:
                answer = client.recv(4096)
            except BlockingIOError:
                continue
        if not answer:
            client.settimeout(10)
            answer = client.recv(4096)
    return answer, sent


@pytest.mark.parametrize(("path", "most"), [("/", 2), (UPLOAD, 11)])
@pytest.mark.parametrize("kind", ["declared", "chunked"])
def test_large_bodies_are_refused_before_they_are_held(
    web: Web, path: str, most: int, kind: str
) -> None:
    before = web.memory
    if kind == "declared":
        head, piece = f"Content-Length: {300 * MEGABYTE}", b"x" * 65536
    else:
        head, piece = "Transfer-Encoding: chunked", b"10000\r\n" + b"x" * 65536 + b"\r\n"
    answer, sent = flood(web, f"POST {path} HTTP/1.1\r\n{head}", piece, megabytes=300)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"too_large"' in answer
    # What the kernel's buffers take is sent before the answer can be there.
    assert sent < (most + 12) * MEGABYTE
    assert web.memory - before < 40 * MEGABYTE


def test_more_than_was_declared_is_no_part_of_the_body(web: Web) -> None:
    with web.dial() as client:
        head = "POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\n"
        client.sendall(head.encode() + b"x" * MEGABYTE)
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"HTTP/1.1 2" not in answer


def test_trickled_headers_end_after_fifteen_seconds(web: Web) -> None:
    clients = [web.dial() for _ in range(100)]
    for client in clients:
        client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    began = time.monotonic()
    slowest = 0.0
    while time.monotonic() - began < 12:
        for number, client in enumerate(clients):
            client.sendall(b"X-Slow-%d: 1\r\n" % number)
        asked = time.monotonic()
        assert web.status_of("/health/live")[0] == 200
        slowest = max(slowest, time.monotonic() - asked)
        time.sleep(2)
    for client in clients:
        assert client.recv(100).startswith(b"HTTP/1.1 408 ")
        client.close()
    assert 13 < time.monotonic() - began < 20
    assert slowest < 2


def test_a_client_does_not_say_where_the_application_is_mounted(web: Web) -> None:
    with web.dial() as client:
        client.sendall(
            b"GET /conversations/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Daphne-Root-Path: /evil\r\nConnection: close\r\n\r\n"
        )
        answer = client.recv(65536)
    assert b"302" in answer.splitlines()[0]
    assert b"evil" not in answer


def test_a_frame_over_64_kib_closes_with_4413(web: Web) -> None:
    with web.welcomed() as client:
        client.send("x" * 65537)
        with pytest.raises(ConnectionClosed):
            client.recv(10)
        assert client.close_code == 4413


def test_sigterm_drains(web: Web) -> None:
    """Not ready; sockets closed with 1012, spread; the request under way answered; exit 0."""
    clients = [web.welcomed() for _ in range(SOCKETS)]
    closed: list[tuple[float, int | None]] = []
    request = web.dial()
    request.sendall(b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\nab")
    began = time.monotonic()

    def listen(client: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            for _frame in client:
                pass
        closed.append((time.monotonic() - began, client.close_code))

    threads = [threading.Thread(target=listen, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    web.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    status, body = web.status_of("/health/ready")
    assert status == 503
    assert '"process": "stopping"' in body
    for thread in threads:
        thread.join()
    assert {code for _, code in closed} == {1012}
    assert max(at for at, _ in closed) - min(at for at, _ in closed) > 0.5
    assert max(at for at, _ in closed) < 5
    request.sendall(b"c")
    assert request.recv(4096).startswith(b"HTTP/1.1 4")
    request.close()
    assert web.process.wait(timeout=10) == 0
    assert time.monotonic() - began < 8
