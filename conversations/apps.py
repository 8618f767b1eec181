"""Start-up of the conversations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    """Registers events, topics, socket commands and the service that follows the floor."""

    name = "conversations"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        """Fill the registries, connect the receivers, and publish what changes on the floor."""
        from conversations import registrations  # noqa: PLC0415 - models must be loaded first
        from conversations.models import Conversation  # noqa: PLC0415
        from conversations.services import floor  # noqa: PLC0415

        registrations.register()
        Conversation.on_floor_change = staticmethod(floor.publish)
