"""A server of tools that changes, fails and misbehaves as a test wants it to."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

Json = dict[str, Any]
Receive = Callable[[], Awaitable[Json]]
Send = Callable[[Json], Awaitable[None]]

CUT = "cut"
HANG = "hang"
GARBAGE = "garbage"
HUGE = "huge"
REDIRECT = "redirect"
UNAUTHORISED = "unauthorised"


def tool(name: str = "look_up_order", **other: Any) -> Json:
    """Return a tool as a server lists it."""
    properties = {"number": {"type": "string", "description": "The order's number."}}
    schema = {"type": "object", "properties": properties, "required": ["number"]}
    return {"name": name, "description": "Looks up an order.", "inputSchema": schema, **other}


class FakeMcp:
    """An ASGI application that speaks MCP of 2025 over streamable HTTP, in plain JSON."""

    def __init__(self) -> None:
        """Have one tool, which answers."""
        self.tools: list[Json] = [tool()]
        self.page_size = 50
        self.is_endless = False
        self.result: Json = {"content": [{"type": "text", "text": "It is on its way."}]}
        self.error: Json | None = None
        self.fate = ""
        """What happens to each request instead of an answer."""
        self.fate_of_calls = ""
        self.calls: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.is_left = threading.Event()
        self.has_call = threading.Event()

    async def __call__(self, scope: Json, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        if scope["method"] != "POST":
            await _send(send, 405, b"")
            return
        self.headers.append({key.decode(): value.decode() for key, value in scope["headers"]})
        asked = orjson.loads((await receive())["body"])
        fate = self.fate
        if asked["method"] == "tools/call":
            self.calls.append(asked["params"])
            self.has_call.set()
            fate = fate or self.fate_of_calls
        if fate:
            await self._meet(fate, receive, send)
        elif "id" not in asked:
            await _send(send, 202, b"")
        else:
            said = {"jsonrpc": "2.0", "id": asked["id"], **self._answer(asked)}
            await _send(send, 200, orjson.dumps(said))

    def _answer(self, asked: Json) -> Json:
        params = asked.get("params") or {}
        match asked["method"]:
            case "initialize":
                about = {"name": "fake", "version": "1"}
                version = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}}
                return {"result": {**version, "serverInfo": about}}
            case "tools/list":
                return {"result": self._page(int(params.get("cursor") or 0))}
            case "tools/call":
                return {"error": self.error} if self.error else {"result": self.result}
        return {"error": {"code": -32601, "message": "Method not found"}}

    def _page(self, start: int) -> Json:
        if self.is_endless:
            return {"tools": [tool(f"tool_{start}")], "nextCursor": str(start + 1)}
        end = start + self.page_size
        page: Json = {"tools": self.tools[start:end]}
        return page | ({"nextCursor": str(end)} if end < len(self.tools) else {})

    async def _meet(self, fate: str, receive: Receive, send: Send) -> None:
        if fate == CUT:
            await _begin(send, 200, length=1000)
            await send({"type": "http.response.body", "body": b"{", "more_body": True})
            raise ConnectionAbortedError
        if fate == HANG:
            while (await receive())["type"] != "http.disconnect":
                pass
            self.is_left.set()
        elif fate == HUGE:
            await _begin(send, 200)
            for _ in range(400):
                piece = {"type": "http.response.body", "body": b" " * 65_536}
                await send({**piece, "more_body": True})
                await asyncio.sleep(0)
        else:
            await _ANSWERS[fate](send)


async def _send(send: Send, status: int, body: bytes, **headers: Any) -> None:
    await _begin(send, status, **headers)
    await send({"type": "http.response.body", "body": body})


async def _begin(
    send: Send,
    status: int,
    *,
    kind: bytes = b"application/json",
    length: int = 0,
    location: bytes = b"",
) -> None:
    headers = [(b"content-type", kind)]
    if length:
        headers.append((b"content-length", str(length).encode()))
    if location:
        headers.append((b"location", location))
    await send({"type": "http.response.start", "status": status, "headers": headers})


_ANSWERS: dict[str, Callable[[Send], Awaitable[None]]] = {
    GARBAGE: lambda send: _send(send, 200, b"<html>Hello</html>", kind=b"text/html"),
    REDIRECT: lambda send: _send(send, 307, b"", location=b"http://127.0.0.1:1/mcp"),
    UNAUTHORISED: lambda send: _send(send, 401, b""),
}
