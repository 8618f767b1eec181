"""Audit of the event log: no gap, no head without its event."""

from collections.abc import Iterator

from django.db.models import Count, Max, Min

from channels_layer.models import Event, TopicHead
from channels_layer.work.audits import Scope


def events_have_no_gaps(scope: Scope) -> Iterator[str]:
    """Compare every topic's events with its head; what was purged is missing at the beginning."""
    del scope
    heads = dict(TopicHead.objects.values_list("topic", "head"))
    rows = Event.objects.order_by().values("topic")
    for row in rows.annotate(low=Min("seq"), high=Max("seq"), number=Count("id")).iterator():
        topic, head = row["topic"], heads.get(row["topic"])
        if row["number"] != row["high"] - row["low"] + 1:
            yield f"{topic} has {row['number']} events from seq {row['low']} to {row['high']}"
        if head != row["high"]:
            yield f"{topic} has the head {head}, its last event {row['high']}"
