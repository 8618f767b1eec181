"""``python -m config.serve``: the web process, daphne with Parley's limits."""

import asyncio
import logging
import os
import signal
from typing import Any

import daphne.server
from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet.protocol import connectionDone

# Twisted's reactor is in place from here on; the application may be imported.
from channels_layer.sockets.frames import RESTART, TOO_LARGE
from channels_layer.transport.broadcast import MAX_FRAME_BYTES
from config import env, health, memory, private
from config.asgi import application
from config.edge import draining
from config.edge.requests import LimitedFactory

logger = logging.getLogger(__name__)


class Pressure:
    """Holds writes back while a client does not read: Twisted pauses and resumes it."""

    def __init__(self) -> None:
        """Begin without a pause."""
        self._way = asyncio.Event()
        self._way.set()

    async def relieved(self) -> None:
        """Wait until the client has read on."""
        await self._way.wait()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Stop: 64 KiB wait to be sent."""
        self._way.clear()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Go on."""
        self._way.set()

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Resume, so that the writer notices that the connection is gone."""
        self._way.set()


class LimitedProtocol(WebSocketProtocol):
    """A WebSocket that says why it closes, and whose sender waits for a slow reader."""

    def onOpen(self) -> None:  # noqa: N802 - autobahn's name
        """Become the producer in place of the HTTP request."""
        # A malformed message is answered with its code (1002, 1007), not cut off.
        self.failByDrop = False
        self.pressure = Pressure()
        self.transport.unregisterProducer()
        self.transport.registerProducer(self.pressure, streaming=True)
        super().onOpen()

    def _max_message_size_exceeded(self, _size: int, _limit: int, _reason: str) -> None:
        self.sendCloseFrame(code=TOO_LARGE)


class RestartingServer(Server):
    """A daphne that holds slow readers' frames back, and drains before it stops."""

    is_draining = False
    _drain: asyncio.Task[None] | None = None

    def run(self) -> None:
        """Serve until ``drain()`` has come to its end."""
        daphne.server.HTTPFactory = LimitedFactory
        WebSocketFactory.protocol = LimitedProtocol
        self._ports: list[Any] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            daphne.server.twisted_loop.add_signal_handler(number, self.drain)
        super().run()

    def listen_success(self, port: Any) -> None:
        """Remember where it listens."""
        self._ports.append(port)
        super().listen_success(port)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Send; where the client does not read, return only when it has read on."""
        await super().handle_reply(protocol, message)
        if message["type"] == "websocket.send" and hasattr(protocol, "pressure"):
            await protocol.pressure.relieved()

    def drain(self) -> None:
        """Report not ready, close the sockets, finish requests, stop; on a second call, stop."""
        if self._drain is not None:
            self.stop()
            return
        self.is_draining = True
        self._last_one_left = asyncio.Event()
        health.begin_to_stop()
        self._drain = asyncio.get_event_loop().create_task(self._drain_all())

    def protocol_disconnected(self, protocol: Any) -> None:
        """Record that a connection has ended."""
        super().protocol_disconnected(protocol)
        if self.is_draining and not self._open():
            self._last_one_left.set()

    def kill_all_applications(self) -> object:
        """Close what is left of the sockets before the applications are cancelled."""
        self._close_sockets()
        for protocol, details in list(self.connections.items()):
            if "application_instance" not in details:
                # Its application is done; daphne's own loop would stumble over it.
                del self.connections[protocol]
        return super().kill_all_applications()

    async def _drain_all(self) -> None:
        try:
            async with asyncio.timeout(draining.DRAIN_SECONDS):
                await draining.one_after_the_other(self._sockets(), _send_away)
                for port in self._ports:
                    _shut(port)
                await asyncio.sleep(draining.LAST_REQUESTS_SECONDS)
                self._close_sockets()
                while self._open():
                    # It may have been set while requests came and went.
                    self._last_one_left.clear()
                    await self._last_one_left.wait()
        except TimeoutError:
            logger.warning("Stopping with %d connections at work", len(self._open()))
        finally:
            self.stop()

    def _close_sockets(self) -> None:
        for protocol in self._sockets():
            _send_away(protocol)

    def _sockets(self) -> list[Any]:
        return [one for one in self._open() if getattr(one, "application_type", "") == "websocket"]

    def _open(self) -> list[Any]:
        """Sockets and requests that are not at their end."""
        found = self.connections.items()
        return [one for one, details in found if "disconnected" not in details]


def _send_away(protocol: Any) -> None:
    if protocol.state == protocol.STATE_OPEN:
        protocol.sendCloseFrame(code=RESTART)


def _shut(port: Any) -> None:
    """Stop listening; accept the waiting connections, which the kernel would reset."""
    port.stopReading()
    port.doRead()
    port.connectionLost(connectionDone)


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    environment = env.current()
    private.tighten(environment)
    memory.settle()
    RestartingServer(
        application,
        endpoints=build_endpoint_description_strings(host=environment.host, port=environment.port),
        signal_handlers=False,
        websocket_max_message_size=MAX_FRAME_BYTES,
        websocket_max_frame_size=MAX_FRAME_BYTES,
        websocket_timeout=-1,
        websocket_handshake_timeout=10,
        application_close_timeout=10,
        verbosity=int(os.environ.get("SERVE_VERBOSITY", "1")),
        server_name="Parley",
    ).run()


if __name__ == "__main__":
    main()
