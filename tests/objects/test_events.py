"""The check of events: what their objects do not describe is not sent."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from channels_layer.log import events
from channels_layer.log.events import Kind
from conversations.models import Conversation
from conversations.objects.conversation import conversation_object, row_of
from tests.objects import violations
from tests.objects.conftest import Refused
from tests.objects.events import check

LEFT_OUT = object()


def title(conversation: Conversation, changes: dict[str, object]) -> dict[str, Any]:
    """Return the data of ``title``, changed."""
    data = {"conversation": str(conversation.pk), "title": "Refund", "source": "auto"}
    changed = data | changes
    return {name: value for name, value in changed.items() if value is not LEFT_OUT}


def test_is_on() -> None:
    assert settings.EVENT_CHECK == "tests.objects.events.check"


def test_every_event_s_object_can_be_read() -> None:
    for type_ in events.catalogue():
        with pytest.raises(violations.UndeclaredError):
            check(type_, "staff", {"undeclared": 1})
        if type_.visitor:
            with pytest.raises(violations.UndeclaredError):
                check(type_, "visitor", {"undeclared": 1})
    violations.taken()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mood": "fine"}, "$: Additional properties are not allowed ('mood' was unexpected)"),
        ({"title": LEFT_OUT}, "$: 'title' is a required property"),
        ({"title": 7}, "$.title: 7 is not of type 'string'"),
        ({"title": None}, "$.title: None is not of type 'string'"),
        ({"source": "hearsay"}, "$.source: 'hearsay' is not one of"),
        ({"conversation": "the first"}, "$.conversation: 'the first' is not a 'uuid'"),
    ],
)
def test_is_refused_where_it_is_published(
    conversation: Conversation,
    noon: datetime,
    refused: Refused,
    change: dict[str, object],
    words: str,
) -> None:
    data = title(conversation, change)
    with refused(f"The event conversation/title for staff is not as declared: {words}"):
        events.publish(topic=conversation.topic, type="title", data=data, at=noon)


def test_looks_into_what_lies_deeper(conversation: Conversation, refused: Refused) -> None:
    shown = conversation_object(row_of(conversation))
    shown["source"]["secret"] = "s"
    with refused("$.source: Additional properties are not allowed ('secret' was unexpected)"):
        events.announce(topic="inbox", type="conversation.summary", data=shown)


def test_a_time_is_in_utc(conversation: Conversation, refused: Refused) -> None:
    shown = conversation_object(row_of(conversation))
    shown["created_at"] = "2026-11-20T13:30:00+01:00"
    with refused("$.created_at: '2026-11-20T13:30:00+01:00' is not a 'date-time'"):
        events.announce(topic="inbox", type="conversation.summary", data=shown)


def test_a_run_s_stream_is_checked(
    conversation: Conversation, noon: datetime, refused: Refused
) -> None:
    data = {"run": str(conversation.pk), "state": "dreaming"}
    with refused("The event conversation/status for staff"):
        events.encode(topic=conversation.topic, type="status", data=data, at=noon)


def test_the_visitor_s_view_has_an_object_of_its_own(conversation: Conversation) -> None:
    (type_,) = (one for one in events.catalogue() if one.name == "conversation.created")
    assert type_.kind == Kind.DURABLE
    whole = conversation_object(row_of(conversation))
    check(type_, "staff", whole)
    with pytest.raises(violations.UndeclaredError, match=r"conversation\.created for visitor"):
        check(type_, "visitor", whole)
    violations.taken()


def test_what_is_swallowed_is_found_at_the_end(conversation: Conversation, noon: datetime) -> None:
    data = title(conversation, {"mood": "fine"})
    with suppress(AssertionError), transaction.atomic():
        events.publish(topic=conversation.topic, type="title", data=data, at=noon)

    with pytest.raises(AssertionError, match="'mood' was unexpected"):
        violations.fail_on_any()
    violations.fail_on_any()
