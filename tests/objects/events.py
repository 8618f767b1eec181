"""The check of events: the data of each frame, for staff and for visitors."""

from functools import lru_cache

import orjson

from channels_layer.log.events import Data, EventType
from tests.objects import schemas, violations
from tests.objects.schemas import Object

REMEMBERED = 256
"""Texts that are known to be right; most events are written twice within a transaction."""


def check(type_: EventType, audience: str, data: Data) -> None:
    """Refuse data that the object of ``type_`` does not describe; the setting EVENT_CHECK."""
    seen = type_.visitor.object if type_.visitor and audience == "visitor" else type_.object
    found = _problems(seen, orjson.dumps(data))
    violations.report(f"The event {type_.topic}/{type_.name} for {audience}", found)


@lru_cache(maxsize=REMEMBERED)
def _problems(described: Object, text: bytes) -> list[str]:
    return schemas.problems(schemas.validator_of(described), orjson.loads(text))
