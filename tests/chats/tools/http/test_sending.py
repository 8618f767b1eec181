"""Calls against a real server: what comes of them, whatever it does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request as Received
from werkzeug import Response

from chats.tools.http import mapping, sending
from chats.tools.http.request import Request
from chats.tools.http.sending import Call, NoAnswerError, NotSentError
from chats.tools.registry import UnclearEffectError

Behave = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"


def call(url: str, *, is_reading: bool = True, **values: Any) -> Call:
    method = "GET" if is_reading else "POST"
    request = Request(method, url, {}, b"" if is_reading else b"{}")
    return replace(Call(request, seconds=5, is_reading=is_reading), **values)


@asynccontextmanager
async def serving(behave: Behave, settings: Settings) -> AsyncIterator[str]:
    """Yield the address of a server that does with each connection as ``behave`` does."""

    serving: set[asyncio.Task[Any]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        try:
            await reader.readuntil(b"\r\n\r\n")
            await behave(reader, writer)
        finally:
            writer.transport.abort() if reader.at_eof() else writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings.OUTGOING_ALLOW = frozenset({("127.0.0.1", port)})
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await asyncio.sleep(0)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del writer
    await reader.read()


async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del reader, writer


async def cut_within(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del reader
    writer.write(HEAD + b'{"orders": [')
    await writer.drain()


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send without end, a byte at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")
    try:
        while not reader.at_eof():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0)
    except ConnectionError:
        return


async def test_gives_the_model_the_parts_of_a_json_answer(shop: HTTPServer) -> None:
    shop.expect_request("/orders").respond_with_json({"order": {"total": 5, "cost": 1}})
    found = await sending.result_of(call(shop.url_for("/orders"), paths=("order.total",)))
    assert found == {"order": {"total": 5}}


async def test_a_refusal_tells_the_model_why(shop: HTTPServer) -> None:
    shop.expect_request("/").respond_with_json({"error": "no such order"}, status=404)
    for is_reading in (True, False):
        with pytest.raises(NoAnswerError, match=r"answered 404.*no such order"):
            await sending.result_of(call(shop.url_for("/"), is_reading=is_reading))


async def test_a_fault_leaves_open_what_a_writing_call_did(shop: HTTPServer) -> None:
    shop.expect_request("/").respond_with_data("oops", status=500)
    with pytest.raises(NoAnswerError, match="answered 500: oops"):
        await sending.result_of(call(shop.url_for("/")))
    with pytest.raises(UnclearEffectError):
        await sending.result_of(call(shop.url_for("/"), is_reading=False))


@pytest.mark.parametrize("behave", [silent, cut])
async def test_a_lost_answer_leaves_open_what_a_writing_call_did(
    behave: Behave, settings: Settings
) -> None:
    async with serving(behave, settings) as url:
        with pytest.raises(NoAnswerError, match="answer"):
            await sending.result_of(call(url, seconds=0.2))
        with pytest.raises(UnclearEffectError):
            await sending.result_of(call(url, seconds=0.2, is_reading=False))


async def test_an_answer_that_breaks_off_is_no_answer_but_its_status_counts(
    settings: Settings,
) -> None:
    async with serving(cut_within, settings) as url:
        with pytest.raises(NoAnswerError, match="broke off"):
            await sending.result_of(call(url, paths=("orders",)))
        found = await sending.result_of(call(url, is_reading=False))
        assert found == {"status": "done", "note": "The answer is not whole."}


async def test_an_endless_answer_ends_with_the_time(settings: Settings) -> None:
    async with serving(trickle, settings) as url:
        found = await sending.result_of(call(url, seconds=0.3))
    assert set(found) == {"x"}


async def test_nothing_was_sent_where_nobody_listens(settings: Settings) -> None:
    async with serving(cut, settings) as url:
        pass
    for is_reading in (True, False):
        with pytest.raises(NotSentError):
            await sending.result_of(call(url, is_reading=is_reading))


async def test_a_private_address_is_not_called(shop: HTTPServer, settings: Settings) -> None:
    settings.OUTGOING_ALLOW = frozenset()
    with pytest.raises(NotSentError):
        await sending.result_of(call(shop.url_for("/"), is_reading=False))
    assert not shop.log


async def test_a_redirect_is_not_followed(shop: HTTPServer) -> None:
    shop.expect_request("/").respond_with_data(
        status=302, headers={"Location": shop.url_for("/elsewhere")}
    )
    with pytest.raises(NoAnswerError, match="not followed"):
        await sending.result_of(call(shop.url_for("/")))
    assert [received.path for received, _answer in shop.log] == ["/"]


async def test_a_huge_answer_is_cut(shop: HTTPServer) -> None:
    shop.expect_request("/text").respond_with_data("x" * (sending.MOST + 9))
    shop.expect_request("/json").respond_with_json({"rows": ["x" * 100] * 4000})
    shop.expect_request("/larger").respond_with_json({"rows": ["x" * 100] * 20_000})
    assert len(await sending.result_of(call(shop.url_for("/text")))) == mapping.MOST
    found = await sending.result_of(call(shop.url_for("/json")))
    assert len(found["text"]) == mapping.MOST
    with pytest.raises(NoAnswerError, match="longer"):
        await sending.result_of(call(shop.url_for("/larger"), paths=("rows",)))


async def test_a_secret_that_comes_back_is_hidden(shop: HTTPServer) -> None:
    def echo(received: Received) -> Response:
        status = 200 if received.path == "/good" else 400
        return Response(f"You said {received.headers['Authorization']}", status=status)

    shop.expect_request("/good").respond_with_handler(echo)
    shop.expect_request("/bad").respond_with_handler(echo)
    secrets = {"Authorization": "Bearer s3cret-token"}
    good = replace(call(shop.url_for("/good")).request, secrets=secrets)
    assert await sending.result_of(Call(good, 5, is_reading=True)) == "You said •••"
    bad = replace(good, url=shop.url_for("/bad"))
    with pytest.raises(NoAnswerError) as refusal:
        await sending.result_of(Call(bad, 5, is_reading=True))
    assert "s3cret" not in str(refusal.value.detail)
