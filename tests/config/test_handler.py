"""Requests on kept threads: each has a connection of its own, which stays open for the next."""

import asyncio
import threading
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from config.edge import handler
from config.edge.handler import Handler

pytestmark = pytest.mark.django_db(transaction=True)

seen: list[tuple[int, int]] = []
"""The thread and the connection of each request."""
arrived, may_go = threading.Event(), threading.Event()


def where(request: ASGIRequest) -> HttpResponse:
    """Read from the database; note where."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    seen.append((threading.get_ident(), id(connection.connection)))
    return HttpResponse(request.GET.get("word", ""))


def slow(_request: ASGIRequest) -> HttpResponse:
    """Answer when the test lets it."""
    arrived.set()
    may_go.wait(20)
    return HttpResponse("late")


def broken(_request: ASGIRequest) -> HttpResponse:
    """Fail."""
    raise ValueError


urlpatterns = [path("where", where), path("slow", slow), path("broken", broken)]


@pytest.fixture(autouse=True)
def views() -> Any:
    seen.clear()
    arrived.clear()
    may_go.clear()
    with override_settings(ROOT_URLCONF=__name__, DEBUG=False):
        yield
    may_go.set()


async def ask(
    handling: Handler, address: str, query: bytes = b"", gone: asyncio.Event | None = None
) -> list[Any]:
    """Ask for a page; return what was sent. Whoever asks goes when ``gone`` is set."""
    sent: list[Any] = []
    bodies = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if bodies:
            return bodies.pop()
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "query_string": query,
        "headers": [(b"host", b"testserver")],
    }
    await handling(scope, receive, send)
    return sent


async def test_one_request_after_another_uses_one_connection() -> None:
    handling = Handler()
    bodies = [(await ask(handling, "/where", b"word=%d" % n))[1]["body"] for n in range(3)]
    assert bodies == [b"0", b"1", b"2"]
    assert len(set(seen)) == 1
    assert seen[0][0] != threading.get_ident()


async def test_requests_at_once_have_a_thread_each() -> None:
    handling = Handler()
    slowly = asyncio.create_task(ask(handling, "/slow"))
    await asyncio.to_thread(arrived.wait, 20)
    assert (await ask(handling, "/where"))[0]["status"] == 200
    may_go.set()
    assert (await slowly)[1]["body"] == b"late"


async def test_nobody_waits_for_a_view_whose_reader_has_gone() -> None:
    handling, gone = Handler(), asyncio.Event()
    left = asyncio.create_task(ask(handling, "/slow", gone=gone))
    await asyncio.to_thread(arrived.wait, 20)
    gone.set()
    async with asyncio.timeout(10):
        assert (await ask(handling, "/where"))[0]["status"] == 200
    assert not left.done()
    may_go.set()
    assert await left == []


async def test_a_view_that_fails_is_answered_and_its_thread_kept() -> None:
    handling = Handler()
    failed = await ask(handling, "/broken")
    assert failed[0]["status"] == 500
    await ask(handling, "/where")
    await ask(handling, "/where")
    assert len(set(seen)) == 1


async def test_so_many_threads_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "KEPT", 2)
    handling = Handler()
    await asyncio.gather(*[ask(handling, "/where") for _ in range(6)])
    assert len(handling._threads._idle) == 2
