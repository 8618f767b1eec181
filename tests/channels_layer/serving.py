"""``python -m tests.channels_layer.serving daphne|uvicorn PORT``: the socket on a real server.

It serves ``note:<id>`` to holders of an API key. ``… say TIMES SIZE`` publishes on ``note:1`` from
another process, ``… key`` prints an API key. Beside it, ``/stock/`` is a consumer as Channels'
documentation has it, which ``… stock TIMES SIZE`` sends to.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

import uvicorn  # noqa: E402
from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.db import transaction  # noqa: E402
from django.urls import path  # noqa: E402

from channels_layer.access import keys  # noqa: E402
from channels_layer.log import events, topics  # noqa: E402
from channels_layer.log.events import EventType, Kind  # noqa: E402
from channels_layer.log.topics import TopicKind  # noqa: E402
from channels_layer.routing import websocket_urlpatterns  # noqa: E402
from channels_layer.transport import outbound  # noqa: E402
from tests.event_objects import Said  # noqa: E402
from tests.factories import NOON  # noqa: E402

events.register(EventType("said", Said, Kind.DURABLE, "note", "Words."))
topics.register(TopicKind("note", durable=True, may_follow=lambda *_: True))

STOCK = "stock"


class StockConsumer(AsyncWebsocketConsumer):
    """Follows one group, each socket by a channel of its own."""

    groups = [STOCK]

    async def words(self, event: dict[str, str]) -> None:
        """Send the words of an event."""
        await self.send(text_data=event["text"])


stock_consumer: Any = StockConsumer.as_asgi()
routes = [*websocket_urlpatterns, path("stock/", stock_consumer)]
application = ProtocolTypeRouter({"websocket": URLRouter(routes)})


def daphne(port: str) -> None:
    """Serve as the product does."""
    # Importing it puts Twisted's reactor in place, which uvicorn cannot use.
    from config import serve  # noqa: PLC0415

    endpoints = [f"tcp:port={port}:interface=127.0.0.1"]
    serve.RestartingServer(
        application, endpoints=endpoints, websocket_timeout=-1, signal_handlers=False
    ).run()


def asgi(port: str) -> None:
    """Serve as large installations do."""
    uvicorn.run(application, host="127.0.0.1", port=int(port), log_level="warning", lifespan="off")


def say(times: str, size: str) -> None:
    """Publish, one transaction each."""
    for _ in range(int(times)):
        with transaction.atomic():
            data = {"text": "x" * int(size)}
            events.publish(topic="note:1", type="said", data=data, at=NOON)
    assert outbound.current().flush(10)


def stock(times: str, size: str) -> None:
    """Send to the group of the stock consumers."""

    async def send() -> None:
        layer = get_channel_layer()
        for _ in range(int(times)):
            await layer.group_send(STOCK, {"type": "words", "text": "x" * int(size)})

    asyncio.run(send())


def key() -> None:
    """Print a key."""
    sys.stdout.write(keys.issue(name="Drill", scopes=[], at=NOON)[1])


def main(verb: str, *arguments: str) -> None:
    """Do what the command line says."""
    verbs: dict[str, Callable[..., None]]
    verbs = {"daphne": daphne, "uvicorn": asgi, "say": say, "stock": stock, "key": key}
    verbs[verb](*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
