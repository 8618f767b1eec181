"""What handoff adds at start: entries of the core's registries, receivers of signals."""

from datetime import timedelta

from django.contrib.auth.signals import user_logged_in

from channels_layer.access import actors
from channels_layer.signals import users_connected
from channels_layer.work import audits, sweeper
from handoff import audit, events, outbox, presence, selectors, services, topics


def register() -> None:
    """Fill the registries of the core, and connect the receivers."""
    actors.register_staff_resolver(selectors.staff_actor)
    events.register()
    topics.register()
    sweeper.register_job("handoff.notice_absence", every=timedelta(seconds=10))
    sweeper.register("notifications", outbox.due)
    audits.register("notifications", audit.people_are_notified)
    users_connected.connect(presence.seen)
    user_logged_in.connect(services.welcome)
