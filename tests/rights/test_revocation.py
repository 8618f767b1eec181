"""Revocation on real servers: who loses a right loses the open socket within five seconds."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.servers.on_redis import WebOnRedis, running_web
from tests.servers.redis import RedisServer

pytestmark = [
    pytest.mark.drill,
    pytest.mark.redis,
    pytest.mark.timeout(180),
]

WITHIN = 5.0
CODES = {
    "signed out": 4401,
    "session deleted": 4401,
    "disabled": 4401,
    "password changed": 4401,
    "deleted": 4401,
    "demoted": 4403,
    "key": 4401,
    "token": 4401,
    "forgotten": 4401,
    "closed widget": 4401,
}
STAY = ("alice", "blocked", "lowered")
"""Who keeps the socket: a blocked customer still reaches people, a lower role is still one."""

BEGIN = """
import json
from django.test import Client
from channels_layer import times
from channels_layer.access import keys
from conversations.sources.widget.services import sessions
from conversations.sources.widget.services.sessions import SessionRequest
from tests import factories
from tests.conversations.sources.widget.conftest import make_widget
from tests.rights.world import administrator

at = times.now()

def cookie(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value

def visitor(widget):
    return sessions.open(widget=widget, request=SessionRequest(), at=at).secret

people = ["signed out", "session deleted", "disabled", "password changed", "deleted", "demoted"]
widget, closed = make_widget(), make_widget("Closed")
# One always stays; it is not the one whose role is taken.
administrator("dora")
print(json.dumps({
    "cookies": {name: cookie(factories.person(name)) for name in [*people, "alice"]}
    | {"lowered": cookie(administrator("lowered"))},
    "keys": {"key": keys.issue(name="Shop", scopes=["conversations:read"], at=at)[1]},
    "tokens": {name: visitor(widget) for name in ("token", "forgotten", "blocked")}
    | {"closed widget": visitor(closed)},
    "widget": widget.key,
}))
"""
REVOKE = """
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from channels_layer import times
from channels_layer.access import keys
from channels_layer.access.actors import System
from channels_layer.models import ApiKey
from conversations.models import Source
from conversations.services import contacts
from conversations.sources.widget.models import VisitorToken
from conversations.sources.widget.selectors import digest_of
from conversations.sources.widget.services import widgets
from handoff import services
from handoff.models import Agent

at = times.now()

def person(name):
    return User.objects.get(username=name)

def token(secret):
    return VisitorToken.objects.filter(digest=digest_of(secret))

Session.objects.filter(pk=COOKIES["session deleted"]).delete()
User.objects.filter(username="disabled").update(is_active=False)
one = person("password changed")
one.set_password("another")
one.save()
person("deleted").delete()
services.dismiss(agent=Agent.objects.get(user=person("demoted")))
services.appoint(user=person("lowered"), role="agent")
keys.revoke(ApiKey.objects.get(name="Shop"), at=at)
widgets.revoke_tokens(tokens=token(TOKENS["token"]), at=at)
contacts.block(contact=token(TOKENS["blocked"]).get().contact, by=System(), at=at)
Source.objects.filter(name="Closed").update(is_active=False)
"""


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def web(
    request: pytest.FixtureRequest,
    redis_process: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[WebOnRedis]:
    with running_web(
        request.param, tmp_path_factory.mktemp(request.param), redis_process
    ) as server:
        yield server


async def test_who_loses_a_right_loses_the_socket(web: WebOnRedis) -> None:
    facts = web.run(BEGIN)
    sockets = {
        **{name: await by_cookie(web, value) for name, value in facts["cookies"].items()},
        **{name: await by_token(web, "", value) for name, value in facts["keys"].items()},
        **{name: await by_token(web, "visitor/", value) for name, value in facts["tokens"].items()},
    }
    listening = {name: asyncio.create_task(closing(socket)) for name, socket in sockets.items()}
    sign_out(web, facts["cookies"]["signed out"])
    forget(web, facts["widget"], facts["tokens"]["forgotten"])
    program = f"COOKIES, TOKENS = {facts['cookies']!r}, {facts['tokens']!r}\n{REVOKE}"
    await asyncio.to_thread(web.run, program)
    began = time.monotonic()

    closed = await asyncio.gather(*(listening[name] for name in CODES))

    assert {name: code for name, (code, _) in zip(CODES, closed, strict=True)} == CODES
    assert max(at for _, at in closed) - began < WITHIN
    for name in STAY:
        assert await is_served(sockets[name], listening[name]), name


async def by_cookie(web: WebOnRedis, value: str) -> ClientConnection:
    """Open a person's socket."""
    headers = {"Cookie": f"sessionid={value}", "Origin": web.url}
    socket = await connect(f"{web.websocket_url}/ws/v1/", additional_headers=headers)
    await greet(socket)
    return socket


async def by_token(web: WebOnRedis, path: str, secret: str) -> ClientConnection:
    """Open a system's or a visitor's socket."""
    socket = await connect(f"{web.websocket_url}/ws/v1/{path}")
    await greet(socket, token=secret)
    return socket


async def greet(socket: ClientConnection, **fields: str) -> None:
    """Say hello and be welcomed."""
    await say(socket, type="hello", v=1, **fields)
    assert orjson.loads(await asyncio.wait_for(socket.recv(), 20))["type"] == "welcome"


async def say(socket: ClientConnection, **frame: Any) -> None:
    await socket.send(orjson.dumps(frame).decode())


async def closing(socket: ClientConnection) -> tuple[int | None, float]:
    """Listen until the server closes; return the code and the time."""
    try:
        async with asyncio.timeout(30):
            async for _ in socket:
                pass
    except ConnectionClosed:
        pass
    return socket.close_code, time.monotonic()


async def is_served(socket: ClientConnection, listening: asyncio.Task[Any]) -> bool:
    """Return whether a socket that should still be open answers."""
    if listening.done():
        return False
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await say(socket, type="ping", ref="still here")
    async with asyncio.timeout(10):
        while orjson.loads(await socket.recv()).get("ref") != "still here":
            pass
    await socket.close()
    return True


def sign_out(web: WebOnRedis, value: str) -> None:
    """Sign out as the page does."""
    token = "x" * 32
    cookies = {"sessionid": value, "csrftoken": token}
    with httpx.Client(cookies=cookies) as browser:
        response = browser.post(f"{web.url}/logout/", data={"csrfmiddlewaretoken": token})
    assert response.status_code == 302, response.text


def forget(web: WebOnRedis, key: str, secret: str) -> None:
    """Let a visitor's token be forgotten."""
    headers = {"Authorization": f"Bearer {secret}"}
    response = httpx.delete(f"{web.url}/widget/{key}/session", headers=headers)
    assert response.status_code == 204, response.text
