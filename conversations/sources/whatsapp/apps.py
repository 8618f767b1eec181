"""The Django app of WhatsApp."""

from django.apps import AppConfig


class WhatsAppConfig(AppConfig):
    """Holds senders, templates and raw webhook events; the conversations themselves lie below."""

    name = "conversations.sources.whatsapp"
    label = "whatsapp"
    verbose_name = "WhatsApp"

    def ready(self) -> None:
        """Register the source, and what it adds to pages."""
        from conversations import transports  # noqa: PLC0415 - models must be loaded first
        from conversations.sources.whatsapp import panels, transport  # noqa: PLC0415

        transports.register(transport.WhatsAppTransport())
        panels.register()
