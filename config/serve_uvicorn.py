"""``python -m config.serve_uvicorn``: the web process for many sockets, behind a proxy.

uvicorn bounds frames and drains like ``config.serve``. Slow and large requests are left to the
proxy in front, whose settings are ``docs/nginx.conf``.
"""

import asyncio
import socket
from collections.abc import Sequence
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from channels_layer.sockets.frames import RESTART, TOO_LARGE
from channels_layer.transport.broadcast import MAX_FRAME_BYTES
from config import env, health, memory, private
from config.asgi import application
from config.edge import draining

_FINISH_SECONDS = 3
_TICK_SECONDS = 0.1


class Frames(ServerProtocol):
    """A WebSocket's frames, refused with 4413 where they are too large."""

    def fail(self, code: int, reason: str = "") -> None:
        """Close with ``code``."""
        super().fail(TOO_LARGE if code == CloseCode.MESSAGE_TOO_BIG else code, reason)


class LimitedSocket(WebSocketsSansIOProtocol):
    """A WebSocket that says why it closes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Put our frames in the place of the library's."""
        super().__init__(*arguments, **options)
        self.conn = Frames(max_size=self.config.ws_max_size, logger=self.logger)

    def handle_connect(self, event: Request) -> None:
        """Refuse new sockets while the process stops: the proxy tries the next process."""
        if not health.is_stopping():
            super().handle_connect(event)
            return
        self.handshake_complete = self.close_sent = True
        self.conn.send_response(self.conn.reject(503, draining.REFUSAL.decode()))
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()

    async def send_away(self) -> None:
        """Close with 1012, as the application would."""
        if self.handshake_complete and not self.close_sent:
            await self.send({"type": "websocket.close", "code": RESTART})


class RestartingServer(uvicorn.Server):
    """A uvicorn that reports not ready, closes the sockets, finishes requests, and stops."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain and stop; a second signal stops at once."""
        health.begin_to_stop()
        drain = asyncio.ensure_future(self._drain(sockets or []))
        while not (drain.done() or self.force_exit):
            await asyncio.wait([drain], timeout=_TICK_SECONDS)
        drain.cancel()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and end with 0; uvicorn's own would end by the signal."""
        del sig, frame
        self.force_exit = self.should_exit
        self.should_exit = True

    async def _drain(self, listening: Sequence[socket.socket]) -> None:
        sending: list[asyncio.Task[None]] = []
        found = [one for one in self.server_state.connections if isinstance(one, LimitedSocket)]
        await draining.one_after_the_other(
            found, lambda one: sending.append(asyncio.create_task(one.send_away()))
        )
        await self._accept_the_last(listening)
        for server in self.servers:
            server.close()
        await asyncio.sleep(draining.LAST_REQUESTS_SECONDS)
        for task in sending:
            task.cancel()

    async def _accept_the_last(self, listening: Sequence[socket.socket]) -> None:
        """Accept the waiting connections: the kernel would reset them on closing the socket."""
        loop = asyncio.get_running_loop()
        for listener in listening:
            listener.setblocking(False)  # noqa: FBT003
            try:
                while True:
                    client, _ = listener.accept()
                    client.setblocking(False)  # noqa: FBT003
                    await loop.connect_accepted_socket(self._protocol, client)
            except BlockingIOError:
                continue

    def _protocol(self) -> asyncio.Protocol:
        make: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = make(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    environment = env.current()
    private.tighten(environment)
    memory.settle()
    config = uvicorn.Config(
        application,
        host=environment.host,
        port=environment.port,
        ws=LimitedSocket,
        ws_max_size=MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )
    RestartingServer(config).run(sockets=[config.bind_socket()])


if __name__ == "__main__":
    main()
