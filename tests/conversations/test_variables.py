"""Variables: bounds of number and size, and what of them is published."""

from datetime import datetime
from functools import partial

import orjson
import pytest

from channels_layer.access.actors import System
from channels_layer.errors import InvalidError
from channels_layer.models import Event
from channels_layer.transport.broadcast import MAX_FRAME_BYTES
from conversations.models import Conversation, Variable
from conversations.services import conversations, variables
from conversations.services.conversations import Opening

pytestmark = pytest.mark.both_databases


def sets(
    conversation: Conversation, values: dict[str, str], at: datetime, by: str = "Parley"
) -> None:
    origin = Variable.Origin.EXTRACTED
    conversations.set_variables(
        conversation=conversation, values=values, origin=origin, by=System(by), at=at
    )


@pytest.mark.parametrize(
    "values",
    [
        {"x" * 81: "a"},
        {"": "a"},
        {"a\nb": "a"},
        {"a: b": "a"},
        {"plan (recorded by a colleague)": "a"},
        {"a\u202eb": "a"},
        {"a": "x" * 10_001},
        {"a": "\0"},
        {"a": "\x1b"},
        {f"v{number}": '"' * 9_000 for number in range(2)},
        {"a": "\ud800"},
        {f"v{number}": "x" for number in range(101)},
        {f"v{number}": "x" * 9_000 for number in range(4)},
        {f"v{number}": "\u4e2d" * 6_000 for number in range(2)},
    ],
)
@pytest.mark.parametrize("is_new", ["new", "known"])
def test_refuses_what_is_malformed_or_too_much(
    conversation: Conversation, noon: datetime, values: dict[str, str], is_new: str
) -> None:
    opening = Opening(source=conversation.source, contact=conversation.contact, variables=values)
    start = partial(conversations.start, opening=opening, by=System(), at=noon)
    write = start if is_new == "new" else partial(sets, conversation, values, noon)
    with pytest.raises(InvalidError) as refused:
        write()

    assert (refused.value.status, list(refused.value.fields)) == (400, ["variables"])
    assert not Variable.objects.exists()


def test_the_largest_event_fits_a_frame(conversation: Conversation, noon: datetime) -> None:
    size = variables.LARGEST // variables.MOST - 3
    values = {f"v{number:02}": "x" * size for number in range(variables.MOST)}
    sets(conversation, values, noon, by="y" * 100)

    event = Event.objects.get(type="variables.updated")
    assert len(orjson.dumps(event.data)) < MAX_FRAME_BYTES
    assert len(event.data["variables"]) == variables.MOST


def test_an_event_carries_what_changed(conversation: Conversation, noon: datetime) -> None:
    sets(conversation, {"plan": "gold", "cart": "3"}, noon)
    sets(conversation, {"plan": "gold", "cart": "4", "b": ""}, noon)

    event = Event.objects.filter(type="variables.updated").order_by("seq")[1]
    assert [(row["name"], row["value"]) for row in event.data["variables"]] == [
        ("b", ""),
        ("cart", "4"),
    ]


def test_what_changes_nothing_is_not_published(conversation: Conversation, noon: datetime) -> None:
    for _ in range(3):
        sets(conversation, {"plan": "gold"}, noon)

    assert Event.objects.filter(type="variables.updated").count() == 1


def test_what_was_stored_beyond_the_bounds_can_be_made_less(
    conversation: Conversation, noon: datetime
) -> None:
    Variable.objects.bulk_create(
        Variable(
            conversation=conversation,
            name=f"v{number}",
            value="x" * 1000,
            origin=Variable.Origin.EXTRACTED,
            updated_at=noon,
        )
        for number in range(110)
    )

    sets(conversation, {"v1": "less"}, noon)

    assert Variable.objects.get(name="v1").value == "less"
    with pytest.raises(InvalidError):
        sets(conversation, {"another": "x"}, noon)
