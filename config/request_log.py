"""The request in the lines of the log."""

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Binds the request's id, person and address to all lines logged meanwhile."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """Bind the address that the edge found, since a client may forge headers."""
        structlog.contextvars.bind_contextvars(ip=request.META.get("REMOTE_ADDR"))
