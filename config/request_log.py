"""Which request a line of the log belongs to."""

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Binds the request's id, person and address to what is logged meanwhile."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        """Bind the address that the edge found; headers may say whatever a client likes."""
        structlog.contextvars.bind_contextvars(ip=request.META.get("REMOTE_ADDR"))
