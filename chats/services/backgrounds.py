"""Backgrounds: what precedes a conversation for its assistant."""

from chats.engine.instructions import Background
from chats.services import packets
from conversations.models import Conversation


def background(conversation: Conversation, *, stated: list[str], summary: str) -> str:
    """Return what precedes the conversation for its assistant; customers' words stand in it."""
    return Background(
        stated=stated,
        summary=summary,
        quotes=packets.return_quotes(conversation.pk),
    ).text()
