"""Tools: what assistants may do beside writing, and their registry."""

from chats.tools import handoff, knowledge
from chats.tools.registry import Tool, ToolContext, find, names, offered, register

__all__ = ["Tool", "ToolContext", "find", "names", "offered", "register", "register_built_in"]


def register_built_in() -> None:
    """Add the tools that every deployment has."""
    register(knowledge.TOOL)
    register(handoff.TOOL)
