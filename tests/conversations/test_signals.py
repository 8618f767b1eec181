"""Signals of conversations: a receiver belongs to the change, and fails with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.dispatch import Signal

from channels_layer.access.actors import System
from channels_layer.models import Event
from conversations.models import Conversation, Message
from conversations.services import contacts, messages
from conversations.services.messages import Draft
from conversations.signals import contact_changed, message_written

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


class BrokenError(Exception):
    """What goes wrong in the receiver."""


@contextmanager
def broken(signal: Signal) -> Iterator[None]:
    """Connect a receiver that fails."""

    def fail(**sent: Any) -> None:
        raise BrokenError

    signal.connect(fail)
    try:
        yield
    finally:
        signal.disconnect(fail)


def test_a_failing_receiver_undoes_the_message(conversation: Conversation, noon: datetime) -> None:
    before = Message.objects.count(), Event.objects.count()
    draft = Draft(text="Hello", kind=Message.Kind.NOTE)
    with broken(message_written), pytest.raises(BrokenError):
        messages.post(conversation=conversation, by=System(), draft=draft, at=noon)
    assert (Message.objects.count(), Event.objects.count()) == before


def test_a_failing_receiver_undoes_the_new_name(conversation: Conversation, noon: datetime) -> None:
    contact = conversation.contact
    assert contact
    before = contact.name, Event.objects.count()
    with broken(contact_changed), pytest.raises(BrokenError):
        contacts.update(contact=contact, name="Victoria", at=noon)
    contact.refresh_from_db()
    assert (contact.name, Event.objects.count()) == before
