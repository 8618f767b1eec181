"""Tools: what assistants may do beside writing, and their registry."""

from chats.tools.registry import Tool, ToolContext, find, names, offered, register

__all__ = ["Tool", "ToolContext", "find", "names", "offered", "register"]
