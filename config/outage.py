"""While the database is away: 503 and when to come again, in place of 500."""

import logging
import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin

from channels_layer.errors import UnavailableError
from channels_layer.rest import exceptions
from config.request_log import place

logger = logging.getLogger(__name__)

_OUTAGES = (OperationalError, InterfaceError)
_MARK = "is_outage"
_FAILURE = 500


class OutageMiddleware(MiddlewareMixin):
    """Answers 503 when the database is away; stands outside of all middleware that uses it."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that failed with the database."""
        if not isinstance(exception, _OUTAGES):
            return None
        logger.warning("The database did not answer %s: %s", place(request), exception)
        return _answer(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Answer for a middleware that failed with the database, which Django has made a 500."""
        if response.status_code == _FAILURE and hasattr(request, _MARK):
            return _answer(request)
        return response


def mark(request: HttpRequest | None = None, **_signal: Any) -> None:
    """Mark a request that failed with the database, when Django is about to answer 500."""
    if request is not None and isinstance(sys.exc_info()[1], _OUTAGES):
        setattr(request, _MARK, True)


def _answer(request: HttpRequest) -> HttpResponse:
    refusal = exceptions.answer(UnavailableError())
    if request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", ""):
        return refusal
    headers = {"Retry-After": refusal["Retry-After"]}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
