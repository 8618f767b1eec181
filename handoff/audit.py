"""Audits of handoff: people are notified of what happened."""

from collections.abc import Iterator

from channels_layer.work.audits import Scope
from handoff.models import PendingNotification


def people_are_notified(scope: Scope) -> Iterator[str]:
    """Find notifications that were not sent, once the system is at rest."""
    if scope.is_strict:
        for row in PendingNotification.objects.order_by("created_at", "id").iterator():
            yield f"notification {row.pk}, {row.kind} of {row.subject}, was not sent"
