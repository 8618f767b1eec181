"""What the OpenAPI schema says of every call: how to authenticate, the form of refusals."""

import re
from typing import Any

from django.utils.text import Truncator
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from channels_layer.rest.objects import Refusal

CLAUSE_ENDS = re.compile(r"[.;:]\s")
MOST_SUMMARY = 80
PREFIX = "/api/v1/"
REFUSED = OpenApiResponse(Refusal, description="Refused; see `code`.")
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 255},
    "description": "The same key and body gets the first answer again for 24 hours.",
}


class ApiSchema(AutoSchema):
    """The schema of one operation: its summary, and the form of refusals that all have."""

    def get_summary(self) -> str:
        """Return the first clause of what the operation is documented with."""
        clause, _, _ = CLAUSE_ENDS.sub("\n", self.get_description()).partition("\n")
        return Truncator(clause.replace("`", "").rstrip(".")).chars(MOST_SUMMARY)

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        refused = self._get_response_for_code(REFUSED, "4XX")  # type: ignore[no-untyped-call]
        return {**super()._get_response_bodies(direction), "4XX": refused}


def public(endpoints: list[Any]) -> list[Any]:
    """Keep what is documented: all below the API; a pre-processing hook of drf-spectacular."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]


def complete(result: dict[str, Any], generator: Any, **options: Any) -> dict[str, Any]:
    """Add what holds for every POST; a post-processing hook of drf-spectacular."""
    del generator, options
    for path in result["paths"].values():
        if "post" in path:
            path["post"].setdefault("parameters", []).append(ONCE)
    return result


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """API keys as bearer tokens."""

    target_class = "channels_layer.rest.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the header."""
        del auto_schema
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session cookie of staff."""

    target_class = "channels_layer.rest.authentication.StaffSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the cookie."""
        del auto_schema
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
