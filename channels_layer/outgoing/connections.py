"""Connections: a name is resolved here, judged, and exactly what was judged is connected to."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore2

from channels_layer.outgoing import targets
from channels_layer.outgoing.addresses import is_public
from channels_layer.outgoing.errors import OutgoingFailedError, OutgoingRefusedError
from channels_layer.outgoing.targets import Allowed

MOST_TRIED = 3
"""Addresses of one name that are tried."""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Return the addresses of a name; an ``OSError`` where it has none."""


async def resolve(host: str, port: int) -> list[str]:
    """Ask the resolver of this machine for the addresses of ``host``."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Opens connections to public addresses, and to those that are allowed by name and port."""

    def __init__(
        self, resolve: Resolve, network: httpcore2.AsyncNetworkBackend, allowed: Allowed
    ) -> None:
        """Connect by ``network``, which gets addresses alone."""
        self._resolve = resolve
        self._network = network
        self._allowed = allowed

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (the library's signature)
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address of ``host`` that takes a connection.

        :raises OutgoingRefusedError: ``private``, where any of its addresses is.
        :raises OutgoingFailedError: ``unresolved``.
        """
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._checked(host, port)
        except TimeoutError:
            raise httpcore2.ConnectTimeout from None
        failure: Exception = httpcore2.ConnectError()
        for address in addresses[:MOST_TRIED]:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts."""
        await self._network.sleep(seconds)

    async def _checked(self, host: str, port: int) -> list[str]:
        addresses = await self._addresses(host, port)
        name = targets.compared(host)
        if not addresses:
            raise OutgoingFailedError("unresolved", host=targets.shown(name))
        is_allowed = (name, port) in self._allowed
        if not is_allowed and not all(is_public(address) for address in addresses):
            raise OutgoingRefusedError("private", host=targets.shown(name), port=port)
        return addresses

    async def _addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of ``host``, each once; an address is its own."""
        if targets.is_address(host):
            return [targets.compared(host)]
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError):
            return []
        return list(dict.fromkeys(found))
