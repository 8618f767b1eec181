"""Start-up of the chats app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatsConfig(AppConfig):
    """Registers what chats add to the layers below, and ends answers that may not go on."""

    name = "chats"
    verbose_name = _("Chats")

    def ready(self) -> None:
        """Fill the registries and connect the receivers."""
        from chats import registrations  # noqa: PLC0415 - models must be loaded first

        registrations.register()
