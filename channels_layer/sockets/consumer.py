"""The consumer of every WebSocket (CONTRACT 5), and the commands that other apps add to it."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from typing import Any

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from channels_layer.access.actors import Actor
from channels_layer.errors import DomainError, ForbiddenError, InvalidError, UnavailableError
from channels_layer.log.topics import may_follow
from channels_layer.registry import Registry
from channels_layer.sockets import frames, hub, limits, origins
from channels_layer.sockets.background import Background
from channels_layer.sockets.catchup import text_of
from channels_layer.sockets.following import Arrival
from channels_layer.sockets.frame_server import EXTENSION
from channels_layer.sockets.frames import Bucket, CloseError, Frame
from channels_layer.sockets.hub import Hub
from channels_layer.sockets.ready import Bundle, ReadyFrame
from channels_layer.sockets.rights import Rights
from channels_layer.sockets.rooms import Follow
from channels_layer.sockets.send_queue import SendQueue
from channels_layer.sockets.wire import AsgiWire, ServerWire, Wire

logger = logging.getLogger(__name__)

Message = Mapping[str, Any]
Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Handler = Callable[[Actor, Frame], Frame | None]

VERSION = 1
LAST_WORDS = 1.0


commands: Registry[str, Handler] = Registry("handler of frames")
"""Client frames that other apps handle, by type: ``typing``, ``viewing``, ``read``.

``handler(actor, frame)`` runs in a thread of the hub, with its fields checked. It may use the
database, refuses by raising a ``DomainError``, and may return a frame as the answer.
"""


class SocketConsumer(AsyncWebsocketConsumer):
    """One WebSocket of staff or a visitor.

    A subclass says who comes (``authenticate``) and whose frames it gets (``audience``); all else
    is the same for both.
    """

    audience = "staff"
    # The hub has one channel for all sockets of the process; none has one of its own.
    channel_layer_alias = ""
    hub: Hub

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Belong to one connection."""
        super().__init__(*args, **kwargs)
        self.actor: Actor | None = None
        self.follows: dict[str, Follow] = {}
        self._greeting: Frame = {}
        self._limits = limits.current()
        self._work: list[Frame] = []
        self._bucket = Bucket(self._limits.burst, self._limits.frames_per_second)
        self._code: int | None = None
        self._background = Background()
        self._conversing: asyncio.Task[None] | None = None
        self._patience: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the connection; however it ends, the hub lets it go."""
        translation.activate(self._language(scope))
        self.scope, self.base_send = scope, send
        self._queue = SendQueue(self._wire(), self._limits, self._send_beside)
        self.hub = hub.current()
        try:
            await self.hub.enter(self)
            await self._dispatch_all(receive)
        finally:
            self._be_patient_no_more()
            try:
                await self._background.end()
            finally:
                await self.hub.leave(self)

    async def dispatch(self, message: Message) -> None:
        """Handle a message of the server; without the hop to a thread of Channels' own.

        That one is for database connections of handlers, which the hub's threads have here.
        """
        await getattr(self, get_handler_name(message))(message)

    async def _dispatch_all(self, receive: Receive) -> None:
        """Handle what the server sends; without a task for each message, as there is no layer."""
        with contextlib.suppress(StopConsumer):
            while True:
                await self.dispatch(await receive())

    async def connect(self) -> None:
        """Accept, and wait for ``hello``; refuse a page that may not open the socket with 403."""
        if not await self.allows_origin():
            await self.close(frames.FORBIDDEN)
            return
        await self.accept()
        loop = asyncio.get_running_loop()
        self._patience = loop.call_later(self.hub.limits.hello, self.stop, frames.NO_HELLO)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take what comes at once, so that nothing piles up in the server."""
        if self._code is not None:
            return
        try:
            self._bucket.take()
            frame = frames.parse(text_data, bytes_data)
        except CloseError as error:
            self.stop(error.code)
            return
        if len(self._work) >= self._limits.waiting_frames:
            self.stop(frames.TOO_FAST)
            return
        self._work.append(frame)
        if self._conversing is None:
            self._conversing = self._background.spawn(self._converse())

    async def allows_origin(self) -> bool:
        """Return whether the handshake may come from where it comes."""
        return origins.is_ours(self.scope)

    def authenticate(self, greeting: Frame) -> Actor | None:
        """Return the actor of this ``hello``; None for a stranger (4401).

        Raises ``ForbiddenError`` for an actor without rights (4403). It runs in a thread of the
        hub, at the beginning and again every few seconds, so that no right outlives its end.
        """
        raise NotImplementedError

    @property
    def credential(self) -> Hashable:
        """What ``authenticate`` goes by: sockets with an equal one have the same rights."""
        return self

    def may_follow(self, topic: str) -> bool:
        """Return whether the actor may follow ``topic``; runs in a thread of the hub."""
        return self.actor is not None and may_follow(self.actor, topic)

    def offer(self, bundle: Bundle, *, joins: bool = True) -> None:
        """Take frames to send; when the client reads too slowly, all its topics are reset."""
        if self._queue.offer(bundle, joins=joins):
            return
        self._queue.clear()
        for topic in list(self.follows):
            self.reset(topic, self.hub.following.head_of(topic))

    async def put(self, text: str) -> None:
        """Take a frame as soon as there is room."""
        await self._queue.put(ReadyFrame(text))

    def reset(self, topic: str, head: int) -> None:
        """Send ``reset``: the client starts ``topic`` afresh and no longer follows it."""
        self.hub.following.unfollow(self, topic)
        self._queue.force(ReadyFrame(text_of({"type": "reset", "topic": topic, "head": head})))

    def stop(self, code: int) -> None:
        """Close the socket with ``code``; the frames that wait are sent before."""
        if self._code is None:
            self._code = code
            self._background.spawn(self._close(code))

    def close_if_stuck(self) -> None:
        """End a socket whose client has read nothing for a minute."""
        since = self._queue.since
        if since and asyncio.get_running_loop().time() - since > self.hub.limits.stuck:
            self.stop(frames.RESTART)

    def rights(self, topics: Iterable[str]) -> Rights:
        """Read who comes with this ``hello`` now, and which of ``topics`` may not be followed."""
        try:
            actor = self.authenticate(self._greeting)
        except ForbiddenError:
            return Rights(None, is_forbidden=True)
        if actor is None:
            return Rights(None)
        return Rights(actor, frozenset(t for t in topics if not may_follow(actor, t)))

    def renew(self, rights: Rights) -> None:
        """Close without any rights; drop the topics that are no longer allowed."""
        if rights.actor is None:
            self.stop(frames.FORBIDDEN if rights.is_forbidden else frames.NOT_AUTHENTICATED)
            return
        self.actor = rights.actor
        lost = rights.lost.intersection(self.follows)
        if not lost:
            return
        with translation.override(self._language(self.scope)):
            detail = _("You may follow this no longer.")
        for topic in lost:
            self.hub.following.unfollow(self, topic)
            self._refuse(ForbiddenError(detail, extra={"topic": topic}))

    def _language(self, scope: Scope) -> str:
        """Return the browser's language, for staff where it is complete."""
        language = origins.language(scope)
        is_complete = self.audience != "staff" or language in settings.STAFF_LANGUAGES
        return language if is_complete else settings.LANGUAGE_CODE

    def _wire(self) -> Wire:
        server = self.scope.get("extensions", {}).get(EXTENSION)
        return AsgiWire(self.send) if server is None else ServerWire(server)

    def _send_beside(self, send: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        return self._background.spawn(self._send_carefully(send))

    async def _send_carefully(self, send: Callable[[], Awaitable[None]]) -> None:
        try:
            await send()
        except (OSError, RuntimeError):
            # The client is gone: the server says so, too.
            return
        except Exception:
            logger.exception("Frames cannot be sent")
            self.stop(frames.RESTART)

    async def _converse(self) -> None:
        """Greet, then handle the frames that there are; what ends that closes the socket."""
        try:
            while self._work:
                frame = self._work.pop(0)
                await (self._greet(frame) if self.actor is None else self._handle_safely(frame))
        except CloseError as error:
            self.stop(error.code)
        except Exception:
            logger.exception("A socket failed")
            self.stop(frames.RESTART)
        finally:
            self._conversing = None

    def _be_patient_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    async def _close(self, code: int) -> None:
        self._be_patient_no_more()
        conversing = self._conversing
        if conversing is not None:
            conversing.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._queue.flushed(), LAST_WORDS)
        self._queue.end()
        if conversing is not None:
            await asyncio.gather(conversing, return_exceptions=True)
        # A client that reads nothing may hold up the close: it is no longer connected before.
        await self.hub.leave(self)
        with contextlib.suppress(OSError, RuntimeError):
            await self.close(code)

    async def _greet(self, frame: Frame) -> None:
        """Welcome whom ``hello`` names."""
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
        if not self.hub.admit(self):
            raise CloseError(frames.TOO_FAST)
        self._be_patient_no_more()
        self._greeting = frame
        self._answer(
            {"type": "welcome", "v": VERSION, "heartbeat": self.hub.limits.heartbeat}, frame
        )
        self.hub.welcome(self)

    async def _handle_safely(self, frame: Frame) -> None:
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

    def _answer(self, answer: Frame, frame: Frame) -> None:
        ref = frames.ref_of(frame)
        text = text_of(answer if ref is None else answer | {"ref": ref})
        self.offer(Bundle([ReadyFrame(text)]))

    def _refuse(self, refusal: DomainError, frame: Frame | None = None) -> None:
        self._answer({"type": "error"} | refusal.body(), frame or {})
