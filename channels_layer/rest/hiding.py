"""What a key that may write and not read gets to see in the answers to what it writes."""

from collections.abc import Callable, Mapping
from typing import Any

from channels_layer.access.actors import Actor

Json = dict[str, Any]


def readable(
    shown: Json, *, by: Actor, scope: str, hidden: Mapping[str, Any] | Callable[[Json], Json]
) -> Json:
    """Return an object for an answer to ``by``; without the right to read, with ``hidden`` in it.

    ``hidden`` are values, by field, that say nothing and are of the field's type; or what makes
    such an object of ``shown``, where that depends on what is in it.
    """
    if by.may(f"{scope}:read"):
        return shown
    return hidden(shown) if callable(hidden) else {**shown, **hidden}
