"""The records of the support desk, by noun."""

from conversations.models.assistant import Assistant
from conversations.models.attachment import Attachment, FileRemoval
from conversations.models.contact import Contact, Identity
from conversations.models.conversation import Conversation, ReadState, Variable
from conversations.models.delivery import Delivery
from conversations.models.message import AuthorKind, Message
from conversations.models.reading import Reading
from conversations.models.source import Source

__all__ = [
    "Assistant",
    "Attachment",
    "AuthorKind",
    "Contact",
    "Conversation",
    "Delivery",
    "FileRemoval",
    "Identity",
    "Message",
    "ReadState",
    "Reading",
    "Source",
    "Variable",
]
