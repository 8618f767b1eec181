"""Start-up of the tickets app."""

from django.apps import AppConfig

from channels_layer import search


class TicketsConfig(AppConfig):
    """Registers what tickets add to the layers below."""

    name = "tickets"
    verbose_name = "Tickets"

    def ready(self) -> None:
        """Fill the registries."""
        from tickets import registrations  # noqa: PLC0415 - models must be loaded first
        from tickets.search import TICKETS  # noqa: PLC0415

        registrations.register()
        search.heal_after_migrations(self, TICKETS)
