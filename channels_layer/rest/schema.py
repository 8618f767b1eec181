"""What the OpenAPI schema says of every call: how to authenticate, the form of refusals."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

METHODS = {"get", "post", "put", "patch", "delete"}
REFUSAL: dict[str, Any] = {
    "type": "object",
    "description": "Why something was refused: `code` for machines, `detail` for people.",
    "properties": {
        "code": {"type": "string", "description": "Stable, such as `already_accepted`."},
        "detail": {"type": "string"},
        "fields": {
            "type": "object",
            "description": "What is wrong with which field, with 400 and 422.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "retry_after": {
            "type": "number",
            "description": "With 429: the seconds to wait, also in `Retry-After`.",
        },
    },
    "required": ["code", "detail"],
    "example": {"code": "not_found", "detail": "Not found."},
}
REFUSED = {
    "description": "Refused; see `code`.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
}
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 255},
    "description": "The same key and body gets the first answer again for 24 hours.",
}


def complete(result: dict[str, Any], generator: Any, **options: Any) -> dict[str, Any]:
    """Add what holds for every operation; a post-processing hook of drf-spectacular."""
    del generator, options
    result.setdefault("components", {}).setdefault("schemas", {})["Refusal"] = REFUSAL
    for path in result["paths"].values():
        for method, operation in path.items():
            if method in METHODS:
                operation["responses"]["4XX"] = REFUSED
            if method == "post":
                operation.setdefault("parameters", []).append(ONCE)
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
