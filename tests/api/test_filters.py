"""Filters and cursors: every filter keeps exactly what it says, page by page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.test import APIClient

from conversations.models import Conversation
from tests import factories
from tests.api.clients import V1

NUMBER = 24
LIST = f"{V1}/conversations/"

Keeps = Callable[[Conversation], bool]


@pytest.fixture
def now() -> datetime:
    """Return the clock's time: a filter by days is about today."""
    return timezone.now()


@pytest.fixture
def many(alice: User, bob: User, now: datetime) -> list[Conversation]:
    """Conversations that differ in everything a filter asks for."""
    rows = [factories.conversation() for _ in range(NUMBER)]
    owners = (None, alice, bob)
    for number, row in enumerate(rows):
        row.control = ("ai", "requested", "agent", "ai")[number % 4]
        row.switch = ("active", "paused", "blocked")[number % 3]
        row.lifecycle = ("active", "ended")[number % 5 == 0]
        row.owner = owners[number % 3]
        row.turn_count = number
        row.last_message_at = now - timedelta(days=number * 2, minutes=1)
        row.window_expires_at = (
            None,
            now - timedelta(minutes=1),
            now + timedelta(hours=1),
            now + timedelta(hours=9),
        )[number % 4]
        row.save()
    return rows


def pages(client: APIClient, query: dict[str, Any]) -> list[str]:
    """Follow ``next`` to the end, three at a time; the ids in their order."""
    found: list[str] = []
    params = {**query, "limit": 3}
    while True:
        response = client.get(LIST, params)
        assert response.status_code == 200, response.content
        body = response.json()
        found += [row["id"] for row in body["results"]]
        if body["next"] is None:
            return found
        params["cursor"] = body["next"]


def left(row: Conversation, now: datetime) -> float | None:
    """Hours until the window closes."""
    if row.window_expires_at is None:
        return None
    return (row.window_expires_at - now).total_seconds() / 3600


CASES: list[tuple[dict[str, str], Keeps]] = [
    ({}, lambda row: True),
    ({"status": "closed"}, lambda row: row.lifecycle == "ended"),
    ({"status": "active"}, lambda row: row.lifecycle == "active"),
    ({"status": "open"}, lambda row: row.lifecycle == "active" and row.control == "ai"),
    ({"status": "transferred"}, lambda row: row.lifecycle == "active" and row.control != "ai"),
    ({"handoff": "requested"}, lambda row: row.control == "requested"),
    ({"switch": "blocked"}, lambda row: row.switch == "blocked"),
    ({"activity": "low"}, lambda row: row.turn_count < 5),
    ({"activity": "medium"}, lambda row: 5 <= row.turn_count <= 10),
    ({"activity": "high"}, lambda row: row.turn_count > 10),
    ({"owner": "none"}, lambda row: row.owner is None),
    ({"owner": "me"}, lambda row: row.owner is not None and row.owner.username == "alice"),
    ({"window": "open"}, lambda row: (left(row, timezone.now()) or -1) > 0),
    ({"window": "closing"}, lambda row: 0 < (left(row, timezone.now()) or -1) <= 2),
    ({"window": "closed"}, lambda row: (left(row, timezone.now()) or 1) <= 0),
    (
        {"status": "active", "window": "open", "owner": "none"},
        lambda row: (
            row.lifecycle == "active"
            and row.owner is None
            and (left(row, timezone.now()) or -1) > 0
        ),
    ),
    ({"search": "victor", "handoff": "agent"}, lambda row: row.control == "agent"),
    ({"search": "nobody"}, lambda row: False),
    ({"source": "api"}, lambda row: True),
    ({"source": "whatsapp"}, lambda row: False),
]


@pytest.mark.both_databases
@pytest.mark.parametrize(("query", "keeps"), CASES, ids=[str(query) for query, _ in CASES])
def test_filter_keeps_what_it_says(
    api: APIClient, many: list[Conversation], query: dict[str, str], keeps: Keeps
) -> None:
    newest = sorted(many, key=lambda row: row.last_message_at, reverse=True)
    assert pages(api, query) == [str(row.pk) for row in newest if keeps(row)]


def test_filter_by_days(api: APIClient, many: list[Conversation], now: datetime) -> None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    expected = {
        "today": (midnight, None),
        "yesterday": (midnight - day, midnight),
        "7d": (midnight - 6 * day, None),
        "30d": (midnight - 29 * day, None),
    }
    for word, (start, end) in expected.items():
        kept = {
            str(row.pk)
            for row in many
            if row.last_message_at >= start and (end is None or row.last_message_at < end)
        }
        assert set(pages(api, {"period": word})) == kept, word
    bounds = {"after": (now - 9 * day).isoformat(), "before": (now - 3 * day).isoformat()}
    assert len(pages(api, bounds)) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "x"),
        ("handoff", "x"),
        ("switch", "on"),
        ("activity", "9"),
        ("source", "x"),
        ("assistant", "x"),
        ("period", "1d"),
        ("after", "yesterday"),
        ("before", "x"),
        ("owner", "x"),
        ("window", "x"),
        ("search", "a\x00b"),
        ("search", "x" * 201),
        ("cursor", "x"),
        ("limit", "0"),
        ("limit", "101"),
    ],
)
def test_unknown_value_is_refused_by_its_field(api: APIClient, name: str, value: str) -> None:
    response = api.get(LIST, {name: value})
    assert (response.status_code, list(response.json()["fields"])) == (400, [name])


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("conversations/", "assistant"),
        ("conversations/", "after"),
        ("conversations/", "limit"),
        ("tickets/", "requester"),
        ("articles/", "assistant"),
        ("notifications/", "unread"),
        ("events/", "topic"),
    ],
)
def test_an_id_number_or_time_without_a_value_is_refused_by_its_field(
    api: APIClient, path: str, name: str
) -> None:
    response = api.get(f"{V1}/{path}", {name: ""})

    assert (response.status_code, list(response.json()["fields"])) == (400, [name])


def test_a_search_without_words_finds_everything(api: APIClient, many: list[Conversation]) -> None:
    assert len(pages(api, {"search": ""})) == NUMBER


def test_cursor_belongs_to_its_list(api: APIClient, many: list[Conversation]) -> None:
    cursor = api.get(LIST, {"limit": 2}).json()["next"]
    assert api.get(LIST, {"cursor": cursor, "limit": 2}).status_code == 200
    for path in ("assistants/", "agents/", "contacts/"):
        refused = api.get(f"{V1}/{path}", {"cursor": cursor})
        assert (refused.status_code, list(refused.json()["fields"])) == (400, ["cursor"]), path
    spoilt = f"{cursor[:-1]}{'a' if cursor[-1] != 'a' else 'b'}"
    assert api.get(LIST, {"cursor": spoilt}).status_code == 400
