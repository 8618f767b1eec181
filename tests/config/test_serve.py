"""Sockets at daphne's end: what the kernel does not take, and whoever reads none of it."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

_POLICY = asyncio.get_event_loop_policy()

from config.serve import LimitedProtocol  # noqa: E402 - it sets uvloop's policy for its process

asyncio.set_event_loop_policy(_POLICY)

from daphne.ws_protocol import WebSocketFactory  # noqa: E402
from twisted.internet import tcp  # noqa: E402
from twisted.internet.address import IPv4Address  # noqa: E402
from twisted.internet.task import Clock  # noqa: E402
from twisted.python.failure import Failure  # noqa: E402

HANDSHAKE = (
    b"GET /ws/v1/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
CLOSE, PING, PONG = 0x88, 0x89, 0x8A
CODE = struct.pack("!H", 1000)
MEGABYTE = 1024 * 1024


class Reactor(Clock):
    """Twisted's, whose time and turns are the test's."""

    def __init__(self) -> None:
        super().__init__()
        self.writers: set[object] = set()

    def addReader(self, one: object) -> None:  # noqa: N802 - Twisted's name
        """Read nothing: the test does."""

    def removeReader(self, one: object) -> None:  # noqa: N802 - Twisted's name
        """Read nothing."""

    def addWriter(self, one: object) -> None:  # noqa: N802 - Twisted's name
        """Note who wants to write."""
        self.writers.add(one)

    def removeWriter(self, one: object) -> None:  # noqa: N802 - Twisted's name
        """Forget it."""
        self.writers.discard(one)


class Transport(tcp.Server):
    """A connection of Twisted's."""

    def getHost(self) -> IPv4Address:  # noqa: N802 - Twisted's name
        """Return an address, which a pair of sockets has not."""
        return IPv4Address("TCP", "127.0.0.1", 80)


class Daphne:
    """The server that owns the protocol."""

    root_path = ""
    proxy_forwarded_address_header = None

    def __init__(self) -> None:
        self.ended: list[Any] = []

    def protocol_connected(self, protocol: Any) -> None:
        """Go on."""

    def protocol_disconnected(self, protocol: Any) -> None:
        """Note the end."""
        self.ended.append(protocol)

    def create_application(self, protocol: Any, scope: Any) -> asyncio.Queue[Any]:
        """Take what comes."""
        return asyncio.Queue()

    def log_action(self, *_: Any) -> None:
        """Log nothing."""


class Line:
    """A socket, and its client, who reads when the test says so."""

    def __init__(self) -> None:
        self.reactor, self.server = Reactor(), Daphne()
        served, self.client = socket.socketpair()
        served.settimeout(0)
        self.client.settimeout(0)
        factory = WebSocketFactory(self.server, reactor=self.reactor)
        factory.protocol = LimitedProtocol
        factory.setProtocolOptions(openHandshakeTimeout=0)
        self.protocol = factory.buildProtocol(None)
        self.protocol._raw_query_string = b""
        peer: Any = ("127.0.0.1", 1)
        nobody: Any = None
        clock: Any = self.reactor
        self.transport = Transport(served, self.protocol, peer, nobody, 1, clock)
        self.protocol.makeConnection(self.transport)

    @property
    def held(self) -> int:
        """How many bytes Twisted holds."""
        transport = self.transport
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen

    def open(self) -> None:
        """Shake hands."""
        self.protocol.dataReceived(HANDSHAKE)
        self.protocol.serverAccept()

    def send(self, opcode: int, payload: bytes) -> None:
        """Send a frame as a client does, with a mask of zeros."""
        self.protocol.dataReceived(bytes([opcode, 0x80 | len(payload), 0, 0, 0, 0]) + payload)

    def block(self) -> None:
        """Send until the client would have to read on."""
        while self.protocol.write(b"x" * 65536):
            pass

    def read(self) -> bytes:
        """Read all that there is, while the server writes on."""
        got = bytearray()
        while True:
            if self.transport in self.reactor.writers and (end := self.transport.doWrite()):
                self.transport.connectionLost(Failure(end))
            try:
                part = self.client.recv(MEGABYTE)
            except BlockingIOError:
                return bytes(got)
            if not part:
                return bytes(got)
            got += part


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    with closing(line.client):
        yield line
        line.transport.abortConnection()
        line.reactor.advance(0)


async def test_who_closes_and_reads_nothing_is_cut_off(line: Line) -> None:
    line.open()
    line.block()
    waiting = asyncio.ensure_future(line.protocol.relieved())
    await asyncio.sleep(0)
    line.send(CLOSE, CODE)
    await asyncio.wait_for(waiting, 5)
    assert line.protocol.write(b"late"), "Nobody waits for a client that has closed."

    line.reactor.advance(line.protocol.closeHandshakeTimeout / 2)
    assert not line.server.ended
    line.reactor.advance(line.protocol.closeHandshakeTimeout / 2)
    line.reactor.advance(0)
    assert line.server.ended
    assert not line.read().endswith(b"late")


def test_who_closes_and_reads_on_gets_all_of_it(line: Line) -> None:
    line.open()
    line.block()
    line.send(CLOSE, CODE)
    assert line.read().endswith(b"x" + bytes([CLOSE, 2]) + CODE)
    assert line.server.ended
    line.reactor.advance(line.protocol.closeHandshakeTimeout)


def test_a_close_is_answered_at_once(line: Line) -> None:
    line.open()
    line.send(CLOSE, CODE)
    assert line.read().endswith(bytes([CLOSE, 2]) + CODE)
    assert line.server.ended
    assert not line.reactor.getDelayedCalls()


def test_pings_are_answered(line: Line) -> None:
    line.open()
    for payload in (b"one", b"two"):
        line.send(PING, payload)
    assert line.read().endswith(bytes([PONG, 3]) + b"one" + bytes([PONG, 3]) + b"two")


def test_pings_of_who_reads_nothing_pile_up_nowhere(line: Line) -> None:
    line.open()
    line.block()
    held = line.held
    for number in range(1000):
        line.send(PING, b"%03d" % number)
    assert line.held == held
    assert line.read().endswith(b"x" + bytes([PONG, 3]) + b"999"), "The latest is answered."
    line.send(PING, b"now")
    assert line.read() == bytes([PONG, 3]) + b"now"


def test_nothing_overtakes_an_earlier_answer_of_the_connection(line: Line) -> None:
    line.transport.write(b"a" * MEGABYTE)
    line.transport.doWrite()
    assert line.held
    line.open()
    assert not line.protocol.write(b"frame"), "It is no time to send."
    got = line.read()
    assert got.startswith(b"a" * MEGABYTE + b"HTTP/1.1 101")
    assert got.endswith(b"\r\n\r\nframe")
    assert line.protocol.write(b"more")
    assert line.read() == b"more"
