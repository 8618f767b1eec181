"""Notices of Meta's in the order of its clock: one older than the last applied changes nothing."""

from collections.abc import Mapping
from datetime import datetime

Heeded = Mapping[str, str]
"""The time of the newest applied notice, by the webhook's field; whole seconds, as Meta's."""


def is_overtaken(heeded: Heeded, field: str, at: datetime) -> bool:
    """Return whether a notice newer than ``at`` was applied; the same second is not newer."""
    newest = heeded.get(field)
    return newest is not None and at < datetime.fromisoformat(newest)


def noted(heeded: Heeded, field: str, at: datetime) -> dict[str, str]:
    """Return ``heeded`` with a notice of ``at``; time does not run backwards."""
    if is_overtaken(heeded, field, at):
        return dict(heeded)
    return {**heeded, field: at.replace(microsecond=0).isoformat()}
