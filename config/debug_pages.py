"""What DEBUG shows of an error: where it happened, and nothing of settings, requests and values."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter
from django.views.defaults import page_not_found

_REFUSALS = (SuspiciousOperation, BadRequest, MultiPartParserError)
_BLANK: dict[str, Any] = {
    "settings": {},
    "request_meta": {},
    "filtered_POST_items": [],
    "request_GET_items": [],
    "request_FILES_items": [],
    "request_COOKIES_items": [],
    "user_str": None,
}


class Reporter(ExceptionReporter):
    """Reports errors by their traceback alone, and refused requests by the product's own page."""

    def get_traceback_data(self) -> dict[str, Any]:
        """Return what the report shows: no settings, no request's content, no local variables."""
        data: dict[str, Any] = super().get_traceback_data()
        for frame in data["frames"]:
            frame.pop("vars", None)
        place = self.request.path if self.request else ""
        return {**data, **_BLANK, "request_insecure_uri": place}

    def get_traceback_html(self) -> SafeString:
        """Return the page of a fault; that of a refused request is for whoever sent it."""
        if self._is_refusal:
            return render_to_string("400.html")
        return super().get_traceback_html()

    def get_traceback_text(self) -> SafeString:
        """Return the text of a fault or of a refused request."""
        if self._is_refusal:
            return escape("This request cannot be read.\n")
        return super().get_traceback_text()

    @property
    def _is_refusal(self) -> bool:
        return isinstance(self.exc_value, _REFUSALS)


class MissingMiddleware(MiddlewareMixin):
    """Answers 404 with the product's own page under DEBUG, too."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a view that did not find what was asked for."""
        return page_not_found(request, exception) if isinstance(exception, Http404) else None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Answer for a path that belongs to no view."""
        is_nowhere = getattr(request, "resolver_match", None) is None
        if is_nowhere and response.status_code == HTTPStatus.NOT_FOUND:
            return page_not_found(request, Http404())
        return response
