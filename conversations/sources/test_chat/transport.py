"""The transport of test chats: the owner reads on Parley's pages."""

from django.utils.translation import gettext_lazy as _

from conversations.sources.test_chat import KIND
from conversations.transports import Transport


class TestChatTransport(Transport):
    """A person of the staff, who writes as the customer."""

    kind = KIND
    label = _("Test chat")
    icon = "test_chat/icon.svg"
    badge = "test_chat/badge.css"
    is_made_by_api = True
