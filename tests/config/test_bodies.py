"""Bodies: how large they may be, whatever server hands them on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.parsers import MultiPartParser

from config.edge import bodies
from config.edge.types import Message, Receive, Scope, Send

MEGABYTE = 1024 * 1024


class Client:
    """Sends ``pieces`` and keeps what is answered."""

    def __init__(self, path: str, *pieces: bytes, length: int | None = None) -> None:
        headers = [] if length is None else [(b"content-length", str(length).encode())]
        self.scope = {"type": "http", "path": path, "headers": headers}
        self.answer: list[Message] = []
        self.taken = 0
        self._pieces = list(pieces)

    async def send(self, message: Message) -> None:
        self.answer.append(message)

    async def receive(self) -> Message:
        piece = self._pieces.pop(0)
        self.taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}

    async def status(self) -> int:
        await bodies.Capped(echo)(self.scope, self.receive, self.send)
        return int(self.answer[0]["status"])


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    """Read everything, then answer."""
    while (await receive())["more_body"]:
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def test_what_is_declared_too_large_is_not_read() -> None:
    client = Client("/login/", b"x", length=300 * MEGABYTE)
    assert await client.status() == 413
    assert client.taken == 0


@pytest.mark.parametrize("length", [None, 5])
async def test_what_comes_too_large_is_refused_on_the_way(length: int | None) -> None:
    client = Client("/api/v1/attachments/", *[b"x" * MEGABYTE] * 300, length=length)
    assert await client.status() == 413
    assert client.taken <= 11 * MEGABYTE


async def test_a_file_is_let_through_where_files_are_taken() -> None:
    assert await Client("/api/v1/attachments/", *[b"x" * MEGABYTE] * 10).status() == 200
    assert await Client("/api/v1/conversations/", *[b"x" * MEGABYTE] * 3).status() == 413
    assert await Client("/api/v1/conversations/", *[b"x" * MEGABYTE] * 2).status() == 200


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.callback


def test_every_view_that_takes_files_may_get_them() -> None:
    takers = [
        path
        for path, view in _routes(get_resolver())
        if MultiPartParser in getattr(getattr(view, "cls", None), "parser_classes", [])
    ]
    assert len(takers) >= 2
    assert [path for path in takers if bodies.limit_of("/" + path) < 10 * MEGABYTE] == []
