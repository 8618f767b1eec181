"""Start-up of the handoff app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoffConfig(AppConfig):
    """Registers who a signed-in user is, and who is there."""

    name = "handoff"
    verbose_name = _("Handoff")

    def ready(self) -> None:
        """Fill the registries and connect the receivers."""
        from handoff import registrations  # noqa: PLC0415 - models must be loaded first

        registrations.register()
