"""Start-up of the chats app."""

from django.apps import AppConfig


class ChatsConfig(AppConfig):
    """Registers events, live runs, tools, sweeps, and parts of pages."""

    name = "chats"
    verbose_name = "Chats"

    def ready(self) -> None:
        """Fill the registries of the layers below."""
        from chats import events, panels, receivers, tools, topics  # noqa: PLC0415 - models must be loaded first
        from chats.services import cancellations, due  # noqa: PLC0415
        from conversations.services import answers  # noqa: PLC0415
        from conversations.signals import assistant_muted  # noqa: PLC0415

        events.register()
        topics.register()
        tools.register_built_in()
        due.register()
        answers.register_stop(cancellations.cancel_in)
        assistant_muted.connect(receivers.end_answer)
        panels.register()
