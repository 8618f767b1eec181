"""Tools: what assistants may do beside writing, and their catalogue."""

from chats.tools.catalogue import Offer, Source, everything, find, names, offer, register_source
from chats.tools.registry import (
    Effect,
    FailedCallError,
    LostRunError,
    Tool,
    ToolContext,
    UnclearEffectError,
    register,
)

__all__ = [
    "Effect",
    "FailedCallError",
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
