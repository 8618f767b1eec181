"""Races: the same message or beginning, sent several times at once, happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from conversations.models import Conversation, Message
from tests.conversations.sources.widget.conftest import Frame

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT_ONCE = 8


def all_at_once(call: Callable[[Frame], Any], victor: Frame) -> list[int]:
    """Make the same call in several tabs of Victor's; return the status codes."""

    def in_a_tab(number: int) -> int:
        del number
        tab = Frame(victor.widget)
        tab.token = victor.token
        try:
            return int(call(tab).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as tabs:
        return sorted(tabs.map(in_a_tab, range(AT_ONCE)))


def test_one_message_is_stored_once(victor: Frame) -> None:
    conversation = victor.start()

    codes = all_at_once(lambda tab: tab.say(conversation, "Hello", client_id="a"), victor)

    assert codes == [200] * (AT_ONCE - 1) + [201]
    assert Message.objects.count() == 1


def test_one_conversation_begins_once(victor: Frame) -> None:
    codes = all_at_once(lambda tab: tab.post("conversations", {"client_id": "a"}), victor)

    assert codes == [200] * (AT_ONCE - 1) + [201]
    assert Conversation.objects.count() == 1


def test_what_ended_long_ago_goes_on_in_one_conversation(victor: Frame) -> None:
    old = victor.start()
    victor.post(f"conversations/{old}/end")
    Conversation.objects.update(ended_at=Conversation.objects.get().created_at.replace(year=2020))

    codes = all_at_once(lambda tab: tab.say(old, "Hello again", client_id="a"), victor)

    assert codes == [200] * (AT_ONCE - 1) + [201]
    assert Conversation.objects.count() == 2
    assert Message.objects.filter(text="Hello again").count() == 1


def test_one_identity_is_one_contact(victor: Frame) -> None:
    identity = victor.identity("42")

    codes = all_at_once(lambda tab: tab.post("session", {"identity": identity}), victor)

    assert codes == [200] * AT_ONCE
    contacts = {token.contact_id for token in victor.widget.tokens.all()} - {
        token.contact_id for token in victor.widget.tokens.order_by("created_at")[:1]
    }
    assert len(contacts) == 1
