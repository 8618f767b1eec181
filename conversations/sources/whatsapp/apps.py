"""The Django app of WhatsApp."""

from django.apps import AppConfig


class WhatsAppConfig(AppConfig):
    """Holds senders, templates and raw webhook events; the conversations themselves lie below."""

    name = "conversations.sources.whatsapp"
    label = "whatsapp"
    verbose_name = "WhatsApp"

    def ready(self) -> None:
        """Fill the registries."""
        from conversations.sources.whatsapp import registrations  # noqa: PLC0415 - models must be loaded first

        registrations.register()
