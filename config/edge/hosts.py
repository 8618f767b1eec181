"""The names that the site is reached by: requests for others are refused; for any ASGI server."""

from collections.abc import Iterable

import orjson

from channels_layer.sockets.origins import is_served
from config.edge.types import Application, Receive, Scope, Send

REFUSAL = orjson.dumps({"code": "invalid", "detail": "This site is not served by that name."})
_STATUS = 400


def are_served(hosts: Iterable[bytes]) -> bool:
    """Return whether the ``Host`` headers name this site; a request of HTTP/1.0 may have none."""
    given = [host.decode("latin-1") for host in hosts]
    return not given or is_served(",".join(given))


class Named:
    """An application that gets only what is sent to one of ``ALLOWED_HOSTS``.

    ``config.serve`` refuses handshakes before that: daphne would answer them 403.
    """

    def __init__(self, application: Application) -> None:
        """Wrap ``application``."""
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        kind = scope["type"]
        hosts = (value for name, value in scope.get("headers", ()) if name == b"host")
        if kind not in {"http", "websocket"} or are_served(hosts):
            await self._application(scope, receive, send)
        elif kind == "http":
            await _refuse(send, "http.response")
        elif "websocket.http.response" in scope.get("extensions", {}):
            await _refuse(send, "websocket.http.response")
        else:
            await send({"type": "websocket.close"})


async def _refuse(send: Send, kind: str) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(REFUSAL)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": f"{kind}.start", "status": _STATUS, "headers": headers})
    await send({"type": f"{kind}.body", "body": REFUSAL})
