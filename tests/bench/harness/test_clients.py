"""The clients that cost little, against a server of a library."""

import asyncio
import os

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.bench.clients import HttpClient, Socket
from tests.bench.processes import computing, family, memory
from tests.servers.waiting import eventually

SIZES = [0, 125, 126, 65535]


async def test_a_socket_takes_frames_of_every_length() -> None:
    async def echo(connection: ServerConnection) -> None:
        async for text in connection:
            await connection.send(text)
            await (await connection.ping())

    seen: list[bytes] = []
    async with serve(echo, "127.0.0.1", 0, max_size=None) as server:
        port = server.sockets[0].getsockname()[1]
        socket = await Socket.open(port, "/", seen.append)
        for size in SIZES:
            socket.send(b"x" * size)
        await eventually(lambda: len(seen) == len(SIZES))
        socket.close()
    assert [len(text) for text in seen] == SIZES


async def test_a_socket_takes_what_comes_in_pieces() -> None:
    frames = b"".join(
        bytes([0x81]) + length + b"x" * size
        for size, length in (
            (5, b"\x05"),
            (300, b"\x7e\x01\x2c"),
            (70000, b"\x7f" + b"\0" * 5 + b"\x01\x11\x70"),
        )
    )
    seen: list[bytes] = []
    socket = Socket(seen.append)
    socket.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    for at in range(0, len(frames), 7):
        socket.data_received(frames[at : at + 7])
    assert [len(text) for text in seen] == [5, 300, 70000]


async def test_a_refused_socket_says_so() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(ConnectionRefusedError, match="403"):
        await Socket.open(port, "/", lambda _: None)
    server.close()


async def test_a_connection_is_kept() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number in (1, 2):
            await reader.readuntil(b"}")
            writer.write(b'HTTP/1.1 201 Created\r\nContent-Length: 8\r\n\r\n{"n": %d}' % number)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    client = await HttpClient.open(server.sockets[0].getsockname()[1])
    assert [(await client.post("/", {})).json()["n"] for _ in range(2)] == [1, 2]
    client.close()
    server.close()


def test_processes_say_what_they_cost() -> None:
    pid = os.getpid()
    before = computing(pid)
    sum(range(1_000_000))
    assert computing(pid) > before
    assert memory(pid).held >= memory(pid).share > 0
    assert pid in family(pid)
