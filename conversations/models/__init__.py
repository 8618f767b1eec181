"""The records of the support desk, by noun."""

from conversations.models.assistant import Assistant
from conversations.models.attachment import FILES_FOLDER, Attachment, FileRemoval, new_path
from conversations.models.contact import (
    DETAILS,
    LONGEST_NAME,
    Contact,
    ContactQuerySet,
    Identity,
    handle_of,
)
from conversations.models.conversation import (
    Changes,
    Conversation,
    ConversationQuerySet,
    ReadState,
)
from conversations.models.delivery import Delivery
from conversations.models.message import AuthorKind, Message
from conversations.models.reading import Reading
from conversations.models.rendering import Rendering
from conversations.models.source import Source
from conversations.models.variable import Variable, weight_of

__all__ = [
    "DETAILS",
    "FILES_FOLDER",
    "LONGEST_NAME",
    "Assistant",
    "Attachment",
    "AuthorKind",
    "Changes",
    "Contact",
    "ContactQuerySet",
    "Conversation",
    "ConversationQuerySet",
    "Delivery",
    "FileRemoval",
    "Identity",
    "Message",
    "ReadState",
    "Reading",
    "Rendering",
    "Source",
    "Variable",
    "handle_of",
    "new_path",
    "weight_of",
]
