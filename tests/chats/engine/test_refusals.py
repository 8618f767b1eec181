"""Refusals: the words of a server in whichever form, bounded and without secrets."""

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import orjson
import pytest

from chats.engine import bodies, errors, refusals
from chats.engine.bodies import MOST_OF_REFUSAL
from chats.engine.parts import ModelError, ModelRequest, Recording
from chats.engine.provider import OpenAICompatible, Timeouts
from chats.engine.refusals import LONGEST


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "No.", "code": 400}}, "No."),
        ({"error": "No."}, "No."),
        ({"object": "error", "message": "No."}, "No."),
        ([{"error": {"message": "No."}}], "No."),
        ({"detail": "No."}, "No."),
        (
            {"detail": [{"loc": ["body", "seed"], "msg": "No.", "input": "secret"}]},
            "body.seed: No.",
        ),
        ({"errors": [{"message": "No."}, {"message": "Never."}]}, "No. Never."),
        ({"error": {"message": '{"error": {"message": "No."}}'}}, "No."),
        ({"error": {"message": "Failed", "metadata": {"raw": '{"message": "No."}'}}}, "Failed No."),
        ({"error": {"message": "No\x00\n  way"}}, "No way"),
        ("No.", "No."),
        ("<html><title>502 Bad Gateway</title><style>x</style><p>Ask&nbsp;later</p>", None),
        ("", "500 Internal Server Error, without a word"),
        ({}, "{}"),
    ],
)
def test_the_words_are_found(body: Any, words: str | None) -> None:
    data = body.encode() if isinstance(body, str) else orjson.dumps(body)
    said = refusals.parsed(500, data).words
    assert said == (words or "502 Bad Gateway Ask later")


@pytest.mark.parametrize(
    ("code", "is_again"),
    [("tool_use_failed", True), ("json_validate_failed", True), ("invalid_value", False)],
)
def test_a_fault_of_the_model_s_is_asked_for_again(code: str, *, is_again: bool) -> None:
    body = orjson.dumps({"error": {"message": "No.", "code": code}})
    error = errors.refused(refusals.parsed(400, body), body=body)
    assert (error.code, error.is_retryable) == ("refused", is_again)


@pytest.mark.parametrize(
    "part", ["<title>", "<!--", "<head>", "<b", "<script>", "&amp;", "<", "sk.", "://a", "key="]
)
def test_a_page_without_an_end_costs_no_more_than_its_length(part: str) -> None:
    page = f"<html><p>No.</p>{part * 20_000}"
    began = time.process_time()
    assert refusals.cleaned(page).startswith("No.")
    assert time.process_time() - began < 0.2


def test_what_a_page_hides_is_not_said() -> None:
    page = (
        "<!DOCTYPE html><head><title>No</title><style>p > a</style></head><!-- <p>a</p> -->"
        "<body><script>if (a < b) {}</script><h1>No</h1><p>Your address\n is blocked</body>"
    )
    assert refusals.cleaned(page) == "No No Your address is blocked"


@pytest.mark.parametrize("cut", [6, 9, 12])
def test_the_start_of_a_key_is_left_out_where_the_words_were_cut(cut: int) -> None:
    words = f"Incorrect key {'my-company-key-9f'[:cut]}"
    said = refusals.cleaned(words, secrets=["my-company-key-9f"])
    assert said == "Incorrect key …"


def test_long_words_are_cut() -> None:
    assert len(refusals.parsed(400, b"word " * 9000).words) == LONGEST


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-abc123def456ghi789",
        "sk-abcd****************wxyz",
        "gsk_abc123def456ghi789",
        "AIzaSyA1234567890abcdefghij",
        "hf_abcDEF1234567890",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_keys_are_left_out(secret: str) -> None:
    for words in (
        f"Wrong key {secret}.",
        f"Bearer {secret}",
        f"?key={secret}&x",
        f"api_key={secret}",
    ):
        assert secret not in refusals.cleaned(words)
        assert secret[:9] not in refusals.cleaned(words)


def test_words_that_are_no_keys_stay() -> None:
    words = "skip-connections, key: value, model sk-large, request req_0a1b of 2026-11-30"
    assert refusals.cleaned(words) == words


async def failure_at(url: str, key: str = "k", **seconds: float) -> ModelError:
    """Return how a call of the server at ``url`` fails."""
    provider = OpenAICompatible(base_url=url, api_key=key, timeouts=Timeouts(**seconds))
    request = ModelRequest("m", [{"role": "user", "content": "Hello"}])
    try:
        with pytest.raises(ModelError) as failure:
            _ = [event async for event in provider.stream(request)]
    finally:
        await provider.close()
    return failure.value


@asynccontextmanager
async def listening(answer: bytes | None) -> AsyncIterator[str]:
    """Serve ``answer`` to every connection and close it; None is silent."""
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        if answer is None:
            await done.wait()
        writer.write(answer or b"")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        done.set()
        server.close()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            b'data: {"error": {"message": "Wrong API key: my-company-key-9f", "code": 401}}\n\n',
            "Wrong API key: …",
        ),
        (
            b'{"error": {"message": "%s my-company-key-9f"}}' % (b"word " * 60).strip(),
            "word " * 60 + "…",
        ),
        (b"event: error\ndata: my-company-key-9f is\x00 unknown\n\n", None),
        (b"<html><p>No my-company-key-9f</p>", "the server sent no answer: <html><p>No …</p>"),
        (b'data: {"choices": "my-company-key-9f', None),
    ],
)
async def test_an_error_within_an_answer_shows_no_key(body: bytes, words: str | None) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with listening(head + body) as place:
        error = await failure_at(f"http://{place}/v1", key="my-company-key-9f")
    for said in (str(error), error.detail, error.refusal.words if error.refusal else ""):
        assert "my-company" not in said
        assert "\x00" not in said
    assert error.detail == (words or error.detail)


@pytest.mark.parametrize("kind", ["stream", "transcribe"])
async def test_a_refusal_without_an_end_is_read_to_a_limit(kind: str) -> None:
    read = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal read
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 200000000\r\n\r\nNo. ")
        with suppress(ConnectionError):
            while read < 200_000_000:
                writer.write(b"x" * 50_000)
                await writer.drain()
                read += 50_000
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    provider = OpenAICompatible(base_url=url, api_key="k")
    request = ModelRequest("m", [{"role": "user", "content": "Hello"}])
    calls = {
        "stream": lambda: anext(provider.stream(request)),
        "transcribe": lambda: provider.transcribe(Recording("m", "a.ogg", b"x")),
    }
    with pytest.raises(ModelError, match=r"refused: No\. x") as failure:
        await calls[kind]()
    await provider.close()
    server.close()
    assert len(failure.value.detail) == LONGEST
    assert read < 20_000_000


@pytest.mark.parametrize(
    ("kind", "packed", "length"),
    [
        ("gzip", gzip.compress(b"No. " + b"x" * 5_000_000), MOST_OF_REFUSAL),
        ("deflate", zlib.compress(b"No. " + b"x" * 5_000_000), MOST_OF_REFUSAL),
        ("gzip", gzip.compress(b"No."), 3),
        ("identity", b"No.", 3),
    ],
    ids=["gzip", "deflate", "little", "plain"],
)
async def test_a_packed_refusal_is_unpacked_to_the_same_limit(
    kind: str, packed: bytes, length: int
) -> None:
    head = f"HTTP/1.1 400 No\r\nContent-Encoding: {kind}\r\nContent-Length: {len(packed)}\r\n\r\n"
    async with listening(head.encode() + packed) as place, bodies.client() as client:
        body = (await client.get(f"http://{place}/v1")).content
    assert (body[:3], len(body)) == (b"No.", length)


async def test_a_key_that_no_header_carries_is_said_to_be_so() -> None:
    error = await failure_at("http://127.0.0.1:9/v1", key="ключ")
    assert (error.code, error.is_retryable) == ("refused", False)


async def test_a_server_that_is_not_there_is_said_to_be_so() -> None:
    error = await failure_at("http://127.0.0.1:9/v1")
    assert error.detail == "127.0.0.1:9 refused the connection: nothing listens there"
    assert (error.code, error.is_retryable) == ("unavailable", True)


async def test_a_name_that_is_unknown_is_said_to_be_so() -> None:
    error = await failure_at("http://nowhere.invalid/v1")
    assert "the name of the server nowhere.invalid was not found (DNS" in error.detail


async def test_a_broken_certificate_or_none_is_said_to_be_so() -> None:
    async with listening(b"HTTP/1.1 200 OK\r\n\r\n") as place:
        error = await failure_at(f"https://{place}/v1")
    assert f"no secure connection to {place} (TLS" in error.detail


async def test_a_connection_that_breaks_is_said_to_be_broken() -> None:
    async with listening(b"") as place:
        error = await failure_at(f"http://{place}/v1")
    assert place in error.detail
    assert error.detail != "Connection error."


async def test_silence_says_how_long() -> None:
    async with listening(None) as place:
        error = await failure_at(f"http://{place}/v1", first=0.05)
    assert (error.code, error.detail) == ("timeout", "no word within 0.05 s")
