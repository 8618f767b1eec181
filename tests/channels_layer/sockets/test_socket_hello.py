"""The beginning of a socket: origin, hello, who is let in, what ends it."""

import asyncio
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from pytest_django import Settings

from channels_layer.access import keys
from channels_layer.models import ApiKey
from channels_layer.sockets import hub
from channels_layer.transport import broadcast
from config.asgi import sockets
from handoff.models import Agent
from tests.channels_layer.board import NOTE, Board, in_thread
from tests.channels_layer.conftest import Connect
from tests.channels_layer.lines import ClosedError, connected
from tests.factories import NOON
from tests.servers.waiting import eventually

pytestmark = [pytest.mark.socket, pytest.mark.usefixtures("transactional_db", "board", "layer")]


def origin(value: str) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"origin", value.encode()),)


async def test_welcomes_a_key() -> None:
    secret = (await in_thread(keys.issue, name="Shop", scopes=[], at=NOON))[1]
    async with connected() as line:
        await line.send(type="hello", v=1, token=secret, ref="a")
        assert await line.next() == {"type": "welcome", "v": 1, "heartbeat": 15, "ref": "a"}


async def test_welcomes_a_key_in_the_header(key: str) -> None:
    async with connected(headers=((b"authorization", f"Bearer {key}".encode()),)) as line:
        assert (await line.hello())["v"] == 1


async def test_welcomes_a_person_by_session(cookie: str) -> None:
    headers = ((b"cookie", cookie.encode()), *origin("http://testserver"))
    async with connected(headers=headers) as line:
        assert (await line.hello())["type"] == "welcome"


async def test_does_not_know_a_wrong_token() -> None:
    for token in ["parley_wrong", 5, [1], {"a": 1}, True]:
        async with connected() as line:
            await line.send(type="hello", v=1, token=token)
            assert await line.code() == 4401


async def test_does_not_know_a_wrong_session() -> None:
    for cookie in [b"", b"sessionid=", b"sessionid=0123456789abcdef", b"\xff=;="]:
        async with connected(headers=((b"cookie", cookie),)) as line:
            await line.send(type="hello", v=1)
            assert await line.code() == 4401


async def test_a_person_without_a_role_is_forbidden() -> None:
    client = Client()
    mallory = await in_thread(User.objects.create, username="mallory")
    await in_thread(client.force_login, mallory)
    value = f"sessionid={client.cookies['sessionid'].value}".encode()
    async with connected(headers=((b"cookie", value),)) as line:
        await line.send(type="hello", v=1)
        assert await line.code() == 4403


async def test_hello_comes_first() -> None:
    async with connected() as line:
        await line.send(type="ping")
        assert await line.code() == 4401


async def test_speaks_version_1_alone(key: str) -> None:
    async with connected() as line:
        await line.send(type="hello", v=2, token=key)
        assert (await line.next())["code"] == "invalid"
        assert await line.code() == 4400


async def test_waits_for_hello_for_a_while(settings: Settings) -> None:
    settings.SOCKET_LIMITS = {"hello": 0.1}
    async with connected() as line:
        assert await line.code() == 4408


FOREIGN = [
    "http://evil.example",
    "https://testserver",
    "http://testserver:8000",
    "http://testserver.evil.example",
    "http://testserver:99999",
    "http://testserver@evil.example",
    "null",
    "",
    "file://",
]


async def test_refuses_foreign_origins() -> None:
    for value in FOREIGN:
        with pytest.raises(ClosedError) as refused:
            async with connected(headers=origin(value)):
                pass
        assert refused.value.code == 4403


async def test_refuses_a_host_that_is_not_served(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["desk.example"]
    with pytest.raises(ClosedError):
        async with connected(headers=origin("http://testserver")):
            pass


async def test_knows_its_origin_behind_a_proxy(settings: Settings, key: str) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    proxied = ((b"x-forwarded-proto", b"https"), *origin("https://testserver"))
    async with connected(headers=proxied, token=key):
        pass
    with pytest.raises(ClosedError):
        async with connected(headers=origin("https://testserver")):
            pass


async def test_a_revoked_key_loses_the_socket(settings: Settings, line: Connect) -> None:
    settings.SOCKET_LIMITS = {"recheck": 0.05}
    async with line() as client:
        await in_thread(ApiKey.objects.update, revoked_at=NOON)
        assert await client.code() == 4401


async def test_logging_out_ends_the_socket(settings: Settings, cookie: str) -> None:
    settings.SOCKET_LIMITS = {"recheck": 0.05}
    async with connected(headers=((b"cookie", cookie.encode()),)) as line:
        await line.hello()
        await in_thread(SessionStore(cookie.partition("=")[2]).flush)
        assert await line.code() == 4401


async def test_losing_the_role_ends_the_socket(settings: Settings, cookie: str) -> None:
    settings.SOCKET_LIMITS = {"recheck": 0.05}
    async with connected(headers=((b"cookie", cookie.encode()),)) as line:
        await line.hello()
        await in_thread(Agent.objects.all().delete)
        assert await line.code() == 4403


async def test_a_deactivated_person_is_out(settings: Settings, cookie: str) -> None:
    settings.SOCKET_LIMITS = {"recheck": 0.05}
    async with connected(headers=((b"cookie", cookie.encode()),)) as line:
        await line.hello()
        await in_thread(User.objects.update, is_active=False)
        assert await line.code() == 4401


async def test_a_hint_is_enough_to_recheck_at_once(line: Connect) -> None:
    async with line() as client:
        found = await in_thread(ApiKey.objects.get)
        await in_thread(ApiKey.objects.update, revoked_at=NOON)
        broadcast.revoke(f"key:{found.pk}")
        assert await client.code(within=2) == 4401


async def test_revoking_a_key_ends_its_socket_at_once(line: Connect) -> None:
    async with line() as client:
        await in_thread(lambda: keys.revoke(ApiKey.objects.get(), at=NOON))
        assert await client.code(within=2) == 4401


async def test_signing_out_ends_the_socket_at_once(cookie: str) -> None:
    browser = Client()
    browser.cookies["sessionid"] = cookie.partition("=")[2]
    async with connected(headers=((b"cookie", cookie.encode()),)) as line:
        await line.hello()
        await in_thread(browser.post, "/logout/")
        assert await line.code(within=2) == 4401


async def test_a_topic_that_is_no_longer_allowed_falls_silent(
    settings: Settings, line: Connect, board: Board
) -> None:
    settings.SOCKET_LIMITS = {"recheck": 0.05}
    async with line() as client:
        await client.follow(NOTE)
        board.closed.add("1")
        error = await client.receive("error")
        assert (error["code"], error["topic"]) == ("forbidden", NOTE)


async def test_a_close_that_hangs_keeps_nobody_connected(key: str) -> None:
    """A server may hold it up for as long as the client reads nothing."""
    gate = asyncio.Event()

    async def stuck(scope: Any, receive: Any, send: Any) -> None:
        async def held(message: dict[str, Any]) -> None:
            if message["type"] == "websocket.close":
                await gate.wait()
            await send(message)

        await sockets(scope, receive, held)

    async with connected(token=key, application=stuck) as client:
        await in_thread(lambda: keys.revoke(ApiKey.objects.get(), at=NOON))
        await eventually(lambda: not hub._hubs)
        gate.set()
        assert await client.code() == 4401


async def test_the_hub_ends_with_its_last_socket(line: Connect) -> None:
    async with line(), line():
        assert len(hub._hubs) == 1
    assert hub._hubs == {}
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == 1
