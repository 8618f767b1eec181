"""What a server offers that takes frames itself; servers import it before Django is there."""

from typing import Protocol

EXTENSION = "parley.frames"
"""The ASGI extension by which a server takes frames that are written once for all sockets."""


class FrameServer(Protocol):
    """One connection of a server with that extension."""

    def prepare(self, text: str) -> bytes:
        """Write a text as it goes over the wire."""

    def write(self, data: bytes) -> bool:
        """Send; return whether the client keeps up. If not, wait for ``relieved`` first."""

    async def relieved(self) -> None:
        """Wait until the client has read on, or is gone."""
