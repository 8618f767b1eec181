"""Wires: how frames get from a socket's queue to the server."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from channels_layer.sockets.frame_server import FrameServer
from channels_layer.sockets.ready import Bundle, ReadyFrame


class Wire(Protocol):
    """What a queue sends by; ``at_once`` characters in one go, or else a frame."""

    at_once: int

    def send_now(self, bundle: Bundle) -> bool | None:
        """Send without waiting; return whether the client keeps up, None if it cannot be done."""

    async def send(self, frames: Sequence[ReadyFrame]) -> None:
        """Send, and return when the client has read on."""


class AsgiWire:
    """ASGI's own: each frame is a message."""

    at_once = 0

    def __init__(self, send: Callable[[str], Awaitable[Any]]) -> None:
        """Send by ``send``."""
        self._send = send

    def send_now(self, _bundle: Bundle) -> bool | None:
        """Say that it cannot be done."""
        return None

    async def send(self, frames: Sequence[ReadyFrame]) -> None:
        """Send one after the other."""
        for frame in frames:
            await self._send(frame.text)


class ServerWire:
    """That of a server with the extension: what many sockets send is encoded once."""

    at_once = 64 * 1024

    def __init__(self, server: FrameServer) -> None:
        """Send to ``server``."""
        self._server = server

    def send_now(self, bundle: Bundle) -> bool | None:
        """Send without waiting."""
        return self._server.write(bundle.wire(self._server.prepare))

    async def send(self, frames: Sequence[ReadyFrame]) -> None:
        """Send all in one go once there is room."""
        await self._server.relieved()
        if frames:
            self._server.write(b"".join([frame.wire(self._server.prepare) for frame in frames]))
        await self._server.relieved()
