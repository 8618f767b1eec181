"""What an API key may be allowed to do: ``<resource>:read`` and ``<resource>:write``."""

from collections.abc import Sequence

RESOURCES = (
    "agents",
    "assistants",
    "chats",
    "contacts",
    "conversations",
    "events",
    "sources",
    "tickets",
)

ALL_SCOPES: tuple[str, ...] = tuple(
    f"{resource}:{verb}" for resource in RESOURCES for verb in ("read", "write")
)


def unknown(scopes: Sequence[str]) -> list[str]:
    """Name those of ``scopes`` that do not exist, in their order."""
    return [scope for scope in scopes if scope not in ALL_SCOPES]
