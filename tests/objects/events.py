"""The check of events: the data of each frame, for staff and for visitors."""

from channels_layer.log.events import Data, EventType
from tests.objects import schemas, violations


def check(type_: EventType, audience: str, data: Data) -> None:
    """Refuse data that the object of ``type_`` does not describe; the setting EVENT_CHECK."""
    seen = type_.visitor.object if type_.visitor and audience == "visitor" else type_.object
    found = schemas.problems(schemas.validator_of(seen), data)
    violations.report(f"The event {type_.topic}/{type_.name} for {audience}", found)
