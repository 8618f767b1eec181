"""Django admin of chats: assistants, their tools, what they did, and what models took."""

from chats.admin import assistants, header_secrets, http_tools, mcp, money, runs

__all__ = ["assistants", "header_secrets", "http_tools", "mcp", "money", "runs"]
