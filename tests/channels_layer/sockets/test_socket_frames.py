"""Client frames: what is well formed is answered, what is not never hurts the server."""

import asyncio
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from pytest_django import Settings

from channels_layer.access.actors import Actor
from channels_layer.errors import ForbiddenError
from channels_layer.sockets.consumer import commands
from tests.channels_layer.board import NOTE, Board
from tests.channels_layer.conftest import Connect
from tests.channels_layer.lines import ClosedError, Frame, connected
from tests.channels_layer.nonsense import frames as nonsense
from tests.registries import restored

pytestmark = [pytest.mark.socket, pytest.mark.usefixtures("transactional_db", "board", "layer")]

GERMAN = ((b"accept-language", b"de"),)
DOCUMENTED = {4400, 4401, 4403, 4408, 4413, 4429}


@pytest.fixture
def handled(board: Board) -> Iterator[list[tuple[Actor, Frame]]]:
    """Yield what reached the handlers of upper apps."""
    handled: list[tuple[Actor, Frame]] = []

    def typing(actor: Actor, frame: Frame) -> None:
        handled.append((actor, frame))

    def read(actor: Actor, frame: Frame) -> Frame:
        if frame["position"] > 9:
            raise ForbiddenError
        return {"type": "noted", "position": frame["position"]}

    with restored(commands, are_empty=True):
        for name, handler in (("typing", typing), ("viewing", typing), ("read", read)):
            commands.register(name, handler)
        yield handled


async def test_ping(line: Connect) -> None:
    async with line() as client:
        await client.send(type="ping")
        assert await client.next() == {"type": "pong"}


@pytest.mark.parametrize("ref", ["abc", 0, 12, 1.5, "é" * 200])
async def test_echoes_ref(ref: Any, line: Connect) -> None:
    async with line() as client:
        await client.send(type="ping", ref=ref)
        assert await client.next() == {"type": "pong", "ref": ref}


async def test_does_not_echo_what_is_no_ref(line: Connect) -> None:
    async with line() as client:
        refs: list[Any] = [None, True, [], {}, "x" * 201]
        for ref in refs:
            await client.send(type="ping", ref=ref)
            assert await client.next() == {"type": "pong"}


async def test_passes_commands_to_their_handlers(
    line: Connect, handled: list[tuple[Actor, Frame]]
) -> None:
    async with line() as client:
        await client.send(type="typing", conversation="c1")
        await client.send(type="viewing", conversation=None)
        await client.send(type="read", conversation="c1", position=3, ref="r")
        assert await client.next() == {"type": "noted", "position": 3, "ref": "r"}
    assert [frame["type"] for _, frame in handled] == ["typing", "viewing"]
    assert handled[0][0].kind == "key"


async def test_a_refusal_is_an_error_frame(line: Connect, handled: Any) -> None:
    async with line() as client:
        await client.send(type="read", conversation="c1", position=10, ref="r")
        error = await client.next()
        assert error == {
            "type": "error",
            "ref": "r",
            "code": "forbidden",
            "detail": "You may not do this.",
        }


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "typing"},
        {"type": "typing", "conversation": 5},
        {"type": "typing", "conversation": ""},
        {"type": "typing", "conversation": "\x00"},
        {"type": "viewing"},
        {"type": "viewing", "conversation": []},
        {"type": "read", "conversation": "c1"},
        {"type": "read", "conversation": "c1", "position": "3"},
        {"type": "read", "conversation": "c1", "position": -1},
        {"type": "follow"},
        {"type": "follow", "topic": 5},
        {"type": "unfollow", "topic": None},
        {"type": "hello", "v": 1},
        {"type": "sing"},
        {"type": ""},
    ],
)
async def test_wrong_fields_are_named(frame: Frame, line: Connect, handled: Any) -> None:
    async with line() as client:
        await client.send(**frame, ref=1)
        error = await client.next()
        assert (error["type"], error["code"], error["ref"]) == ("error", "invalid", 1)
    assert handled == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nonsense",
        "[]",
        "5",
        "null",
        '"ping"',
        "{}",
        '{"type": 5}',
        '{"type": "ping", "x": NaN}',
        '{"type": "ping", "x": Infinity}',
        '{"type": "ping", "x": "\\ud800"}',
        '{"type": "ping", "x": ' + "[" * 20 + "]" * 20 + "}",
        "[" * 20000,
        '{"a":' * 10000,
    ],
)
async def test_what_is_no_frame_closes_with_4400(text: str, line: Connect) -> None:
    async with line() as client:
        await client.send_text(text)
        assert await client.code() == 4400


async def test_binary_closes_with_4400(line: Connect) -> None:
    async with line() as client:
        await client.send_bytes(orjson.dumps({"type": "ping"}))
        assert await client.code() == 4400


async def test_64_kib_are_the_most(line: Connect) -> None:
    async with line() as client:
        frame = '{"type":"ping","x":"%s"}'
        await client.send_text(frame % ("é" * ((65536 - len(frame) + 2) // 2)))
        assert (await client.next())["type"] == "pong"
        await client.send_text(frame % ("é" * 32768))
        assert await client.code() == 4413


async def test_a_large_binary_message_is_too_large(line: Connect) -> None:
    async with line() as client:
        await client.send_bytes(b"x" * 65537)
        assert await client.code() == 4413


async def test_a_large_first_frame_is_too_large() -> None:
    async with connected() as client:
        await client.send_text("x" * 65537)
        assert await client.code() == 4413


async def test_too_many_frames_close_with_4429(line: Connect) -> None:
    async with line() as client:
        for _ in range(400):
            await client.send(type="ping")
        assert await client.code() == 4429


async def test_the_rate_is_forgiving_to_who_reconnects_with_many_topics(line: Connect) -> None:
    async with line() as client:
        for number in range(60):
            await client.send(type="follow", topic=f"note:{number}", ref=number)
            assert (await client.receive("following"))["ref"] == number


async def test_survives_2000_frames_of_nonsense(
    settings: Settings, key: str, line: Connect
) -> None:
    settings.SOCKET_LIMITS = {"burst": 5000, "waiting_frames": 5000}
    codes = set()
    messages = list(nonsense(2000))
    while messages:
        async with connected(token=key) as client:
            batch, messages = messages[:50], messages[50:]
            try:
                for message in batch:
                    await client.send_text(message)
                await client.send(type="ping", ref="alive")
                while (await client.next()).get("ref") != "alive":
                    pass
            except ClosedError as closed:
                codes.add(closed.code)
    assert codes <= DOCUMENTED
    async with line() as client:
        await client.follow(NOTE)
        assert (await client.follow(NOTE))["type"] == "following"
    await asyncio.sleep(0)


async def test_refuses_in_the_language_of_the_browser(
    line: Connect, handled: list[tuple[Actor, Frame]], settings: Settings
) -> None:
    settings.STAFF_LANGUAGES = ["en", "de"]
    async with line(headers=GERMAN) as client:
        await client.send(type="follow", topic="nothing")
        assert (await client.next())["detail"] == "Ein solches Thema gibt es für Sie nicht."
        await client.send(type="read", conversation="c1", position=10)
        assert (await client.next())["detail"] == "Das dürfen Sie nicht."


async def test_a_right_that_was_lost_is_refused_in_each_sockets_language(
    line: Connect, board: Board, settings: Settings
) -> None:
    settings.STAFF_LANGUAGES, settings.SOCKET_LIMITS = ["en", "de"], {"recheck": 0.05}
    async with line(headers=GERMAN) as first, line() as second:
        for client in (first, second):
            await client.follow(NOTE)
        board.closed.add("1")
        assert (await first.receive("error"))["detail"] == "Dem dürfen Sie nicht mehr folgen."
        assert (await second.receive("error"))["detail"] == "You may follow this no longer."


@pytest.mark.parametrize("headers", [(), GERMAN])
async def test_refuses_staff_in_english_until_their_language_is_complete(
    line: Connect, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    async with line(headers=headers) as client:
        await client.send(type="follow", topic="nothing")
        assert (await client.next())["detail"] == "There is no such topic for you."
