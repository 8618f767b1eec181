"""The request in the lines of the log: who and where, and nothing that somebody typed."""

import logging
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

_TYPED = "…"
# The view of what is left below /api/v1/.
_UNKNOWN = "unknown"


def place(request: HttpRequest) -> str:
    """Return the path of a request, without its query and without the words in it.

    Ids and numbers stay; of an address that leads nowhere nothing is known.
    """
    match = getattr(request, "resolver_match", None)
    if match is None or match.url_name == _UNKNOWN:
        return f"/{_TYPED}"
    typed = [*match.args, *(match.captured_kwargs or {}).values()]
    shown = request.path
    for word in sorted((word for word in typed if isinstance(word, str)), key=len, reverse=True):
        shown = shown.replace(f"/{word}", f"/{_TYPED}", 1) if word else shown
    return shown


class RequestLogMiddleware(RequestMiddleware):
    """Binds the request's id, person and address to all lines logged meanwhile."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """Bind the address that the edge found, since a client may forge headers."""
        structlog.contextvars.bind_contextvars(ip=request.META.get("REMOTE_ADDR"))

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return method and place: a query has search words and tokens."""
        return f"{request.method} {place(request)}"


class NoTypedPaths(logging.Filter):
    """Puts the place of a request where Django logs its path."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the arguments; log the record."""
        request: Any = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            paths = {request.path, request.get_full_path()}
            shown = place(request)
            record.args = tuple(
                shown if isinstance(arg, str) and arg in paths else arg for arg in record.args
            )
        return True
