"""The content security policy: the settings' own, and what Django admin's theme needs besides."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

_ADMIN = "/admin/"
# The theme's Alpine makes functions out of attributes; inline code stays forbidden there, too.
_ADMIN_NEEDS = {"script-src": ["'unsafe-eval'"]}


class PolicyMiddleware(CSPMiddleware):
    """Writes the policy of every response."""

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
