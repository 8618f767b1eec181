"""Writing messages: positions, client ids, the floor, the flood rule, the answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from channels_layer.access.actors import Key, Visitor
from channels_layer.errors import InvalidError, TooFastError
from channels_layer.ids import new_id
from channels_layer.log import events
from channels_layer.models import ApiKey, Event
from conversations.models import AuthorKind, Conversation, Message
from conversations.services import conversations, messages
from conversations.services.messages import Draft
from handoff import services as handoff
from handoff.models import Control, Switch
from tests.factories import staff

pytestmark = pytest.mark.both_databases


def customer(conversation: Conversation) -> Visitor:
    assert conversation.contact_id is not None
    return Visitor(
        contact_id=conversation.contact_id, source_id=conversation.source_id, name="Victor"
    )


def say(
    conversation: Conversation, at: datetime, text: str = "Hello", client_id: str | None = None
) -> Message:
    message, _ = messages.customer_message(
        conversation=conversation,
        by=customer(conversation),
        draft=Draft(text=text, client_id=client_id),
        at=at,
    )
    return message


def test_a_customer_message_asks_for_an_answer(conversation: Conversation, noon: datetime) -> None:
    message = say(conversation, noon, "Where is my lamp?")

    conversation.refresh_from_db()
    assert conversation.answer_due_at == noon
    assert conversation.has_unanswered
    assert conversation.last_message_text == "Where is my lamp?"
    assert (conversation.customer_count, conversation.message_count) == (1, 1)
    event = Event.objects.get(type="message.created")
    assert event.data["id"] == str(message.pk)
    assert event.seq == conversation.seq


def test_a_client_id_seen_before_returns_the_first(
    conversation: Conversation, noon: datetime
) -> None:
    first = say(conversation, noon, client_id="a")
    again, is_new = messages.customer_message(
        conversation=conversation,
        by=customer(conversation),
        draft=Draft(text="Hello", client_id="a"),
        at=noon,
    )

    assert (again.pk, is_new) == (first.pk, False)


def test_one_message_per_three_seconds(conversation: Conversation, noon: datetime) -> None:
    say(conversation, noon)

    with pytest.raises(TooFastError) as refusal:
        say(conversation, noon + timedelta(seconds=1))
    assert refusal.value.retry_after == pytest.approx(2)
    say(conversation, noon + timedelta(seconds=3))


def test_a_person_takes_the_floor_by_writing(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    say(conversation, noon)
    messages.post(conversation=conversation, by=staff(alice), draft=Draft(text="Hi"), at=noon)

    conversation.refresh_from_db()
    assert (conversation.control, conversation.owner) == (Control.AGENT, alice)
    assert conversation.answer_due_at is None
    assert conversation.turn_count == 1
    lines = Message.objects.filter(kind="system").values_list("change", flat=True)
    assert list(lines) == ["taken"]


def test_a_paused_assistant_keeps_the_floor(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    conversations.set_switch(
        conversation=conversation, switch=Switch.PAUSED, by=staff(alice), at=noon
    )
    messages.post(conversation=conversation, by=staff(alice), draft=Draft(text="Hi"), at=noon)

    conversation.refresh_from_db()
    assert (conversation.control, conversation.owner) == (Control.AI, None)


def test_a_note_is_for_staff_and_takes_nothing(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    note, _ = messages.post(
        conversation=conversation,
        by=staff(alice),
        draft=Draft(text="Careful", kind=Message.Kind.NOTE),
        at=noon,
    )

    conversation.refresh_from_db()
    assert (note.is_public, conversation.control) == (False, Control.AI)
    assert conversation.last_message_text == ""


def test_a_key_is_no_person(conversation: Conversation, noon: datetime) -> None:
    key = ApiKey.objects.create(name="Shop", prefix="x", digest="y", scopes=[], created_at=noon)
    message, _ = messages.post(
        conversation=conversation, by=Key(key=key), draft=Draft(text="Shipped"), at=noon
    )

    conversation.refresh_from_db()
    assert (message.author_kind, message.author_name) == ("system", "Shop")
    assert conversation.control == Control.AI


def test_nobody_writes_into_an_ended_conversation_but_its_customer(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    handoff.end(floor=conversation, by=staff(alice), at=noon)

    with pytest.raises(handoff.EndedError):
        messages.post(conversation=conversation, by=staff(alice), draft=Draft(text="Hi"), at=noon)
    say(conversation, noon)
    conversation.refresh_from_db()
    assert not conversation.is_ended
    assert conversation.answer_due_at is not None


def test_a_blocked_customer_is_heard_and_not_answered(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    conversations.set_switch(
        conversation=conversation, switch=Switch.BLOCKED, by=staff(alice), at=noon
    )
    say(conversation, noon)

    conversation.refresh_from_db()
    assert conversation.switch == Switch.BLOCKED
    assert conversation.answer_due_at is None
    assert conversation.contact is not None
    assert conversation.contact.is_blocked


def test_release_answers_what_is_unanswered(
    waiting: Conversation, alice: User, noon: datetime
) -> None:
    handoff.accept(floor=waiting, by=staff(alice), at=noon)
    say(waiting, noon)
    waiting.refresh_from_db()
    assert waiting.answer_due_at is None

    handoff.release(floor=waiting, by=staff(alice), at=noon)
    waiting.refresh_from_db()
    assert waiting.answer_due_at == noon


def test_release_writes_nothing_when_nothing_is_unanswered(
    waiting: Conversation, alice: User, noon: datetime
) -> None:
    say(waiting, noon)
    messages.post(conversation=waiting, by=staff(alice), draft=Draft(text="Done"), at=noon)

    handoff.release(floor=waiting, by=staff(alice), at=noon)
    waiting.refresh_from_db()
    assert waiting.answer_due_at is None


def test_a_reply_belongs_to_the_conversation(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    with pytest.raises(InvalidError) as refusal:
        messages.post(
            conversation=conversation,
            by=staff(alice),
            draft=Draft(text="Hi", reply_to=new_id()),
            at=noon,
        )
    assert "reply_to" in refusal.value.fields


def test_reading_counts_what_is_unread(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    for second in (0, 3, 6):
        say(conversation, noon + timedelta(seconds=second))
    state = conversations.mark_read(conversation=conversation, user=alice, position=2)

    conversation.refresh_from_db()
    assert conversation.customer_count - state.customer_count == 1
    assert conversations.mark_read(conversation=conversation, user=alice, position=1).position == 2


def test_a_system_line_of_the_customer_is_not_unread(
    conversation: Conversation, alice: User, noon: datetime
) -> None:
    say(conversation, noon)
    handoff.join(floor=conversation, by=customer(conversation), at=noon)
    state = conversations.mark_read(conversation=conversation, user=alice, position=1)

    assert Message.objects.get(position=2).author_kind == AuthorKind.CUSTOMER
    conversation.refresh_from_db()
    assert conversation.customer_count - state.customer_count == 0


def test_the_inbox_is_notified_of_a_deletion(
    conversation: Conversation, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[dict[str, Any]] = []
    monkeypatch.setattr(events, "announce", lambda **event: announced.append(event))
    conversations.delete(conversation=conversation, at=noon)

    assert [(event["topic"], event["data"]["id"]) for event in announced] == [
        ("inbox", str(conversation.pk))
    ]


def test_deleting_leaves_one_event(conversation: Conversation, noon: datetime) -> None:
    say(conversation, noon)
    topic = conversation.topic
    conversations.delete(conversation=conversation, at=noon)

    assert [event.type for event in Event.objects.filter(topic=topic)] == ["conversation.deleted"]
    assert not Message.objects.exists()
