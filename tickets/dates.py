"""Times in the reader's zone."""

from datetime import datetime

from django.utils import timezone


def local(at: datetime) -> datetime:
    """Return ``at`` in the reader's zone; unchanged where that would overflow the calendar."""
    try:
        return timezone.localtime(at)
    except OverflowError:
        return at
