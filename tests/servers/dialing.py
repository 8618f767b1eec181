"""Connections for the safe client: whatever address it dials, a server of the test answers."""

import socket
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import httpcore2


class Dialing(httpcore2.AsyncNetworkBackend):
    """Notes each address that is dialled, and connects to a port of loopback in its place."""

    def __init__(self, port: int, others: Mapping[tuple[str, int], int] | None = None) -> None:
        """Connect to ``port``, and for the places among ``others`` to theirs."""
        self.dialled: list[tuple[str, int]] = []
        self._port = port
        self._others = others or {}
        self._real = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Note the address and connect."""
        self.dialled.append((host, port))
        here = self._others.get((host, port), self._port)
        return await self._real.connect_tcp("127.0.0.1", here, timeout)


class Answers:
    """A resolver that gives each name its answers, one set after another, the last for ever."""

    def __init__(self, names: Mapping[str, Sequence[Sequence[str]]]) -> None:
        """Keep the answers of each name."""
        self.asked: list[str] = []
        self._names = {name: list(answers) for name, answers in names.items()}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the next answer."""
        name = host.lower().removesuffix(".")
        self.asked.append(name)
        if name not in self._names:
            raise socket.gaierror(socket.EAI_NONAME, name)
        answers = self._names[name]
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Listener:
    """Counts who connects, and answers nothing."""

    def __init__(self, among: Iterable[int] = (0,)) -> None:
        """Listen on loopback, at the first port ``among`` these that is free."""
        self.count = 0
        self._last = 0
        self._socket = _first_free(among)
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> int:
        """Stop listening; return how many have connected."""
        # Connections are accepted in their order: those before this last one are counted.
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            self._last = last.getsockname()[1]
            last.connect(("127.0.0.1", self.port))
            self._thread.join()
        self._socket.close()
        return self.count

    def _accept(self) -> None:
        while True:
            opened, (_, port) = self._socket.accept()
            opened.close()
            if port == self._last:
                return
            self.count += 1


def _first_free(ports: Iterable[int]) -> socket.socket:
    for port in ports:
        with suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
    message = "No port is free."
    raise AssertionError(message)
