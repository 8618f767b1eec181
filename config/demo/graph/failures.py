"""Failures: errors in Graph's form."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

STATUSES = {4: 429, 80007: 429, 130429: 429, 131056: 429, 190: 401, 10: 403, 368: 403, 131031: 403}
"""HTTP statuses of codes that differ from 400."""
TEMPORARY = {1: 500, 2: 500, 131000: 500, 131016: 503}
"""Codes that Graph itself calls temporary."""
WORDS = {
    1: "API Unknown",
    2: "API Service",
    4: "Application request limit reached",
    100: "Invalid parameter",
    190: "Access token has expired",
    368: "Temporarily blocked for policies violations",
    80007: "Rate limit issues",
    130429: "Rate limit hit",
    130472: "User's number is part of an experiment",
    131000: "Something went wrong",
    131016: "Service unavailable",
    131026: "Message undeliverable",
    131031: "Business Account locked",
    131042: "Business eligibility payment issue",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "Meta chose not to deliver",
    131050: "User has stopped marketing messages",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131056: "Pair rate limit hit",
    132000: "Template param count mismatch",
    132001: "Template does not exist",
    132005: "Template hydrated text too long",
    132007: "Template format character policy violated",
    132012: "Template parameter format mismatch",
    132015: "Template is paused",
    132016: "Template is disabled",
    133010: "Phone number not registered",
}


@dataclass(eq=False)
class Failure(Exception):  # noqa: N818  (it is what Graph answers, not what broke here)
    """A request that Graph refuses with ``code``; ``details`` are for people."""

    code: int
    details: str = ""

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUSES.get(self.code) or TEMPORARY.get(self.code, 400)

    @property
    def body(self) -> Json:
        """The body of the answer to a refused request."""
        error: Json = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details or self.title},
            "fbtrace_id": "DemoGraph",
        }
        if self.code in TEMPORARY:
            error["is_transient"] = True
        return {"error": error}

    @property
    def title(self) -> str:
        """Graph's own words."""
        return WORDS.get(self.code, "Unknown error")

    def in_status(self) -> Json:
        """Return it as a status of a message carries it."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details or self.title},
        }
