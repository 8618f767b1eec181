"""The application: the order service's paths, over ASGI."""

import asyncio
from datetime import UTC, datetime
from time import time
from typing import Any
from urllib.parse import unquote

import orjson

from config.demo.loopback.exchange import Exchange, Message, Receive, Send, Times
from config.demo.orders import access, description
from config.demo.orders.faults import Chosen, Faults
from config.demo.orders.ledger import ADDRESS, REFUND, Effect, Ledger
from config.demo.orders.shop import Refusal, Shop

Json = dict[str, Any]
LOCAL = frozenset({"127.0.0.1", "localhost"})
"""Names under which it is called; a page elsewhere that resolves to loopback is none of them."""
FOR_EVER = 3600.0
_MEGA = 1024 * 1024
_NOTHING = Refusal(404, "nothing_here", "There is nothing here; /openapi.json says what there is.")


class OrderService:
    """The order service in one process."""

    def __init__(self, shop: Shop, ledger: Ledger, key: str) -> None:
        """Answer for ``shop``, which writes into ``ledger``, to callers that show ``key``."""
        self._shop = shop
        self._ledger = ledger
        self._key = key
        self._faults = Faults()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await Exchange(scope, receive, send, Times()).follow(self._route)

    async def _route(self, exchange: Exchange[Times]) -> None:
        host = exchange.header("host")
        if host.rpartition(":")[0] not in LOCAL:
            await _refuse(
                exchange, Refusal(403, "not_local", "Only callers on this machine are answered.")
            )
            return
        path = [unquote(part) for part in exchange.scope["path"].strip("/").split("/")]
        match (exchange.scope["method"], path):
            case ("GET", ["health"]):
                await exchange.json({"status": "ok", "orders": len(self._shop.book.orders)})
            case ("GET", ["openapi.json"]):
                await exchange.json(description.described(f"http://{host}"))
            case ("GET", ["counts"]):
                await exchange.json(self._ledger.counts())
            case ("GET", ["effects"]):
                await exchange.json({"effects": self._ledger.dump()})
            case (method, _):
                await self._serve(exchange, method, path)

    async def _serve(self, exchange: Exchange[Times], method: str, path: list[str]) -> None:
        """Answer a call of the shop, which needs the key and may go wrong on request."""
        if not access.is_right(exchange.header("authorization"), self._key):
            missing = "Show the key of this service: Authorization: Bearer KEY."
            await _refuse(exchange, Refusal(401, "key_missing", missing))
            return
        faults = self._chosen(exchange)
        if await _struck_before(exchange, faults):
            return
        try:
            status, answer = self._done(exchange, method, path)
        except Refusal as refusal:
            status, answer = refusal.status, _body(refusal)
        if not await _struck_after(exchange, faults):
            await _give(exchange, status, answer)

    def _chosen(self, exchange: Exchange[Times]) -> Chosen:
        query = unquote(exchange.scope["query_string"].decode("latin-1"))
        return self._faults.choose(
            exchange.header("x-fault"),
            exchange.query("fault"),
            path=f"{exchange.scope['path']}?{query}",
            body=exchange.body.decode(errors="replace"),
        )

    def _done(self, exchange: Exchange[Times], method: str, path: list[str]) -> tuple[int, Any]:
        """Do what is asked; return the status, and JSON or a picture's bytes."""
        match (method, path):
            case ("GET", ["orders"]):
                self._ledger.lookups += 1
                return 200, self._shop.orders_of(exchange.query("email"))
            case ("GET", ["orders", number]):
                self._ledger.lookups += 1
                return 200, self._shop.order(number)
            case ("GET", ["products", name, "picture"]):
                return 200, self._picture(name)
            case ("POST", ["orders", number, "refunds"]) | ("PUT", ["orders", number, "address"]):
                return self._write(exchange, number)
            case ("DELETE", ["effects"]):
                self._ledger.clear()
                return 200, self._ledger.counts()
        raise _NOTHING

    def _write(self, exchange: Exchange[Times], number: str) -> tuple[int, Json]:
        """Do a writing call, unless it was done under the same key before."""
        body = _json(exchange.body)
        key = exchange.header("idempotency-key")
        is_refund = exchange.scope["method"] == "POST"
        at = datetime.fromtimestamp(time(), UTC).isoformat(timespec="milliseconds")
        if done := self._ledger.done_under(key):
            _require_same(done, number, REFUND if is_refund else ADDRESS, body)
            self._ledger.repeated += 1
            return 201 if is_refund else 200, done.answer
        act = self._shop.refund if is_refund else self._shop.change_address
        return act(number, body, key=key, at=at)

    def _picture(self, name: str) -> bytes:
        from config.demo.orders import pictures  # noqa: PLC0415 - the drawing loads when it is used

        product = self._shop.book.products.get(name)
        if product is None:
            known = ", ".join(self._shop.book.products)
            raise Refusal(404, "unknown_product", f"There is no product {name[:40]}; try {known}.")
        return pictures.picture(product)


def _json(raw: bytes) -> Json:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise Refusal(400, "malformed", "The body must be a JSON object.")
    return body


def _require_same(done: Effect, number: str, kind: str, body: Json) -> None:
    """Refuse a key that stands for something else already."""
    if (done.kind, done.order, done.request) != (kind, number.strip().upper(), body):
        sentence = "This Idempotency-Key was used for another request; take a new one."
        raise Refusal(409, "key_reused", sentence)


async def _struck_before(exchange: Exchange[Times], faults: Chosen) -> bool:
    """Do what goes wrong before anything is done; return whether the request ends so."""
    if "hang-before" in faults:
        await asyncio.sleep(FOR_EVER)
    if "cut-before" in faults:
        await exchange.cut()
    if status := faults.status(after=False):
        await _refuse(exchange, Refusal(status, "fault", "The order service broke on request."))
    elif "redirect" in faults:
        await exchange.json({}, 302, location=faults.text("redirect", "/health"))
    else:
        return False
    return True


async def _struck_after(exchange: Exchange[Times], faults: Chosen) -> bool:
    """Do what goes wrong once all is done; return whether the request ends so."""
    if "slow" in faults:
        await asyncio.sleep(faults.number("slow", 2))
    if "hang" in faults:
        await asyncio.sleep(FOR_EVER)
    if "cut" in faults:
        await exchange.cut()
    if status := faults.status(after=True):
        await _refuse(exchange, Refusal(status, "fault", "The order service broke on request."))
    elif "huge" in faults:
        filling = "x" * int(faults.number("huge", 10) * _MEGA)
        await exchange.json({"message": filling})
    elif "no-json" in faults:
        await exchange.give(b"<html><title>Oops</title></html>", "text/html")
    else:
        return False
    return True


async def _give(exchange: Exchange[Times], status: int, answer: Any) -> None:
    if isinstance(answer, bytes):
        await exchange.give(answer, "image/png", cache_control="max-age=3600")
    else:
        await exchange.json(answer, status)


async def _refuse(exchange: Exchange[Times], refusal: Refusal) -> None:
    await exchange.json(_body(refusal), refusal.status)


def _body(refusal: Refusal) -> Json:
    return {"error": refusal.sentence, "code": refusal.code}
