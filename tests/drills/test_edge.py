"""The server's edge: what is too large, too slow or not its own, and how it stops."""

import asyncio
import contextlib
import secrets
import signal
import socket
import ssl
import time
from collections.abc import Iterator

import orjson
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.servers import waiting
from tests.servers.web import Proxied, Web

pytestmark = [pytest.mark.drill, pytest.mark.timeout(240)]

MEGABYTE = 1024 * 1024
UPLOAD = "/api/v1/attachments/"
SOCKETS = 30
WAIT = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """Daphne, without a proxy."""
    server = Web(tmp_path_factory.mktemp("edge"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def proxied(alone: Web) -> Iterator[Proxied]:
    """Uvicorn behind the nginx of the docs, on the same database."""
    server = Proxied(alone.folder, alone.key)
    yield server
    server.stop()


@pytest.fixture(params=["alone", "proxied"])
def web(request: pytest.FixtureRequest) -> Web:
    """Return each of the two in turn."""
    server: Web = request.getfixturevalue(request.param)
    return server


def flood(web: Web, head: str, piece: bytes, *, megabytes: int) -> tuple[bytes, int]:
    """Send ``head`` and megabytes until answered; return the answer and the megabytes sent."""
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
            except WAIT:
                time.sleep(0.002)
            try:
                answer = client.recv(4096)
            except WAIT:
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


async def test_trickled_headers_end_after_fifteen_seconds(alone: Web, proxied: Proxied) -> None:
    """Daphne says 408, nginx closes without a word; meanwhile sockets get their heartbeats."""
    async with alone.welcomed() as one, proxied.welcomed() as other:
        await asyncio.to_thread(trickle, [alone, proxied])
        for client in (one, other):
            assert orjson.loads(await client.recv())["type"] == "heads"


def trickle(servers: list[Web]) -> None:
    """Begin requests that never come to an end; others are served, and these are ended."""
    clients = [server.dial() for server in servers for _ in range(100)]
    for client in clients:
        client.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    began = time.monotonic()
    slowest = 0.0
    while time.monotonic() - began < 12:
        for number, client in enumerate(clients):
            client.sendall(b"X-Slow-%d: 1\r\n" % number)
        for server in servers:
            begin = time.monotonic()
            assert server.status_of("/health/live")[0] == 200
            slowest = max(slowest, time.monotonic() - begin)
        time.sleep(2)
    for client in clients:
        assert client.recv(100)[:13] in {b"HTTP/1.1 408 ", b""}
        client.close()
    assert 13 < time.monotonic() - began < 22
    assert slowest < 2


@pytest.mark.parametrize("form", ["", "; boundary=x"])
def test_a_form_that_cannot_be_read_gets_the_application_s_answer(web: Web, form: str) -> None:
    with web.dial() as client:
        client.sendall(
            f"POST {UPLOAD} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            f"Content-Type: multipart/form-data{form}\r\nContent-Length: 11\r\n\r\n"
            "--x\r\nbroken".encode()
        )
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b'"not_authenticated"' in answer


def test_a_client_does_not_say_where_the_application_is_mounted(web: Web) -> None:
    with web.dial() as client:
        client.sendall(
            b"GET /conversations/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Daphne-Root-Path: /evil\r\nX-Script-Name: /evil\r\nX-Forwarded-Prefix: /evil\r\n"
            b"X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n"
            b"Connection: close\r\n\r\n"
        )
        answer = client.recv(65536)
    assert b"302" in answer.splitlines()[0]
    assert b"evil" not in answer


@pytest.mark.parametrize("path", ["/login/", "/ws/v1/", "/ws/v1/visitor/"])
def test_another_host_is_refused_in_a_word(alone: Web, path: str) -> None:
    upgrade = (
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    extra = upgrade if path.startswith("/ws/") else b"Connection: close\r\n"
    with alone.dial() as client:
        client.sendall(b"GET %b HTTP/1.1\r\nHost: evil.test\r\n%b\r\n" % (path.encode(), extra))
        answer = client.recv(65536)
    assert b" 400 " in answer.splitlines()[0]
    assert len(answer) < 300


def test_a_client_does_not_say_where_it_comes_from(proxied: Proxied) -> None:
    """What it forges is dropped on the way; nginx's word is believed, and only nginx's."""
    form = b"username=alice&password=wrong"
    with proxied.dial("127.0.0.5") as client:
        token = secrets.token_hex(16).encode()
        client.sendall(
            b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nReferer: https://127.0.0.1/\r\n"
            b"X-Forwarded-For: 203.0.113.9\r\nX-Real-IP: 203.0.113.9\r\n"
            b"X-Forwarded-Proto: http\r\nX-CSRFToken: %b\r\nCookie: csrftoken=%b\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (token, token, len(form), form)
        )
        assert b" 200 " in client.recv(65536).splitlines()[0]
    [attempt] = proxied.manage("axes_list_attempts").splitlines()
    assert attempt.split()[0] == "127.0.0.5"
    assert proxied.status_of("/metrics")[0] == 403


def test_pages_know_that_they_come_by_tls(proxied: Proxied) -> None:
    with proxied.dial() as client:
        client.sendall(b"GET /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answer = client.recv(65536)
    assert b" 200 " in answer.splitlines()[0]
    assert b"strict-transport-security: max-age=31536000" in answer
    assert b"; Secure" in answer


def test_logs_of_the_proxy_have_no_query(proxied: Proxied) -> None:
    """Neither of what is served, nor of what is redirected, nor where a process did not answer."""
    path = f"/login/{secrets.token_hex(4)}"
    query, referrer = secrets.token_hex(8), secrets.token_hex(8)
    headers = f"Host: 127.0.0.1\r\nReferer: https://127.0.0.1/?{referrer}\r\nConnection: close"
    request = f"GET {path}?token={query} HTTP/1.1\r\n{headers}\r\n\r\n".encode()
    for _ in range(4):
        with proxied.dial() as client:
            client.sendall(request)
            assert client.recv(100).startswith(b"HTTP/1.1 404 ")
    with socket.create_connection(("127.0.0.1", proxied.proxy.plain_port), timeout=10) as client:
        client.sendall(request)
        assert client.recv(100).startswith(b"HTTP/1.1 301 ")
    waiting.until(lambda: proxied.proxy.logged().count(path) == 5)
    assert query not in proxied.proxy.logged()
    assert referrer not in proxied.proxy.logged()


async def test_a_frame_over_64_kib_closes_with_4413(web: Web) -> None:
    async with web.welcomed() as client:
        with contextlib.suppress(ConnectionClosed):
            await client.send("x" * 65537)
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert client.close_code == 4413


async def test_sigterm_drains(web: Web) -> None:
    """Not ready; sockets closed with 1012, spread; the request under way answered; exit 0.

    It is called directly: nginx passes a request on when it is complete.
    """
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(web.welcomed()) for _ in range(SOCKETS)]
        request = socket.create_connection(("127.0.0.1", web.port), timeout=60)
        request.sendall(
            b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n"
            b"Content-Length: 3\r\n\r\nab"
        )
        began = time.monotonic()
        listening = [asyncio.create_task(end_of(client)) for client in clients]
        web.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.2)
        status, body = await asyncio.to_thread(web.status_of, "/health/ready")
        assert status == 503
        assert '"process": "stopping"' in body
        with pytest.raises(InvalidStatus, match="503"):
            await stack.enter_async_context(web.connect())
        closed = [at - began for at in await asyncio.gather(*listening)]
    assert {client.close_code for client in clients} == {1012}
    assert max(closed) - min(closed) > 0.5
    assert max(closed) < 5
    request.sendall(b"c")
    assert request.recv(4096).startswith(b"HTTP/1.1 4")
    request.close()
    assert web.process.wait(timeout=10) == 0
    assert time.monotonic() - began < 8


async def end_of(client: ClientConnection) -> float:
    """Listen; return the time at which the server closed."""
    with contextlib.suppress(ConnectionClosed):
        async for _frame in client:
            pass
    return time.monotonic()
