"""What leaves Parley for addresses that people, models or other servers name: one safe client.

A name is resolved once, refused where any of its addresses is not public, and connected to by
exactly that address; nothing is redirected, nothing goes through a proxy of the environment, and
time and size are bounded. What the operator's settings name has clients of its own.
"""

from channels_layer.outgoing.connections import resolve
from channels_layer.outgoing.errors import (
    OutgoingError,
    OutgoingFailedError,
    OutgoingRedirectError,
    OutgoingRefusedError,
)
from channels_layer.outgoing.network import MOST_BYTES, SECONDS, TIMEOUTS, Fetched, Network

__all__ = [
    "MOST_BYTES",
    "NETWORK",
    "SECONDS",
    "TIMEOUTS",
    "Fetched",
    "Network",
    "OutgoingError",
    "OutgoingFailedError",
    "OutgoingRedirectError",
    "OutgoingRefusedError",
    "check",
    "client",
    "fetch",
    "resolve",
]

NETWORK = Network()
"""The network of this machine."""
client = NETWORK.client
fetch = NETWORK.fetch
check = NETWORK.check
