"""Notices of Meta's in the order of its clock: an older one than was heeded changes nothing."""

from collections.abc import Mapping
from datetime import datetime

Heeded = Mapping[str, str]
"""Of when the newest word is that was heeded, by the webhook's field; whole seconds, as Meta's."""


def is_overtaken(heeded: Heeded, field: str, at: datetime) -> bool:
    """Tell whether something newer than ``at`` was heeded; the same second counts as now."""
    newest = heeded.get(field)
    return newest is not None and at < datetime.fromisoformat(newest)


def noted(heeded: Heeded, field: str, at: datetime) -> dict[str, str]:
    """Return ``heeded`` with a word of ``at``; time does not run backwards."""
    if is_overtaken(heeded, field, at):
        return dict(heeded)
    return {**heeded, field: at.replace(microsecond=0).isoformat()}
