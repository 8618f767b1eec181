"""Points in time as the outside sees them."""

import time
from datetime import UTC, datetime
from typing import overload


@overload
def iso(at: datetime) -> str: ...
@overload
def iso(at: datetime | None) -> str | None: ...
def iso(at: datetime | None) -> str | None:
    """Write ``at`` as ISO 8601 in UTC with milliseconds: ``2026-11-20T12:30:01.120Z``."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> datetime:
    """Read the clock, for the machinery of this package: what people do carries its ``at``."""
    return datetime.fromtimestamp(time.time(), tz=UTC)
