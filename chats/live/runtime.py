"""The runtime: the event loop of a process, with everything that its runs share."""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextvars import Context
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import structlog
import uvloop
from django.conf import settings
from django.db import InterfaceError, OperationalError

from channels_layer.transport import fences
from channels_layer.work.threads import DatabaseThreads
from chats.engine import completion, providers
from chats.engine.attempts import Attempt, Attempts
from chats.engine.completion import Completion
from chats.engine.parts import ModelRequest, Recording, Transcript
from chats.engine.retries import Retries
from chats.live.run_worker import CROWD, HAND_OVER, RunWorker
from chats.live.traits import StoredTraits
from chats.selectors.parties import parties_of
from chats.services import journal, openings, traits
from chats.services.shares import FairShares
from chats.services.utility_calls import StoppedError

if TYPE_CHECKING:
    from chats.engine.provider import OpenAICompatible

logger = logging.getLogger(__name__)

T = TypeVar("T")
Clock = Callable[[], datetime]

LONGEST_WAIT = 5.0
"""Seconds that a worker waits for an answer to be due; after that the sweeper hints again."""
STOP_SECONDS = 5.0
LOOK_SECONDS = 1.0
QUIET_LOOK_SECONDS = 0.25
"""While few streams run, a takeover keeps all but the last quarter of a second of the text."""
DATABASE = 8
"""Threads for transactions."""
PAUSES = (0.1, 0.5, 2.0)
"""Seconds to wait before a transaction that the database did not take is tried again."""
TOOLS = 8
"""Threads for tools, which may be slow."""


class Runtime:
    """One event loop in a thread, one client per provider, a few threads for the database."""

    def __init__(self, clock: Clock, retries: Retries | None = None) -> None:
        """Start the loop; ``clock`` returns the time, ``retries`` limits calls to models."""
        self.clock = clock
        self.retries = retries or Retries()
        self.database = DatabaseThreads(DATABASE, name="parley-database", pauses=PAUSES)
        # Tools may be slow; the leases of all runs are kept beside them.
        self.tools = DatabaseThreads(TOOLS, name="parley-tool")
        self._shares = FairShares()
        self._workers: set[RunWorker] = set()
        self._keeping: asyncio.Task[None] | None = None
        self._at_work: set[asyncio.Task[None]] = set()
        self._calls: set[asyncio.Task[Any]] = set()
        self._providers: dict[tuple[str, str], OpenAICompatible] = {}
        self._is_closing = False
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="parley-live", daemon=True
        )
        self._thread.start()
        self._stop_listening = fences.listen(self._announced)

    @property
    def is_crowded(self) -> bool:
        """Whether so many runs are live here that their text is sent in bundles."""
        return len(self._workers) >= CROWD

    def answer(self, conversation_id: UUID) -> None:
        """Answer what is unanswered in a conversation; returns when it is answered."""
        self._wait_for(self._answer(conversation_id))

    def complete(self, request: ModelRequest, *, within: float | None = None) -> Completion:
        """Return a completion by a model, ``within`` that many seconds.

        :raises ModelError: on any failure.
        :raises StoppedError: this process hands over.
        """
        return self._wait_for(self._complete(request, within))

    def transcribe(self, recording: Recording) -> Transcript:
        """Return the transcript of a recording.

        :raises ModelError: on any failure.
        :raises StoppedError: this process hands over.
        """
        return self._wait_for(self._transcribe(recording))

    def provider(self) -> "OpenAICompatible":
        """Return the provider that the settings name; on the loop."""
        key = (traits.base_url(), settings.LLM_API_KEY or "none")
        if key not in self._providers:
            self._providers[key] = providers.connect(
                base_url=key[0],
                api_key=key[1],
                max_tokens=settings.LLM_MAX_TOKENS,
                is_plain=settings.IS_DEMO_MODEL,
                traits=StoredTraits(key[0], self.database, self.clock),
                first=settings.LLM_FIRST_TOKEN_SECONDS,
                idle=settings.LLM_IDLE_SECONDS,
                total=settings.LLM_TOTAL_SECONDS,
            )
        return self._providers[key]

    def hand_over(self) -> None:
        """Release all work, so that another worker takes it at once; accept no more."""
        self._is_closing = True
        self._loop.call_soon_threadsafe(self._stop_all)

    def close(self) -> None:
        """Hand over and end."""
        self._stop_listening()
        self.hand_over()
        self._wait_for(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS)
        self._loop.close()
        self.tools.end()
        self.database.end()

    async def _answer(self, conversation_id: UUID) -> None:
        """Answer in a conversation, then in those of the same parties that wait for their turn."""
        following: UUID | None = conversation_id
        while following is not None and not self._is_closing:
            parties = await self.database.run(parties_of, following)
            if not self._shares.enter(following, parties):
                return
            try:
                await self._answer_one(following)
            finally:
                following = self._shares.leave(following, parties)

    async def _answer_one(self, conversation_id: UUID) -> None:
        while not self._is_closing:
            work = partial(openings.begin, conversation_id=conversation_id, at=self.clock())
            found = await self.database.run(work)
            if found.run:
                ids = {"run": str(found.run.pk), "conversation": str(conversation_id)}
                structlog.contextvars.bind_contextvars(**ids)
                await self._work(RunWorker(self, found.run, found))
                return
            wait = (found.due_at - self.clock()).total_seconds() if found.due_at else LONGEST_WAIT
            if wait >= LONGEST_WAIT:
                return
            await asyncio.sleep(max(wait, 0.001))

    async def _work(self, worker: RunWorker) -> None:
        # Two of one run may be here at once: one that lost it, one that took it over.
        self._workers.add(worker)
        if self._is_closing:
            worker.stop(HAND_OVER)
        if self._keeping is None or self._keeping.done():
            # It belongs to no run, so neither do the lines that it logs.
            self._keeping = asyncio.create_task(self._keep(), context=Context())
        work = asyncio.ensure_future(worker.work())
        self._at_work.add(work)
        try:
            await work
        finally:
            self._at_work.discard(work)
            self._workers.discard(worker)

    async def _keep(self) -> None:
        """Keep all runs, again and again."""
        while self._workers:
            await asyncio.sleep(LOOK_SECONDS if self.is_crowded else QUIET_LOOK_SECONDS)
            workers = list(self._workers)
            if await self._are_kept(workers) or len(workers) == 1:
                continue
            for worker in workers:
                await self._are_kept([worker])

    async def _are_kept(self, workers: Sequence[RunWorker]) -> bool:
        """Store the texts of runs, renew their leases and judge them by their rows, together.

        Return false where that failed and is better tried for each of them: one may be to blame.
        """
        texts = [worker.shown() for worker in workers]
        try:
            standings = await self.database.run_once(journal.keep, texts)
        except (OperationalError, InterfaceError) as error:
            logger.warning("%d runs could not be kept: %s", len(workers), error)
            return True
        except Exception:
            logger.exception("%d runs could not be kept", len(workers))
            return False
        for worker, standing in zip(workers, standings, strict=True):
            worker.judge(standing)
        return True

    async def _complete(self, request: ModelRequest, within: float | None) -> Completion:
        attempts = Attempts()
        call = completion.complete(
            self.provider(), request, self.retries, within=within, attempts=attempts
        )
        try:
            return await self._unless_closing(call)
        except asyncio.CancelledError:
            raise StoppedError(completion.charged(attempts)) from None

    async def _transcribe(self, recording: Recording) -> Transcript:
        try:
            return await self._unless_closing(self.provider().transcribe(recording))
        except asyncio.CancelledError:
            raise StoppedError([Attempt(None, "")]) from None

    async def _unless_closing(self, call: Coroutine[Any, Any, T]) -> T:
        """Await a model call; a hand-over cancels it."""
        if self._is_closing:
            call.close()
            raise StoppedError
        task = asyncio.ensure_future(call)
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        return await task

    async def _end(self) -> None:
        """Wait until all runs are let go of, then close the clients."""
        if tasks := self._at_work | self._calls:
            await asyncio.wait(tasks, timeout=STOP_SECONDS)
        if self._keeping:
            self._keeping.cancel()
        for provider in self._providers.values():
            await provider.close()

    def _stop_all(self) -> None:
        for worker in self._workers:
            worker.stop(HAND_OVER)
        for task in self._calls:
            task.cancel()

    def _announced(self, kind: str, id_: str) -> None:
        self._loop.call_soon_threadsafe(self._wake, kind, id_)

    def _wake(self, kind: str, id_: str) -> None:
        """Make the runs that an announcement is about check their rows."""
        for worker in self._workers:
            run = worker.run
            about = {"run": run.pk, "conversation": run.conversation_id}.get(kind)
            if str(about) == id_:
                worker.wake()

    def _wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


class _Holder:
    """Holds the process's runtime, which begins with its first work."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.runtime: Runtime | None = None


_holder = _Holder()


def current(clock: Clock) -> Runtime:
    """Return the process's runtime; the first call starts it with ``clock``."""
    with _holder.lock:
        if _holder.runtime is None:
            _holder.runtime = Runtime(clock)
        return _holder.runtime


def hand_over() -> None:
    """Make the process's runtime, if there is one, release its runs; returns at once."""
    if runtime := _holder.runtime:
        runtime.hand_over()


def shut_down() -> None:
    """End the process's runtime, if it has one; the next work starts another."""
    with _holder.lock:
        runtime, _holder.runtime = _holder.runtime, None
    if runtime:
        runtime.close()
