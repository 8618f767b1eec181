"""Error reports to Sentry, where a deployment has installed ``sentry-sdk`` and names a DSN."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any


def report_to(dsn: str) -> None:
    """Send errors to ``dsn``, without the values of variables; stop when the library is missing."""
    if not dsn:
        return
    if find_spec("sentry_sdk") is None:
        raise SystemExit("SENTRY_DSN needs the package sentry-sdk: pip install sentry-sdk")
    import_module("sentry_sdk").init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=without_query,
    )


def without_query(event: dict[str, Any], _hint: object) -> dict[str, Any]:
    """Drop what somebody typed into an address: search words and tokens."""
    event.get("request", {}).pop("query_string", None)
    return event
