"""The content security policy: the settings' own, and what Django admin's theme needs besides."""

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponseBase

_API = "/api/v1/"
_REFUSAL = 400
_ADMIN = "/admin/"
# The theme's Alpine makes functions out of attributes; inline code stays forbidden there, too.
_ADMIN_NEEDS = {"script-src": ["'unsafe-eval'"]}


class PolicyMiddleware(CSPMiddleware):
    """Writes the policy of every response; that of the API's answers, which are no pages, once."""

    def __init__(self, get_response: Any) -> None:
        """Write down what holds without a nonce."""
        super().__init__(get_response)
        self._usual = build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Set the header."""
        if not request.path.startswith(_API) or response.status_code >= _REFUSAL:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._usual)
        return response

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002  (the library's signature)
    ) -> PolicyParts:
        """Return the parts; pages of the admin add theirs."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(_ADMIN) and not report_only:
            parts.update = {**(parts.update or {}), **_ADMIN_NEEDS}
        return parts
