"""Requests on kept threads: each has its database connection, and a request is one visit to it."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.db import connections
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

KEPT = 8
"""Threads that stay for later requests; of as many connections each process is sure."""

Result = TypeVar("Result")


class Handler(ASGIHandler):
    """Django's, for views and middleware that are plain functions.

    Django's own makes a thread for each request, whose connection is a new one, and goes back and
    forth between it and the event loop: for signals, each of the middleware, and the response.
    """

    def __init__(self) -> None:
        """Load the middleware as a chain of plain functions."""
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = Threads()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request; its view goes on when its reader has gone."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        response = await self._threads.run(lambda: self._answer(scope, body))
        if response.streaming:
            async with ThreadSensitiveContext():
                await self._stream(response, receive, send)
        else:
            await self.send_response(response, send)

    def _answer(self, scope: Any, body: Any) -> Any:
        """Pass a request through the whole chain, from the first signal to the last."""
        with body:
            set_script_prefix(get_script_prefix(scope))
            request_started.send(sender=type(self), scope=scope)
            request, refusal = self.create_request(scope, body)
            response: Any = refusal if request is None else self.get_response(request)
            response._handler_class = type(self)  # noqa: SLF001 - as Django's own sets it
            if isinstance(response, FileResponse):
                response.block_size = self.chunk_size
            if not response.streaming:
                # What was said stays readable.
                response.close()
        return response

    async def _stream(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        """Send a file piece by piece, for as long as its reader is there."""
        sending = asyncio.create_task(self.send_response(response, send))
        listening = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait([sending, listening], return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            sending.cancel()
            listening.cancel()
            await asyncio.gather(sending, listening, return_exceptions=True)
            await sync_to_async(response.close)()


class Threads:
    """Threads for requests, of which some are kept; as many as there are requests at once."""

    def __init__(self) -> None:
        """Begin without any."""
        self._idle: list[ThreadPoolExecutor] = []
        self._changing = threading.Lock()

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do ``work`` on the thread that was used last, whose connection is warm.

        The thread is lent again when its work has ended, whether or not somebody waits for that.
        """
        with self._changing:
            thread = self._idle.pop() if self._idle else _thread()
        doing = thread.submit(copy_context().run, work)
        doing.add_done_callback(lambda _done: self._take_back(thread))
        return await asyncio.wrap_future(doing)

    def _take_back(self, thread: ThreadPoolExecutor) -> None:
        with self._changing:
            is_kept = len(self._idle) < KEPT
            if is_kept:
                self._idle.append(thread)
        if not is_kept:
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)


def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="parley-request")
