"""A change of a conversation: one UPDATE, an event for each thing, one row of the list."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from channels_layer.access.actors import Visitor
from channels_layer.models import Event
from channels_layer.transport import broadcast
from channels_layer.transport.fences import FENCES
from conversations.models import Conversation
from conversations.services import conversations, messages, thread
from conversations.services.messages import Draft
from handoff import services as handoff
from tests.channel_layers import recorded
from tests.factories import staff
from tests.queries import WRITTEN

pytestmark = pytest.mark.both_databases

LINE = "message.created"
FLOOR = "handoff.changed"


@dataclass
class Cost:
    """What one change took: writes of the row, its events, frames by type, texts written anew."""

    updates: int = 0
    events: list[str] = field(default_factory=list)
    frames: Counter[str] = field(default_factory=Counter)
    rewritten: list[str] = field(default_factory=list)


Measure = Callable[[Callable[[], object]], Cost]


@pytest.fixture
def cost(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Measure:
    """Return a function that makes a change and says what it took."""
    write = orjson.dumps
    cost = Cost()

    def watch(value: Any, *args: Any, **options: Any) -> bytes:
        if isinstance(value, dict) and isinstance(value.get("data"), dict):
            cost.rewritten.append(value["type"])
        return write(value, *args, **options)

    def measure(change: Callable[[], object]) -> Cost:
        seen = set(Event.objects.values_list("pk", flat=True))
        monkeypatch.setattr(orjson, "dumps", watch)
        with CaptureQueriesContext(connection) as queries, recorded() as record:
            change()
        frames = [broadcast.unpack(item)[1] for group, item in record.items if group != FENCES]
        cost.frames.update(orjson.loads(one.staff or "{}")["type"] for one in frames)
        cost.updates = sum(query["sql"].startswith(WRITTEN) for query in queries)
        new = Event.objects.exclude(pk__in=seen).filter(topic__startswith="conversation:")
        cost.events = list(new.order_by("seq").values_list("type", flat=True))
        return cost

    return measure


def customer(conversation: Conversation) -> Visitor:
    """Return the conversation's contact as an actor."""
    assert conversation.contact is not None
    contact = conversation.contact
    return Visitor(contact.pk, conversation.source_id, contact.label)


def is_light(cost: Cost, *events: str) -> None:
    """Check one UPDATE, these events in this order, and one row of the list."""
    assert cost.updates == 1
    assert cost.events == list(events)
    assert cost.frames == Counter(events) + Counter(["conversation.summary"])


def test_accepting(cost: Measure, alice: User, waiting: Conversation, noon: datetime) -> None:
    taken = cost(lambda: handoff.accept(floor=waiting, by=staff(alice), at=noon))
    is_light(taken, LINE, FLOOR)


def test_ending(cost: Measure, alice: User, waiting: Conversation, noon: datetime) -> None:
    taken = cost(lambda: handoff.end(floor=waiting, by=staff(alice), at=noon))
    is_light(taken, LINE, FLOOR, "conversation.ended")


def test_posting(cost: Measure, alice: User, waiting: Conversation, noon: datetime) -> None:
    handoff.accept(floor=waiting, by=staff(alice), at=noon)
    draft = Draft(text="Good day.")
    taken = cost(lambda: messages.post(conversation=waiting, by=staff(alice), draft=draft, at=noon))
    is_light(taken, LINE)


def test_posting_that_takes_the_floor(
    cost: Measure, alice: User, conversation: Conversation, noon: datetime
) -> None:
    draft = Draft(text="I take over.")
    taken = cost(
        lambda: messages.post(conversation=conversation, by=staff(alice), draft=draft, at=noon)
    )
    is_light(taken, LINE, FLOOR, LINE)


def test_a_customer_s_message(cost: Measure, conversation: Conversation, noon: datetime) -> None:
    by, draft = customer(conversation), Draft(text="Where is my lamp?")
    taken = cost(
        lambda: messages.customer_message(conversation=conversation, by=by, draft=draft, at=noon)
    )
    is_light(taken, LINE)


def test_a_customer_s_message_that_reopens(
    cost: Measure, alice: User, conversation: Conversation, noon: datetime
) -> None:
    handoff.end(floor=conversation, by=staff(alice), at=noon)
    by, draft = customer(conversation), Draft(text="One more thing.")
    later = noon + timedelta(minutes=5)
    taken = cost(
        lambda: messages.customer_message(conversation=conversation, by=by, draft=draft, at=later)
    )
    is_light(taken, LINE, FLOOR, LINE)


def test_reading_several_messages_at_once(
    cost: Measure, alice: User, conversation: Conversation, noon: datetime
) -> None:
    for minute in range(3):
        at = noon + timedelta(minutes=minute)
        draft = Draft(text="Good day.")
        messages.post(conversation=conversation, by=staff(alice), draft=draft, at=at)
    taken = cost(
        lambda: conversations.read_by_customer(conversation=conversation, position=9, at=noon)
    )
    is_light(taken, *["message.updated"] * 3)


def test_a_new_title(cost: Measure, conversation: Conversation, noon: datetime) -> None:
    taken = cost(lambda: conversations.rename(conversation=conversation, title="Lamp", at=noon))
    is_light(taken, "title", "conversation.updated")


def test_what_was_written_for_the_log_is_sent_as_it_is(
    cost: Measure, alice: User, waiting: Conversation, noon: datetime
) -> None:
    taken = cost(lambda: handoff.end(floor=waiting, by=staff(alice), at=noon))
    # Visitors see less, so theirs are other texts; staff's are those of the log.
    assert Counter(taken.rewritten) == Counter([LINE, FLOOR, "conversation.ended"])


def test_nothing_is_saved_of_a_change_that_fails(
    alice: User, waiting: Conversation, noon: datetime
) -> None:
    def change() -> None:
        with transaction.atomic(), thread.changing(waiting.locked()) as changes:
            changes.fields.add("title")
            handoff.accept(floor=waiting, by=staff(alice), at=noon)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert waiting.changes is None
    waiting.refresh_from_db()
    assert waiting.control == "requested"


def test_a_row_that_is_being_changed_is_locked_once(waiting: Conversation) -> None:
    with transaction.atomic():
        conversation = waiting.locked()
        assert conversation is not waiting
        with thread.changing(conversation):
            assert conversation.locked() is conversation
        assert conversation.locked() is not conversation
