"""Start-up of the handoff app."""

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """Registers how a signed-in user becomes an actor."""

    name = "handoff"
    verbose_name = "Handoff"

    def ready(self) -> None:
        """Register the staff resolver, the presence listener, events and topics."""
        from channels_layer.access import actors  # noqa: PLC0415 - models must be loaded first
        from channels_layer.sockets import connected_users  # noqa: PLC0415 - models must be loaded first
        from handoff import events, presence, selectors, topics  # noqa: PLC0415

        actors.register_staff_resolver(selectors.staff_actor)
        connected_users.listen(presence.seen)
        events.register()
        topics.register()
