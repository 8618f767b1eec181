"""Start-up of the chats app."""

from django.apps import AppConfig


class ChatsConfig(AppConfig):
    """Registers what chats add to the layers below, and ends answers that may not go on."""

    name = "chats"
    verbose_name = "Chats"

    def ready(self) -> None:
        """Fill the registries and connect the receivers."""
        from chats import receivers, registrations  # noqa: PLC0415 - models must be loaded first
        from chats.services import cancellations  # noqa: PLC0415
        from conversations.services import answers  # noqa: PLC0415
        from conversations.signals import assistant_muted  # noqa: PLC0415

        registrations.register()
        answers.register_stop(cancellations.cancel_in)
        assistant_muted.connect(receivers.end_answer)
