"""Requests on kept threads: each has a connection of its own, which stays open for the next."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.core.signals import request_finished, request_started
from django.db import connection
from django.http import FileResponse, HttpResponse
from django.test import override_settings
from django.urls import path

from config.edge import handler
from config.edge.handler import Handler, Threads
from tests.servers.waiting import eventually

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


def file(_request: ASGIRequest) -> FileResponse:
    """Send a file."""
    return FileResponse(files[-1])


class File(BytesIO):
    """A file of two pieces."""

    def __init__(self) -> None:
        """Fill it."""
        super().__init__(b"a" * Handler.chunk_size + b"b")


files: list[File] = []
in_one_go = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous")
"""Django reads a file at once where a server is asynchronous, and says so."""
urlpatterns = [
    path("where", where),
    path("slow", slow),
    path("broken", broken),
    path("file", file),
]


@pytest.fixture(autouse=True)
def views() -> Any:
    seen.clear()
    arrived.clear()
    may_go.clear()
    with override_settings(ROOT_URLCONF=__name__, DEBUG=False):
        yield
    may_go.set()


async def ask(
    handling: Handler,
    address: str,
    query: bytes = b"",
    gone: asyncio.Event | None = None,
    at_body: Callable[[], Awaitable[None]] | None = None,
) -> list[Any]:
    """Ask for a page; return what was sent. Whoever asks goes when ``gone`` is set.

    A server that is at a piece of the answer waits for ``at_body``.
    """
    sent: list[Any] = []
    bodies = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        if bodies:
            return bodies.pop()
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if at_body and message["type"] == "http.response.body":
            await at_body()

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
    await left


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


async def test_a_request_is_one_visit_with_its_signals() -> None:
    noted: list[tuple[str, int]] = []

    def started(**_signal: Any) -> None:
        noted.append(("started", threading.get_ident()))

    def finished(**_signal: Any) -> None:
        noted.append(("finished", threading.get_ident()))

    request_started.connect(started)
    request_finished.connect(finished)
    try:
        await ask(Handler(), "/where")
    finally:
        request_started.disconnect(started)
        request_finished.disconnect(finished)
    thread = seen[0][0]
    assert noted == [("started", thread), ("finished", thread)]


async def test_a_request_leaves_nothing_to_the_next_one_on_its_thread() -> None:
    said: ContextVar[str] = ContextVar("said", default="nothing")
    threads = Threads()

    def say() -> str:
        before = said.get()
        said.set("something")
        return before

    assert [await threads.run(say), await threads.run(say)] == ["nothing", "nothing"]


async def test_a_thread_whose_request_was_cancelled_is_lent_again_when_it_has_ended() -> None:
    threads = Threads()

    def work() -> None:
        arrived.set()
        may_go.wait(20)

    waiting = asyncio.create_task(threads.run(work))
    await asyncio.to_thread(arrived.wait, 20)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert threads._idle == []
    may_go.set()
    await eventually(lambda: len(threads._idle) == 1)


@in_one_go
async def test_a_file_is_sent_in_pieces_and_closed() -> None:
    files.append(File())
    start, *pieces = await ask(Handler(), "/file")
    assert start["status"] == 200
    sent = [piece.get("body", b"") for piece in pieces]
    assert [len(piece) for piece in sent] == [Handler.chunk_size, 1, 0]
    assert files[-1].closed


@in_one_go
async def test_a_file_whose_reader_goes_is_sent_no_further_and_closed() -> None:
    files.append(File())
    handling, gone = Handler(), asyncio.Event()
    stuck = asyncio.Event()

    async def hang() -> None:
        stuck.set()
        await asyncio.Event().wait()

    asking = asyncio.create_task(ask(handling, "/file", gone=gone, at_body=hang))
    await stuck.wait()
    gone.set()
    async with asyncio.timeout(10):
        sent = await asking
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert files[-1].closed
