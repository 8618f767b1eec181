"""Start-up of the tickets app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """Registers what tickets add to the layers below."""

    name = "tickets"
    verbose_name = _("Tickets")

    def ready(self) -> None:
        """Fill the registries and connect the receivers."""
        from tickets import registrations  # noqa: PLC0415 - models must be loaded first

        registrations.register()
