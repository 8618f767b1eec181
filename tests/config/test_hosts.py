"""Hosts: what is sent to a name that is not the site's is refused before anything runs."""

from typing import Any

import pytest
from pytest_django import Settings

from config.edge.hosts import Named
from config.edge.types import Message, Receive, Scope, Send


async def answer(kind: str, *hosts: bytes, **scope: Any) -> list[Message]:
    """Return what the edge answers; the application behind answers by a message of its own."""
    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "reached"})

    nothing: Any = None
    headers = [(b"host", host) for host in hosts]
    await Named(application)({"type": kind, "headers": headers, **scope}, nothing, keep)
    return sent


@pytest.fixture(autouse=True)
def served(settings: Settings) -> None:
    """Serve two names."""
    settings.ALLOWED_HOSTS = ["desk.example", ".help.example", "[::1]"]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "hosts", [[b"desk.example"], [b"DESK.example:8000"], [b"a.help.example"], [b"[::1]:80"], []]
)
async def test_the_site_s_own_names_reach_it(kind: str, hosts: list[bytes]) -> None:
    assert await answer(kind, *hosts) == [{"type": "reached"}]


@pytest.mark.parametrize(
    "hosts",
    [
        [b"evil.test"],
        [b"desk.example.evil.test"],
        [b"desk.example@evil.test"],
        [b"desk.example", b"evil.test"],
        [b"evil.test", b"desk.example"],
        [b"\xff"],
        [b"[::"],
        [b" "],
        [b""],
    ],
)
async def test_others_are_refused(hosts: list[bytes]) -> None:
    start, body = await answer("http", *hosts)
    assert start["status"] == 400
    assert (b"cache-control", b"no-store") in start["headers"]
    assert len(body["body"]) < 100


async def test_a_handshake_is_refused_likewise(settings: Settings) -> None:
    settings.DEBUG = True
    extensions: dict[str, Any] = {"websocket.http.response": {}}
    start, _body = await answer("websocket", b"evil.test", extensions=extensions)
    assert (start["type"], start["status"]) == ("websocket.http.response.start", 400)
    assert await answer("websocket", b"evil.test") == [{"type": "websocket.close"}]
