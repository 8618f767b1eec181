"""``python -m tests.channels_layer.serving daphne|uvicorn PORT``: the socket on a real server.

It serves ``note:<id>`` to holders of an API key. ``… say TIMES SIZE`` publishes on ``note:1`` from
another process, ``… key`` prints an API key.
"""

import sys
from collections.abc import Callable

import django

django.setup()

import uvicorn  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.db import transaction  # noqa: E402

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

application = ProtocolTypeRouter({"websocket": URLRouter(websocket_urlpatterns)})


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
    assert outbound.flush(10)


def key() -> None:
    """Print a key."""
    sys.stdout.write(keys.issue(name="Drill", scopes=[], at=NOON)[1])


def main(verb: str, *arguments: str) -> None:
    """Do what the command line says."""
    verbs: dict[str, Callable[..., None]]
    verbs = {"daphne": daphne, "uvicorn": asgi, "say": say, "key": key}
    verbs[verb](*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
