"""Django admin of chats: assistants, what they did, and what models took."""

from chats.admin import assistants, runs

__all__ = ["assistants", "runs"]
