"""Start-up of the chats app."""

from django.apps import AppConfig


class ChatsConfig(AppConfig):
    """Registers events, live runs, tools, what the sweeper looks for, and what pages show."""

    name = "chats"
    verbose_name = "Chats"

    def ready(self) -> None:
        """Fill the registries of the layers below."""
        from chats import events, panels, tools, topics  # noqa: PLC0415 - models must be loaded first
        from chats.services import cancellations, due  # noqa: PLC0415
        from conversations.services import floor  # noqa: PLC0415

        events.register()
        topics.register()
        tools.register_built_in()
        due.register()
        floor.register_silencer(cancellations.supersede)
        panels.register()
