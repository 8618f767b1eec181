"""What caches may keep: nothing, unless a view says otherwise."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

_HEADER = "Cache-Control"


class NoStoreMiddleware(MiddlewareMixin):
    """Keeps every answer out of browsers' and proxies' caches that does not set its own rule.

    It is the outermost, so that the answers of all others pass it: redirects, refusals, the page of
    what is missing. Static files, signed files, the widget's loader and its colours say how long
    they are good.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Set the header where there is none."""
        del request
        response.headers.setdefault(_HEADER, "no-store")
        return response
