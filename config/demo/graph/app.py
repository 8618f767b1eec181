"""The application: the demo Graph's paths, over ASGI."""

import re
from collections.abc import Iterable

from config.demo.graph.control import Control
from config.demo.graph.courier import Courier
from config.demo.graph.faults import Faults
from config.demo.graph.graph import Graph
from config.demo.graph.messages import Messages
from config.demo.graph.phone import Phone
from config.demo.graph.senders import Sender
from config.demo.graph.world import World
from config.demo.loopback.exchange import Exchange, Message, Receive, Send, Times

LOCAL = frozenset({"127.0.0.1", "localhost"})
"""Names under which it is called; a page elsewhere that resolves to loopback is none of them."""
_VERSION = re.compile(r"v\d+(\.\d+)?")


class DemoGraph:
    """Meta's servers and a customer's phone in one process."""

    def __init__(self, senders: Iterable[Sender] = ()) -> None:
        """Start with ``senders``; more can be added later."""
        world, courier, faults = World(), Courier(), Faults()
        messages = Messages(world, courier)
        self._world = world
        self._graph = Graph(world, messages, faults)
        self._phone = Phone(world, courier, messages)
        self._control = Control(world, courier, faults)
        for sender in senders:
            world.add(sender)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await Exchange(scope, receive, send, Times()).follow(self._route)

    async def _route(self, exchange: Exchange[Times]) -> None:
        if exchange.header("host").rpartition(":")[0] not in LOCAL:
            await exchange.json({"detail": "Only this machine is answered."}, 403)
            return
        path = exchange.scope["path"].strip("/").split("/")
        if path[0] in {"", "phone"}:
            await self._phone.answer(exchange, path[1:])
        elif path[0].startswith("_"):
            await self._control.answer(exchange, path[0])
        elif path[0] == "download":
            await self._graph.download(exchange, path[-1])
        elif _VERSION.fullmatch(path[0]):
            await self._graph.answer(exchange, path[1:])
        else:
            await self._graph.answer(exchange, path)
