"""The thread whose event loop owns the channel layer in this process."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextvars import Context
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")


class LayerThread:
    """One event loop for all that the process sends to the layer and receives from it.

    A layer belongs to the loop that uses it: with one loop there is one connection to send, one to
    receive, and one order. Other threads and loops hand their work over.
    """

    def __init__(self) -> None:
        """Start the loop."""
        self.loop = uvloop.new_event_loop()
        self._thread = threading.Thread(
            target=self.loop.run_forever, name="parley-layer", daemon=True
        )
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run ``work`` on the loop; return its future for other threads."""
        # What the loop keeps belongs to no request, so neither does its context.
        return Context().run(asyncio.run_coroutine_threadsafe, work, self.loop)

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` on the loop; wait for it on the running one."""
        return await asyncio.wrap_future(self.submit(work))


_thread: LayerThread | None = None
_lock = threading.Lock()


def current() -> LayerThread:
    """Return the thread of this process; the first call starts it."""
    global _thread  # noqa: PLW0603 - one per process, made anew after a fork
    with _lock:
        if _thread is None:
            _thread = LayerThread()
        return _thread


def _forget() -> None:
    global _thread, _lock
    _thread, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)
