"""Tools: what assistants may do beside writing, and their catalogue."""

from chats.tools.catalogue import Offer, Source, everything, find, names, offer, register_source
from chats.tools.registry import (
    Effect,
    LostRunError,
    Tool,
    ToolContext,
    UnclearEffectError,
    register,
)

__all__ = [
    "Effect",
    "LostRunError",
    "Offer",
    "Source",
    "Tool",
    "ToolContext",
    "UnclearEffectError",
    "everything",
    "find",
    "names",
    "offer",
    "register",
    "register_source",
]
