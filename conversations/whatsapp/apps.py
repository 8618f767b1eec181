"""The Django app of WhatsApp."""

from django.apps import AppConfig


class WhatsAppConfig(AppConfig):
    """Holds senders, templates and raw webhook events; the conversations themselves lie below."""

    name = "conversations.whatsapp"
    label = "whatsapp"
    verbose_name = "WhatsApp"
