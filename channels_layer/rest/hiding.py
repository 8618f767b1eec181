"""What a key that may write and not read gets to see in the answers to what it writes."""

from collections.abc import Mapping
from typing import Any

from channels_layer.access.actors import Actor


def readable(
    shown: dict[str, Any], *, by: Actor, scope: str, hidden: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an object for an answer to ``by``; without the right to read, with ``hidden`` in it.

    ``hidden`` are values, by field, that say nothing and are of the field's type.
    """
    return shown if by.may(f"{scope}:read") else {**shown, **hidden}
