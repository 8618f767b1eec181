"""The Django app of test chats."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TestChatConfig(AppConfig):
    """Registers the source; the chats themselves are pages and services of ``chats``."""

    name = "conversations.sources.test_chat"
    label = "test_chat"
    verbose_name = _("Test chat")

    def ready(self) -> None:
        """Register the source."""
        from conversations import transports  # noqa: PLC0415 - models must be loaded first
        from conversations.sources.test_chat.transport import TestChatTransport  # noqa: PLC0415

        transports.register(TestChatTransport())
