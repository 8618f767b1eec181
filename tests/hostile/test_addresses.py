"""Addresses that lead inside: whoever is given them, no connection is made, and it is said why."""

import json
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx2
import pytest
from asgiref.sync import sync_to_async
from django.conf import LazySettings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from channels_layer import outgoing
from conversations.sources.whatsapp.services import media
from tests.hostile.addresses import GOOD, NAMES, PUBLIC, URLS
from tests.servers.dialing import Answers, Dialing, Listener

LEAST = 120
REAL = (
    "127.0.0.1",
    "localhost",
    "localhost.",
    "127.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "0",
    "0.0.0.0",  # noqa: S104
    "127。0。0。1",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[::1%lo]",
    "127.0.0.1%00.example",
)
"""Written for the resolver and the kernel of this machine."""


@dataclass
class Inside:
    """A world in which every address but one is a listener inside."""

    listener: Listener
    dialing: Dialing

    def network(self) -> outgoing.Network:
        return outgoing.Network(resolve=Answers(NAMES), backend=self.dialing)


@pytest.fixture
def inside(httpserver: HTTPServer, settings: LazySettings) -> Inside:
    """Serve redirects at the public address, and listen in place of all others."""
    settings.WHATSAPP_GRAPH_URL = f"http://{GOOD}"
    httpserver.expect_request(re.compile("/.*")).respond_with_handler(_send_on)
    listener = Listener()
    return Inside(listener, Dialing(listener.port, {(PUBLIC, 80): httpserver.port}))


def _send_on(request: Request) -> Response:
    return Response("", int(request.path[1:] or 200), {"Location": request.args.get("to", "")})


async def _fetch(url: str, network: outgoing.Network) -> None:
    await network.fetch("GET", url)


async def _call(url: str, network: outgoing.Network) -> None:
    """Send what a tool writes, with a secret, and read little."""
    body = json.dumps({"order": 1}).encode()
    await network.fetch("POST", url, {"X-Key": "secret"}, body, seconds=5, most_bytes=100_000)


async def _stream(url: str, network: outgoing.Network) -> None:
    """Open a stream of events, as the client of an MCP server does."""
    headers, timeout = {"Authorization": "Bearer secret"}, httpx2.Timeout(5, read=300)
    body = {"method": "initialize"}
    async with (
        network.client(headers, timeout, None) as client,
        client.stream("POST", url, json=body) as response,
    ):
        await response.aread()


async def _download(url: str, network: outgoing.Network) -> None:
    await sync_to_async(media._downloaded)(url, "secret", network)


@pytest.mark.parametrize("use", [_fetch, _call, _stream, _download])
async def test_nothing_inside_is_connected_to(
    inside: Inside, use: Callable[[str, outgoing.Network], Awaitable[None]]
) -> None:
    assert len(set(URLS)) >= LEAST
    wrong = {}
    for url in URLS:
        try:
            await use(url, inside.network())
        except (outgoing.OutgoingError, httpx2.InvalidURL, media._FailedError) as error:
            if not str(error):
                wrong[url] = "no reason"
        else:
            wrong[url] = "no refusal"
    assert wrong == {}
    assert inside.listener.close() == 0
    assert set(inside.dialing.dialled) == {(PUBLIC, 80)}


async def test_the_listener_would_have_noticed(inside: Inside) -> None:
    careless = outgoing.Network(
        resolve=Answers(NAMES),
        backend=inside.dialing,
        allowed=frozenset({("here.example", 80)}),
    )
    with pytest.raises(outgoing.OutgoingFailedError):
        await careless.fetch("GET", "http://here.example/")
    assert inside.listener.close() == 1


async def test_nothing_of_this_machine_is_connected_to() -> None:
    """Names are resolved and connections made as in production."""
    listener = Listener(range(8100, 9000))
    for host in REAL:
        with pytest.raises(outgoing.OutgoingError):
            await outgoing.fetch("GET", f"http://{host}:{listener.port}/")
    with socket.create_connection(("127.0.0.1", listener.port)):
        pass
    assert listener.close() == 1
