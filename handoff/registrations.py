"""What handoff adds to the core, at start: entries of registries, a receiver of its signal."""

from datetime import timedelta

from channels_layer.access import actors
from channels_layer.signals import users_connected
from channels_layer.work import audits, sweeper
from handoff import audit, events, outbox, presence, selectors, topics


def register() -> None:
    """Fill the registries of the core, and connect the receiver."""
    actors.register_staff_resolver(selectors.staff_actor)
    events.register()
    topics.register()
    sweeper.register_job("handoff.notice_absence", every=timedelta(seconds=10))
    sweeper.register("notifications", outbox.due)
    audits.register("notifications", audit.people_are_notified)
    users_connected.connect(presence.seen)
