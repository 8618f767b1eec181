"""Sessions with servers: where they lead, what was accepted, and what can be done in one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from channels_layer.outgoing import Network
from chats.tools.mcp.found import Json, Listing


@dataclass(frozen=True)
class Endpoint:
    """Where a server is, what is sent along to it, and how long it may take, in seconds."""

    url: str
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    network: Network | None = None
    """How it is reached, if not as everything else."""


@dataclass(frozen=True)
class Pinned:
    """A tool as it was accepted."""

    name: str
    hash: str


class Session(Protocol):
    """An open session; ``has_called`` says whether a tool may have been made, by its result."""

    has_called: bool
    result: Json | None

    async def listing(self) -> Listing:
        """Return all tools of the server."""

    async def require(self, pinned: Pinned) -> None:
        """Refuse a tool that is not as it was accepted."""

    async def call(self, name: str, arguments: Json) -> Json:
        """Call a tool and return what it says."""
