"""Start-up of the conversations app."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_delete, post_migrate


class ConversationsConfig(AppConfig):
    """Registers events, topics, socket commands and the services that follow the floor."""

    name = "conversations"
    verbose_name = "Conversations"

    def ready(self) -> None:
        """Fill the registries of the layers below."""
        from conversations import registrations  # noqa: PLC0415 - models must be loaded first
        from conversations.models import Attachment, Conversation  # noqa: PLC0415
        from conversations.services import attachments, floor, notifications, thread  # noqa: PLC0415

        registrations.register()
        thread.observe(notifications.write)
        post_migrate.connect(_heal_search, sender=self)
        post_delete.connect(attachments.forget_files, sender=Attachment)
        Conversation.on_floor_change = staticmethod(floor.publish)


def _heal_search(*, using: str, **signal: Any) -> None:
    """Rebuild SQLite's search index where a rebuilt table has lost its triggers."""
    del signal
    from conversations import search_sqlite  # noqa: PLC0415 - models must be loaded first

    connection = connections[using]
    if connection.vendor == "sqlite":
        search_sqlite.install(connection)
