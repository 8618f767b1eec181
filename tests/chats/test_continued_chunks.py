"""Two chunks become one where the second begins within the first or at its end."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_layer.log import events
from chats.events import CHUNK
from chats.objects.run import continued
from tests.factories import NOON

RUN = "0197a0de-0000-7000-8000-000000000001"
MESSAGE = "0197a0de-0000-7000-8000-000000000002"
FIRST: dict[str, Any] = {
    "run": RUN,
    "attempt": 1,
    "message_id": MESSAGE,
    "offset": 3,
    "text": "Hé👩‍👩‍👧",
}
NEXT = FIRST | {"offset": 10, "text": " you"}


def test_the_text_goes_on() -> None:
    assert continued(FIRST, NEXT) == FIRST | {"text": "Hé👩‍👩‍👧 you"}


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (3, "Hé👩‍👩‍👧"),
        (3, "Hé👩‍👩‍👧 you"),
        (5, "👩‍👩‍👧 you"),
        (7, "👩‍👧"),
        (8, "‍👧 you"),
        (10, ""),
        (3, ""),
    ],
)
def test_what_came_twice_is_said_once(offset: int, text: str) -> None:
    goes_on = text.endswith("you")
    whole = FIRST["text"] + " you" * goes_on
    assert continued(FIRST, NEXT | {"offset": offset, "text": text}) == FIRST | {"text": whole}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_any_pieces_of_a_text_say_no_more_and_no_less(places: list[tuple[int, int]]) -> None:
    """A client that applies the joined ones gets as far as one that keeps all it was sent."""
    answer = "é👩‍👩‍👧 help"
    joined = FIRST | {"offset": 0, "text": ""}
    reached = 0
    for offset, length in places:
        text = answer[offset : offset + length]
        both = continued(joined, NEXT | {"offset": offset, "text": text})
        assert (both is None) == (offset > reached)
        joined = both or joined
        reached = max(reached, offset + len(text)) if both else reached
    assert joined["text"] == answer[:reached]


@pytest.mark.parametrize(
    "other",
    [{"run": MESSAGE}, {"attempt": 2}, {"offset": 2}, {"offset": 11}, {"snapshot": True}],
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
    assert events.bundled([one, other]) == [both]
    assert events.bundled([other, one]) == [other, one]
