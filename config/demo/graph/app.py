"""The application: the demo Graph's paths, over ASGI, and those of tests, under ``/_…``."""

import re
from collections.abc import Iterable

import orjson

from config.demo.graph.courier import Courier
from config.demo.graph.faults import Faults
from config.demo.graph.graph import Graph
from config.demo.graph.messages import Messages
from config.demo.graph.phone import Phone
from config.demo.graph.senders import Sender
from config.demo.graph.world import Json, World
from config.demo.loopback.exchange import Exchange, Message, Receive, Send, Times

LOCAL = frozenset({"127.0.0.1", "localhost"})
"""Names under which it is called; a page elsewhere that resolves to loopback is none of them."""
_VERSION = re.compile(r"v\d+(\.\d+)?")


class Control:
    """Answers ``_log``, ``_faults``, ``_senders`` and ``_webhook``."""

    def __init__(self, world: World, courier: Courier, faults: Faults) -> None:
        """Read ``world``, order ``faults`` and send with ``courier``."""
        self._world = world
        self._courier = courier
        self._faults = faults

    async def answer(self, exchange: Exchange[Times], name: str) -> None:
        """Answer one request; 400 with a reason where it is malformed."""
        try:
            body: Json = orjson.loads(exchange.body) if exchange.body else {}
            result = await self._done(exchange.scope["method"], name, body)
        except (orjson.JSONDecodeError, TypeError, KeyError) as error:
            await exchange.json({"detail": str(error)}, 400)
            return
        await exchange.json(result, 404 if result is None else 200)

    async def _done(self, method: str, name: str, body: Json) -> Json | None:
        match (method, name):
            case ("GET", "_log"):
                return self._log()
            case ("DELETE", "_log"):
                self._forget()
            case ("POST", "_faults"):
                self._faults.order(body)
            case ("DELETE", "_faults"):
                self._faults.clear()
            case ("POST", "_senders"):
                self._world.add(Sender.read(body))
            case ("POST", "_webhook"):
                return {"statuses": await self._webhook(body)}
            case _:
                return None
        return {"success": True}

    def _log(self) -> Json:
        return {
            "requests": list(self._world.requests),
            "taken": self._world.taken,
            "trackers": dict(self._world.trackers),
            "webhooks": {"done": list(self._courier.done), "waiting": self._courier.waiting},
        }

    def _forget(self) -> None:
        self._world.requests.clear()
        self._world.trackers.clear()
        self._world.taken = 0
        self._courier.done.clear()

    async def _webhook(self, body: Json) -> list[int]:
        """Send a webhook as it stands; return the status of each copy."""
        sender = self._world.number(body["sender"]).sender
        change = {"field": body["field"], "value": body["value"]}
        entry = {"id": sender.business_account_id, "time": 0, "changes": [change]}
        raw = orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})
        signature = str(body.get("signature", ""))
        return [
            await self._courier.carry(sender, raw, signature=signature)
            for _ in range(int(body.get("times", 1)))
        ]


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
