"""Requests on kept threads: each has its database connection, and a request is one visit to it."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

KEPT = 8
"""Threads that stay for later requests; of as many connections each process is sure."""


class Handler(ASGIHandler):
    """Django's, for views and middleware that are plain functions.

    Django's own makes a thread for each request, whose connection is a new one, and goes back and
    forth between it and the event loop for each of the middleware.
    """

    def __init__(self) -> None:
        """Load the middleware as a chain of plain functions."""
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = Threads()

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Handle a request on a thread of its own until it ends."""
        async with self._threads.lent() as thread, ThreadSensitiveContext(executor=thread):
            await super().handle(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Pass a request through the whole chain in one go."""
        return await sync_to_async(self.get_response)(request)


class Threads:
    """Threads for requests, of which some are kept; as many as there are requests at once."""

    def __init__(self) -> None:
        """Begin without any."""
        self._idle: list[ThreadPoolExecutor] = []

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[ThreadPoolExecutor]:
        """Lend a thread: the one that was used last, whose connection is warm.

        A view goes on when its reader has gone; asgiref waits for it, so what comes back is idle.
        """
        thread = self._idle.pop() if self._idle else _thread()
        try:
            yield thread
        finally:
            if len(self._idle) < KEPT:
                self._idle.append(thread)
            else:
                thread.submit(connections.close_all)
                thread.shutdown(wait=False)


def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="parley-request")
