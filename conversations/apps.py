"""Start-up of the conversations app."""

from django.apps import AppConfig
from django.db.models.signals import post_delete

from channels_layer import search


class ConversationsConfig(AppConfig):
    """Registers events, topics, socket commands and the services that follow the floor."""

    name = "conversations"
    verbose_name = "Conversations"

    def ready(self) -> None:
        """Fill the registries of the layers below."""
        from conversations import registrations  # noqa: PLC0415 - models must be loaded first
        from conversations.models import Attachment, Conversation  # noqa: PLC0415
        from conversations.search import CONVERSATIONS  # noqa: PLC0415
        from conversations.services import attachments, floor, notifications, thread  # noqa: PLC0415

        registrations.register()
        thread.observe(notifications.write)
        search.heal_after_migrations(self, CONVERSATIONS)
        post_delete.connect(attachments.forget_files, sender=Attachment)
        Conversation.on_floor_change = staticmethod(floor.publish)
