"""A WebSocket server that a test plays by hand."""

import json
import threading
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

TOPIC = "conversation:1"


class Script:
    """A WebSocket server whose sockets the test plays by hand, and all that it was sent."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.received: list[dict[str, Any]] = []
        self.sockets: list[ServerConnection] = []
        self._changed = threading.Condition()
        self._server: Server = serve(self._take, "127.0.0.1", 0, process_request=_answer)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        """The host of the server, which also serves a blank page and our modules."""
        return f"127.0.0.1:{self._server.socket.getsockname()[1]}"

    @property
    def url(self) -> str:
        """The address of its socket."""
        return f"ws://{self.host}/ws/v1/"

    def wait_for(self, type: str, number: int = 1) -> dict[str, Any]:
        """Wait for the ``number``-th frame of ``type``."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._of(type)) >= number, timeout=5), (
                f"no {type} number {number} in {self.received}"
            )
            return self._of(type)[number - 1]

    def send(self, **frame: Any) -> None:
        """Send a frame on the newest socket."""
        self.sockets[-1].send(json.dumps(frame))

    def event(self, seq: int, type: str = "message.created") -> None:
        """Send a durable event."""
        self.send(v=1, type=type, topic=TOPIC, seq=seq, data={})

    def greet(self, number: int = 1, head: int | None = None) -> dict[str, Any]:
        """Welcome the ``number``-th socket, which has missed nothing; return its follow."""
        self.wait_for("hello", number)
        self.send(type="welcome", v=1, heartbeat=15)
        follow = self.wait_for("follow", number)
        head = follow.get("after", 0) if head is None else head
        self.send(type="following", topic=TOPIC, head=head)
        return follow

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()

    def _of(self, type: str) -> list[dict[str, Any]]:
        return [frame for frame in self.received if frame["type"] == type]

    def _take(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        for text in socket:
            with self._changed:
                self.received.append(json.loads(text))
                self._changed.notify_all()


def _answer(connection: ServerConnection, request: Request) -> Response | None:
    """Respond to what is no socket: a module of ours, or a blank page."""
    if request.path == "/ws/v1/":
        return None
    is_module = request.path.startswith("/static/")
    found = finders.find(request.path.removeprefix("/static/")) if is_module else None
    kind, body = "text/html", b"<!doctype html><title>Blank</title>"
    if isinstance(found, str):
        kind, body = "text/javascript", Path(found).read_bytes()
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body))})
    return Response(200, "OK", headers, body)
