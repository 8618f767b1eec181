"""Two chunks become one where the second goes on from the first, and nowhere else."""

from typing import Any

import pytest

from channels_layer.log import events
from chats.events import CHUNK
from chats.objects.run import continued
from tests.factories import NOON

RUN = "0197a0de-0000-7000-8000-000000000001"
MESSAGE = "0197a0de-0000-7000-8000-000000000002"
FIRST = {"run": RUN, "attempt": 1, "message_id": MESSAGE, "offset": 3, "text": "Hé👩‍👩‍👧"}
NEXT = FIRST | {"offset": 10, "text": " you"}


def test_the_text_goes_on() -> None:
    assert continued(FIRST, NEXT) == FIRST | {"text": "Hé👩‍👩‍👧 you"}


@pytest.mark.parametrize(
    "other",
    [{"run": MESSAGE}, {"attempt": 2}, {"offset": 9}, {"offset": 11}, {"snapshot": True}],
)
def test_what_does_not_go_on_stays_apart(other: dict[str, Any]) -> None:
    assert continued(FIRST, NEXT | other) is None


def test_what_replaces_all_text_stays_apart() -> None:
    assert continued(FIRST | {"snapshot": True}, NEXT) is None


@pytest.mark.parametrize("audience", ["staff", "visitor"])
def test_frames_of_the_wire_are_joined(audience: str) -> None:
    topic = "conversation:0197"
    one, other, both = (
        getattr(events.encode(topic=topic, type=CHUNK, data=data, at=NOON), audience)
        for data in (FIRST, NEXT, FIRST | {"text": "Hé👩‍👩‍👧 you"})
    )
    assert events.joined(one, other) == both
    assert events.joined(other, one) is None
