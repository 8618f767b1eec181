"""The visitors' socket: /ws/v1/visitor/."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import LazySettings
from django.contrib.auth.models import User

from config.asgi import sockets
from conversations.models import Conversation, Message
from conversations.services import messages
from conversations.services.messages import Draft
from conversations.sources.widget.models import VisitorToken, Widget
from tests.conversations.sources.widget.conftest import SHOP, Frame, make_widget
from tests.factories import staff

pytestmark = [pytest.mark.socket, pytest.mark.django_db(transaction=True)]

OURS = "http://testserver"


class ClosedError(Exception):
    """The socket was closed with this code."""


class Line:
    """A visitor's end of the socket."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self._communicator = communicator

    async def send(self, **frame: Any) -> None:
        await self._communicator.send_json_to(frame)

    async def receive(self, name: str) -> dict[str, Any]:
        """Return the next frame of this type; a close raises ``ClosedError``."""
        while True:
            output = await self._communicator.receive_output(timeout=5)
            if output["type"] == "websocket.close":
                raise ClosedError(output.get("code"))
            frame: dict[str, Any] = orjson.loads(output["text"])
            if frame["type"] == name:
                return frame

    async def hello(self, token: str) -> dict[str, Any]:
        await self.send(type="hello", v=1, token=token)
        return await self.receive("welcome")

    async def follow(self, conversation: str, **fields: Any) -> dict[str, Any]:
        await self.send(type="follow", topic=f"conversation:{conversation}", **fields)
        return await self.receive("following")


@asynccontextmanager
async def connected(origin: str | None = OURS) -> AsyncIterator[Line]:
    headers = [(b"host", b"testserver")]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    communicator = WebsocketCommunicator(sockets, "/ws/v1/visitor/", headers)
    is_open, code = await communicator.connect()
    if not is_open:
        raise ClosedError(code)
    try:
        yield Line(communicator)
    finally:
        await communicator.disconnect()


def threaded(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return sync_to_async(call, thread_sensitive=True)(*args, **kwargs)


async def test_a_visitor_hears_its_own_conversation(victor: Frame) -> None:
    conversation = await threaded(victor.start)
    async with connected() as line:
        await line.hello(victor.token)
        await line.follow(conversation)

        await threaded(victor.say, conversation, "Where is *my* lamp?", client_id="a")

        event = await line.receive("message.created")
        assert event["data"]["client_id"] == "a"
        assert event["data"]["html"] == "<p>Where is *my* lamp?</p>"


async def test_what_was_missed_is_replayed_in_order(victor: Frame) -> None:
    conversation = await threaded(victor.start)
    for text in ("One", "Two"):
        await threaded(victor.say, conversation, text)
    async with connected() as line:
        await line.hello(victor.token)
        await line.follow(conversation, after=0)

        said = [(await line.receive("message.created"))["data"]["text"] for _ in range(2)]

    assert said == ["One", "Two"]


async def test_a_visitor_has_so_many_sockets(
    victor: Frame, stranger: Frame, settings: LazySettings
) -> None:
    settings.SOCKET_LIMITS = {"visitor_sockets": 1}
    async with connected() as first, connected() as second, connected() as other:
        await first.hello(victor.token)

        with pytest.raises(ClosedError, match="4429"):
            await second.hello(victor.token)
        await other.hello(stranger.token)


async def test_notes_arrive_hidden(victor: Frame, alice: User) -> None:
    conversation = await threaded(victor.start)
    row = await Conversation.objects.aget()
    note = Draft(text="Difficult", kind=Message.Kind.NOTE)
    async with connected() as line:
        await line.hello(victor.token)
        await line.follow(conversation)

        actor = await threaded(staff, alice)
        await threaded(messages.post, conversation=row, by=actor, draft=note, at=row.created_at)

        hidden = await line.receive("hidden")
    assert set(hidden) == {"type", "topic", "seq"}


async def test_a_strangers_topic_does_not_exist(victor: Frame, stranger: Frame) -> None:
    conversation = await threaded(victor.start)
    async with connected() as line:
        await line.hello(stranger.token)
        for topic in (f"conversation:{conversation}", "inbox", "user:1"):
            await line.send(type="follow", topic=topic, ref=topic)
            refusal = await line.receive("error")
            assert (refusal["code"], refusal["ref"]) == ("not_found", topic)


@pytest.mark.parametrize("token", ["", "visitor_made-up", None, 5])
async def test_without_a_token_nobody_is_let_in(victor: Frame, token: object) -> None:
    async with connected() as line:
        await line.send(type="hello", v=1, token=token)
        with pytest.raises(ClosedError, match="4401"):
            await line.receive("welcome")


async def test_the_token_is_taken_from_the_first_frame_alone(victor: Frame) -> None:
    async with connected() as line:
        await line.send(type="follow", topic="conversation:1", token=victor.token)
        with pytest.raises(ClosedError, match="4401"):
            await line.receive("following")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://testserver:81", "null"])
async def test_a_foreign_page_is_refused_at_the_door(victor: Frame, origin: str) -> None:
    with pytest.raises(ClosedError):
        async with connected(origin):
            pass


async def test_a_page_that_the_widget_allows_is_let_in(victor: Frame) -> None:
    async with connected(SHOP) as line:
        assert (await line.hello(victor.token))["v"] == 1


async def test_a_page_that_another_widget_allows_is_forbidden(victor: Frame) -> None:
    def move() -> None:
        make_widget("Sudhem")
        Widget.objects.filter(pk=victor.widget.pk).update(allowed_origins=[])

    await threaded(move)
    async with connected(SHOP) as line:
        await line.send(type="hello", v=1, token=victor.token)
        with pytest.raises(ClosedError, match="4403"):
            await line.receive("welcome")


async def test_a_revoked_token_loses_the_socket(victor: Frame, settings: Any) -> None:
    settings.SOCKET_LIMITS = {"recheck": 0.2}
    async with connected() as line:
        await line.hello(victor.token)
        await threaded(VisitorToken.objects.update, revoked_at="2026-11-20T12:00:00Z")

        with pytest.raises(ClosedError, match="4401"):
            await line.receive("never")


async def test_requiring_an_identity_ends_a_stranger_s_socket(victor: Frame, settings: Any) -> None:
    settings.SOCKET_LIMITS = {"recheck": 0.2}
    async with connected() as line:
        await line.hello(victor.token)
        await threaded(Widget.objects.update, require_identity=True)

        with pytest.raises(ClosedError, match="4401"):
            await line.receive("never")


async def test_forgetting_the_token_ends_the_socket_at_once(victor: Frame) -> None:
    async with connected() as line:
        await line.hello(victor.token)
        await threaded(victor.call, "DELETE", "session")

        with pytest.raises(ClosedError, match="4401"):
            async with asyncio.timeout(2):
                await line.receive("never")


async def test_reading_is_told_to_staff(victor: Frame, alice: User) -> None:
    conversation = await threaded(victor.start)
    row = await Conversation.objects.aget()
    actor = await threaded(staff, alice)
    hello = Draft(text="Hello")
    await threaded(messages.post, conversation=row, by=actor, draft=hello, at=row.created_at)
    position = (await Message.objects.aget(text="Hello")).position
    async with connected() as line:
        await line.hello(victor.token)
        await line.follow(conversation)
        await line.send(type="read", conversation=conversation, position=position)

        assert (await line.receive("message.updated"))["data"]["status"] == "read"
