"""Limits of the size of request bodies; for any ASGI server."""

import re

import orjson

from config import env
from config.edge.types import Application, Message, Receive, Scope, Send

_UPLOADS = re.compile(r"/(?:attachments|voice)/?$")
# What multipart/form-data adds to a file.
_ENVELOPE_BYTES = 256 * 1024
_WEBHOOKS = "/webhooks/"
_WEBHOOK_BYTES = 3 * 1024 * 1024
_MOST_DIGITS = 18
_OTHERS_BYTES = 2 * 1024 * 1024

REFUSAL = orjson.dumps({"code": "too_large", "detail": "This is too large."})


def limit_of(path: str) -> int:
    """Return the bytes that a body sent to ``path`` may have.

    A file's for uploads, what Meta sends at most (3 MiB) for its webhooks, 2 MiB for all else.
    """
    if path.startswith(_WEBHOOKS):
        return _WEBHOOK_BYTES
    if _UPLOADS.search(path):
        return env.current().upload_max_bytes + _ENVELOPE_BYTES
    return _OTHERS_BYTES


class Capped:
    """An application whose requests are refused with 413 before too much of them is held.

    ``config.serve`` refuses them before that; this is for servers that hand bodies on in pieces.
    """

    def __init__(self, application: Application) -> None:
        """Wrap ``application``."""
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        limit = limit_of(scope["path"])
        if _declared(scope) > limit:
            await _refuse(send)
            return
        exchange = _Exchange(receive, send, limit)
        try:
            await self._application(scope, exchange.receive, exchange.send)
        except _TooLargeError:
            if not exchange.is_answered:
                await _refuse(send)


class _TooLargeError(Exception):
    """The body is larger than its limit."""


class _Exchange:
    """One request and its answer, measured."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self.is_answered = False
        self._receive = receive
        self._send = send
        self._left = limit

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _TooLargeError
        return message

    async def send(self, message: Message) -> None:
        self.is_answered = True
        await self._send(message)


def _declared(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    # Python makes no number of thousands of digits, and the first ones say enough.
    return max((int(length[:_MOST_DIGITS]) for length in lengths if length.isdigit()), default=0)


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(REFUSAL)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSAL})
