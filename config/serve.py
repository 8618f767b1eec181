"""``python -m config.serve``: the web process, daphne with Parley's limits."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

import uvloop

# Daphne makes its loop as soon as it is imported.
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

import daphne.server  # noqa: E402
from daphne.endpoints import build_endpoint_description_strings  # noqa: E402
from daphne.server import Server  # noqa: E402
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol  # noqa: E402
from twisted.internet.protocol import connectionDone  # noqa: E402

# Twisted's reactor is in place from here on; the application may be imported.
from channels_layer.sockets.frame_server import EXTENSION  # noqa: E402
from channels_layer.sockets.frames import RESTART, TOO_LARGE  # noqa: E402
from channels_layer.transport.broadcast import MAX_FRAME_BYTES  # noqa: E402
from config import env, health, memory, private  # noqa: E402
from config.asgi import application  # noqa: E402
from config.edge import draining  # noqa: E402
from config.edge.requests import LimitedFactory  # noqa: E402

logger = logging.getLogger(__name__)


class Pressure:
    """Holds writes back while a client does not read: Twisted pauses and resumes it."""

    __slots__ = ("_transport", "_way", "afterwards", "is_on")

    def __init__(self, transport: Any) -> None:
        """Become the producer of ``transport``; pause if it still holds earlier answers."""
        self.is_on = False
        self.afterwards: Callable[[], object] | None = None
        """What is to be done before all else when the client has read on."""
        self._way: asyncio.Event | None = None
        self._transport = transport
        transport.unregisterProducer()
        transport.registerProducer(self, streaming=True)
        if transport.dataBuffer or transport._tempDataLen:  # noqa: SLF001 - the rest of what waits
            self.begin()

    def begin(self) -> None:
        """Pause until all is sent that Twisted holds from now on, however little that is."""
        self._transport.producerPaused = True
        self.is_on = True

    async def relieved(self) -> None:
        """Wait until the client has read on."""
        if self.is_on:
            self._way = self._way or asyncio.Event()
            await self._way.wait()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Stop: something waits to be sent."""
        self.is_on = True

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Go on; or else let the connection end, which waits for that."""
        self.stopProducing()
        if self._transport.disconnecting:
            self._transport.unregisterProducer()
        elif self.afterwards is not None:
            afterwards, self.afterwards = self.afterwards, None
            afterwards()

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Let the writer notice that the connection is gone."""
        self.is_on = False
        if self._way is not None:
            self._way.set()
            self._way = None


class LimitedProtocol(WebSocketProtocol):
    """A WebSocket that says why it closes, and whose sender waits for a slow reader.

    It is a ``FrameServer``: what many sockets send is encoded once, and goes to the kernel at once.
    """

    pressure: Pressure | None = None

    def serverAccept(self, subprotocol: str | None = None) -> None:  # noqa: N802 - daphne's name
        """Become the producer in place of the HTTP request, before the handshake is answered."""
        # A malformed message is answered with its code (1002, 1007), not cut off.
        self.failByDrop = False
        self.pressure = Pressure(self.transport)
        super().serverAccept(subprotocol)

    def prepare(self, text: str) -> bytes:
        """Write a text as it goes over the wire."""
        return bytes(self.factory.prepareMessage(text.encode(), doNotCompress=True).payloadHybi)

    def write(self, data: bytes) -> bool:
        """Send; return whether the client keeps up."""
        if self.state == self.STATE_OPEN:
            self.sendData(data)
        return self.pressure is None or not self.pressure.is_on

    def sendData(self, data: bytes, _sync: bool = False, _chopsize: int | None = None) -> None:  # noqa: FBT001, FBT002, N802 - autobahn's name and arguments
        """Send all that the library writes, too, so that nothing overtakes anything."""
        if self.pressure is None or not self.transport.connected:
            # It is refused, or over.
            self.transport.write(data)
            return
        sent = 0 if self.pressure.is_on else self.transport.writeSomeData(data)
        if sent != len(data):
            # What the kernel does not take is pressure: who is behind gets bundles, no backlog.
            # An error is no number: Twisted meets it again, and ends the connection.
            self.pressure.begin()
            self.transport.write(data[sent:] if isinstance(sent, int) else data)

    async def relieved(self) -> None:
        """Wait until the client has read on, or is gone."""
        if self.pressure is not None:
            await self.pressure.relieved()

    def onPing(self, payload: bytes) -> None:  # noqa: N802 - autobahn's name
        """Answer a ping; of those that come while the client reads nothing, the latest alone."""
        answer = partial(super().onPing, payload)
        if self.pressure is not None and self.pressure.is_on:
            self.pressure.afterwards = answer
        else:
            answer()

    def dropConnection(self, abort: bool = False) -> None:  # noqa: FBT001, FBT002, N802 - autobahn's name and arguments
        """End the connection; a client that does not take what waits for it has a little time."""
        super().dropConnection(abort)
        if self.pressure is not None and self.pressure.is_on:
            # The library took the producer away, so that Twisted says nothing any more.
            self.pressure.stopProducing()
            self.factory.reactor.callLater(
                self.closeHandshakeTimeout, self.transport.abortConnection
            )

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

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start the application of a connection; a socket's takes the frames itself."""
        if isinstance(protocol, LimitedProtocol):
            scope["extensions"] = {EXTENSION: protocol}
        return super().create_application(protocol, scope)

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
