"""A bare ASGI application under uvicorn: WebSockets that get what Redis publishes, no framework.

``python -m tests.bench.references.bare_sockets PORT REDIS_URL``. A socket of ``/topic/<name>`` gets
what is published for the name. ``POST /publish/<name>`` publishes the body. No rights, no log, no
order, no care for slow readers: the least that could do the same deliveries.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import redis.asyncio as redis
import uvicorn

PREFIX = "bare:"
CONNECTIONS = 1000
"""As many may publish at once; the library would refuse beyond 100."""
READY = '{"type":"following"}'

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class BareSockets:
    """The application: one subscription of the process, and the sockets of each topic."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, max_connections=CONNECTIONS)
        self._sockets: dict[str, set[Send]] = defaultdict(set)
        self._subscription: asyncio.Task[None] | None = None
        self._is_subscribed = asyncio.Event()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Take a request or a socket."""
        if self._subscription is None:
            self._subscription = asyncio.create_task(self._forward())
        name = scope["path"].rpartition("/")[2]
        if scope["type"] == "websocket":
            await self._socket(name, receive, send)
        else:
            await self._publish(name, receive, send)

    async def _socket(self, name: str, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self._sockets[name].add(send)
        await self._is_subscribed.wait()
        await send({"type": "websocket.send", "text": READY})
        while (await receive())["type"] != "websocket.disconnect":
            continue
        self._sockets[name].discard(send)

    async def _publish(self, name: str, receive: Receive, send: Send) -> None:
        body = (await receive()).get("body", b"")
        if body:
            await self._redis.publish(f"{PREFIX}{name}", body)
        length = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 201, "headers": length})
        await send({"type": "http.response.body", "body": b""})

    async def _forward(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.psubscribe(f"{PREFIX}*")
            async for message in subscription.listen():
                if message["type"] == "psubscribe":
                    self._is_subscribed.set()
                elif message["type"] == "pmessage":
                    name = message["channel"].decode().removeprefix(PREFIX)
                    frame = {"type": "websocket.send", "text": message["data"].decode()}
                    for send in list(self._sockets[name]):
                        await send(frame)


def main(port: str, url: str) -> None:
    """Serve until the process ends."""
    uvicorn.run(
        BareSockets(url),
        host="127.0.0.1",
        port=int(port),
        log_level="warning",
        lifespan="off",
        loop="uvloop",
        ws="websockets",
        ws_per_message_deflate=False,
        backlog=2048,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
