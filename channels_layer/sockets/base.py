"""The base of every WebSocket (CONTRACT 5), and the commands that other apps add to it."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from channels_layer.access.actors import Actor
from channels_layer.errors import DomainError, ForbiddenError, InvalidError, UnavailableError
from channels_layer.log import topics
from channels_layer.registry import Registry
from channels_layer.sockets import frames, hub, limits, origins
from channels_layer.sockets.catchup import text_of
from channels_layer.sockets.following import Arrival
from channels_layer.sockets.frames import Bucket, CloseError, Frame
from channels_layer.sockets.hub import Hub
from channels_layer.sockets.rooms import Follow
from channels_layer.sockets.send_queue import Send, SendQueue

logger = logging.getLogger(__name__)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Handler = Callable[[Actor, Frame], Frame | None]

VERSION = 1
LAST_WORDS = 1.0


commands: Registry[str, Handler] = Registry("handler of frames")
"""Client frames that other apps handle, by type: ``typing``, ``viewing``, ``read``.

``handler(actor, frame)`` runs in a thread of the hub, with its fields checked. It may use the
database, refuses by raising a ``DomainError``, and may return a frame as the answer.
"""


class Socket:
    """One WebSocket, an ASGI application by itself: ``as_asgi()`` returns the factory.

    A subclass says who comes (``authenticate``), from where (``allows_origin``) and whose frames
    it gets (``audience``); all else is the same for staff and visitors.
    """

    audience = "staff"
    hub: Hub

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Belong to one connection."""
        self.scope = scope
        self.actor: Actor | None = None
        self.follows: dict[str, Follow] = {}
        self._greeting: Frame = {}
        self._receive = receive
        self._send = send
        figures = limits.current()
        self._queue = SendQueue(send, figures)
        self._work: asyncio.Queue[Frame] = asyncio.Queue(figures.waiting_frames)
        self._bucket = Bucket(figures.burst, figures.frames_per_second)
        self._closing: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @classmethod
    def as_asgi(cls) -> Application:
        """Return the ASGI application that makes one socket per connection."""

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await cls(scope, receive, send).run()

        return application

    def authenticate(self, greeting: Frame) -> Actor | None:
        """Return the actor of this ``hello``; None for a stranger (4401).

        Raises ``ForbiddenError`` for an actor without rights (4403). It runs in a thread of the
        hub, at the beginning and again every few seconds, so that no right outlives its end.
        """
        raise NotImplementedError

    async def allows_origin(self) -> bool:
        """Return whether the handshake may come from where it comes."""
        return origins.is_ours(self.scope)

    def may_follow(self, topic: str) -> bool:
        """Return whether the actor may follow ``topic``; runs in a thread of the hub."""
        return self.actor is not None and topics.may_follow(self.actor, topic)

    def offer(self, text: str) -> None:
        """Take a frame to send; when the client reads too slowly, all its topics are reset."""
        if self._queue.offer(text):
            return
        self._queue.clear()
        for topic in list(self.follows):
            self.reset(topic, self.hub.following.head_of(topic))

    async def put(self, text: str) -> None:
        """Take a frame as soon as there is room."""
        await self._queue.put(text)

    def reset(self, topic: str, head: int) -> None:
        """Send ``reset``: the client starts ``topic`` afresh and no longer follows it."""
        self.hub.following.unfollow(self, topic)
        self._queue.force(text_of({"type": "reset", "topic": topic, "head": head}))

    def stop(self, code: int) -> None:
        """Close the socket with ``code``."""
        if not self._closing.done():
            self._closing.set_result(code)

    def close_if_stuck(self) -> None:
        """End a socket whose client has read nothing for a minute."""
        since = self._queue.sending_since
        if since and asyncio.get_running_loop().time() - since > self.hub.limits.stuck:
            self.stop(frames.RESTART)

    async def recheck(self) -> None:
        """Check the rights again: close without any, drop topics that are no longer allowed."""
        if self.actor is None:
            return
        try:
            actor, lost = await self.hub.database.run(self._rights)
        except ForbiddenError:
            self.stop(frames.FORBIDDEN)
            return
        if actor is None:
            self.stop(frames.NOT_AUTHENTICATED)
            return
        self.actor = actor
        with translation.override(self._language()):
            detail = _("You may follow this no longer.")
        for topic in lost:
            self.hub.following.unfollow(self, topic)
            self._refuse(ForbiddenError(detail, extra={"topic": topic}))

    async def run(self) -> None:
        """Serve the connection from the handshake to its end."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        translation.activate(self._language())
        self.hub = hub.current()
        try:
            await self.hub.enter(self)
            code = await self._serve()
        finally:
            await self.hub.leave(self)
        if code is not None:
            with contextlib.suppress(OSError, RuntimeError):
                await self._send({"type": "websocket.close", "code": code})

    def _language(self) -> str:
        """Return the browser's language, for staff where it is complete."""
        language = origins.language(self.scope)
        is_complete = self.audience != "staff" or language in settings.STAFF_LANGUAGES
        return language if is_complete else settings.LANGUAGE_CODE

    async def _serve(self) -> int | None:
        """Run the loops until one ends; return the code to close with, None if the client left."""
        if not await self.allows_origin():
            return frames.FORBIDDEN
        await self._send({"type": "websocket.accept"})
        writing = asyncio.create_task(self._queue.run())
        try:
            code = await self._converse(writing)
            if code is not None and not writing.done():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._queue.flushed(), LAST_WORDS)
            return code
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _converse(self, writing: asyncio.Task[None]) -> int | None:
        try:
            async with asyncio.timeout(self.hub.limits.hello):
                is_welcome = await self._greet()
        except TimeoutError:
            return frames.NO_HELLO
        except CloseError as error:
            return error.code
        except Exception:
            logger.exception("Nobody can be authenticated")
            return frames.RESTART
        if not is_welcome:
            return None
        loops = [asyncio.create_task(self._read()), asyncio.create_task(self._handle_all())]
        try:
            ends: list[asyncio.Future[Any]] = [*loops, writing, self._closing]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return self._verdict(loops)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)

    def _verdict(self, loops: list[asyncio.Task[None]]) -> int | None:
        if self._closing.done():
            return self._closing.result()
        for loop in loops:
            error = loop.exception() if loop.done() else None
            if isinstance(error, CloseError):
                return error.code
            if error is not None:
                logger.error("A socket failed", exc_info=error)
                return frames.RESTART
        return None

    async def _greet(self) -> bool:
        """Wait for ``hello`` and welcome; false when the client left before."""
        frame = await self._next()
        if frame is None:
            return False
        if frame["type"] != "hello":
            raise CloseError(frames.NOT_AUTHENTICATED)
        if frame.get("v") != VERSION:
            detail = _("This server speaks v 1.")
            self._refuse(InvalidError(detail, fields={"v": [_("1, please.")]}))
            raise CloseError(frames.BAD_FRAME)
        try:
            self.actor = await self.hub.database.run(self.authenticate, frame)
        except ForbiddenError:
            raise CloseError(frames.FORBIDDEN) from None
        if self.actor is None:
            raise CloseError(frames.NOT_AUTHENTICATED)
        self._greeting = frame
        self._answer(
            {"type": "welcome", "v": VERSION, "heartbeat": self.hub.limits.heartbeat}, frame
        )
        self.hub.welcome(self)
        return True

    async def _next(self) -> Frame | None:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return None
        self._bucket.take()
        return frames.parse(message)

    async def _read(self) -> None:
        """Read at once what comes, so that nothing piles up in the server."""
        while (frame := await self._next()) is not None:
            try:
                self._work.put_nowait(frame)
            except asyncio.QueueFull:
                raise CloseError(frames.TOO_FAST) from None

    async def _handle_all(self) -> None:
        while True:
            frame = await self._work.get()
            try:
                await self._handle(frame)
            except DomainError as refusal:
                self._refuse(refusal, frame)
            except CloseError:
                raise
            except Exception:
                logger.exception("A frame of type %s failed", frame["type"])
                self._refuse(UnavailableError(), frame)

    async def _handle(self, frame: Frame) -> None:
        match frame["type"]:
            case "ping":
                self._answer({"type": "pong"}, frame)
            case "follow":
                await self._follow(frame)
            case "unfollow":
                self.hub.following.unfollow(self, frames.text(frame, "topic"))
            case "hello":
                raise InvalidError(_("You were welcomed already."))
            case _:
                await self._command(frame)

    async def _follow(self, frame: Frame) -> None:
        topic = frames.text(frame, "topic")
        after = None if frame.get("after") is None else frames.number(frame, "after")
        if topic not in self.follows and len(self.follows) >= self.hub.limits.topics:
            detail = _("You follow too many topics.")
            raise InvalidError(detail, fields={"topic": [_("Too many.")]})
        arrival = Arrival(self, topic, after, frames.ref_of(frame))
        await self.hub.following.follow(arrival)

    async def _command(self, frame: Frame) -> None:
        handler = commands.get(frame["type"])
        if handler is None:
            raise InvalidError(_("There is no such frame."), fields={"type": [_("Unknown.")]})
        frames.check(frame)
        answer = await self.hub.database.run_once(handler, self.actor, frame)
        if answer is not None:
            self._answer(answer, frame)

    def _rights(self) -> tuple[Actor | None, list[str]]:
        actor = self.authenticate(self._greeting)
        if actor is None:
            return None, []
        return actor, [t for t in list(self.follows) if not topics.may_follow(actor, t)]

    def _answer(self, answer: Frame, frame: Frame) -> None:
        ref = frames.ref_of(frame)
        self.offer(text_of(answer if ref is None else answer | {"ref": ref}))

    def _refuse(self, refusal: DomainError, frame: Frame | None = None) -> None:
        self._answer({"type": "error"} | refusal.body(), frame or {})
