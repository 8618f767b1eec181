"""The same request several times at once: it is carried out once, and all get its answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections
from rest_framework.test import APIClient

from conversations.models import Conversation, Message, Source
from handoff.models import Handoff
from tests import factories
from tests.api.clients import V1, browser, system

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


def all_at_once(call: Callable[[int], Any]) -> list[int]:
    """Make a call from several threads; the status codes, sorted."""

    def once(number: int) -> int:
        try:
            return int(call(number).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(once, range(AT_ONCE)))


def test_of_many_agents_one_accepts(waiting: Conversation) -> None:
    people = [browser(factories.person(f"agent{n}")) for n in range(AT_ONCE)]
    path = f"{V1}/conversations/{waiting.pk}/accept"
    codes = all_at_once(lambda number: people[number].post(path, {"epoch": 0}))

    assert codes == [200] + [409] * (AT_ONCE - 1)
    assert Handoff.objects.get().agent_id is not None


def test_one_client_id_writes_one_message(shop: APIClient, conversation: Conversation) -> None:
    path = f"{V1}/conversations/{conversation.pk}/customer-messages/"
    body = {"text": "Hello", "client_id": "a"}
    codes = all_at_once(lambda _: shop.post(path, body))

    assert codes == [200] * (AT_ONCE - 1) + [201]
    assert Message.objects.count() == 1


def test_one_client_id_begins_one_chat(alice: User) -> None:
    tabs = [browser(alice) for _ in range(AT_ONCE)]
    assistant = factories.AssistantFactory.create()
    body = {"assistant": str(assistant.pk), "text": "Hello", "client_id": "a"}
    codes = all_at_once(lambda number: tabs[number].post(f"{V1}/chats/", body))

    assert codes == [200] * (AT_ONCE - 1) + [201]
    assert Conversation.objects.count() == 1


def test_one_idempotency_key_begins_one_conversation(shop: APIClient) -> None:
    source: Source = factories.SourceFactory.create()
    body = {"source": str(source.pk), "text": "Hello"}
    headers = {"Idempotency-Key": "a"}
    codes = all_at_once(lambda _: shop.post(f"{V1}/conversations/", body, headers=headers))

    assert codes == [201] * AT_ONCE
    assert Conversation.objects.count() == 1


def test_one_external_id_is_one_contact() -> None:
    source: Source = factories.SourceFactory.create()
    body = {"source": str(source.pk), "contact": {"external_id": "c-1", "name": "Maya"}}
    shops = [system(name=f"Shop {n}") for n in range(AT_ONCE)]
    codes = all_at_once(lambda number: shops[number].post(f"{V1}/conversations/", body))

    assert codes == [201] * AT_ONCE
    contacts = Conversation.objects.values_list("contact_id", flat=True).distinct()
    assert len(contacts) == 1
