"""Budgets and usage over the API: setting limits, and reading totals."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from chats.models import Budget, Usage
from conversations.models import Conversation
from tests import factories
from tests.factories import NOON

PATH = "/api/v1/budgets/"


def used(conversation: Conversation, cost: str | None, **fields: Any) -> Usage:
    known = {"purpose": "answer", "model": "demo", "input_tokens": 10, "created_at": NOON}
    return Usage.objects.create(
        conversation=conversation,
        assistant=conversation.assistant,
        cost=cost and Decimal(cost),
        **{**known, **fields},
    )


def test_an_administrator_sets_changes_and_removes_one(administrators: APIClient) -> None:
    made = administrators.post(PATH, {"scope": "visitor", "limit": "2.50"}, format="json")
    assert made.status_code == 201
    budget = made.json()
    assert (budget["limit"], budget["warn_at"], budget["is_active"]) == ("2.50", 80, True)
    again = administrators.post(PATH, {"scope": "visitor", "limit": 3}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "budget_exists")
    one = f"{PATH}{budget['id']}/"
    assert (
        administrators.patch(one, {"limit": "4", "warn_at": 50}, format="json").json()["limit"]
        == "4.00"
    )
    assert administrators.delete(one).status_code == 204
    assert not Budget.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scope": "visitor"}, "limit"),
        ({"scope": "visitor", "limit": 0}, "limit"),
        ({"scope": "visitor", "limit": True}, "limit"),
        ({"scope": "visitor", "limit": "NaN"}, "limit"),
        ({"scope": "visitor", "limit": 1, "warn_at": "80"}, "warn_at"),
        ({"scope": "visitor", "limit": 1, "warn_at": 101}, "warn_at"),
        ({"scope": "week", "limit": 1}, "scope"),
    ],
)
def test_says_what_is_wrong(administrators: APIClient, body: dict[str, Any], field: str) -> None:
    refused = administrators.post(PATH, body, format="json")
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == [field]


def test_the_day_s_budget_is_no_single_assistant_s(administrators: APIClient) -> None:
    assistant = factories.AssistantFactory.create()
    body = {"scope": "day", "limit": 1, "assistant": str(assistant.pk)}
    refused = administrators.post(PATH, body, format="json")
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == ["assistant"]


def test_totals_leave_out_what_has_no_price(
    administrators: APIClient, conversation: Conversation
) -> None:
    used(conversation, "0.01")
    used(conversation, "0.02", purpose="title")
    used(conversation, None)
    days = {"from": "2026-11-20", "to": "2026-11-20"}
    found = administrators.get("/api/v1/usage/", {**days, "by": "purpose"}).json()
    total = found["total"]
    assert (total["cost"], total["credits"]) == ("0.03", "3")
    assert (total["calls"], total["unpriced_calls"]) == (3, 1)
    rows = {row["key"]: (row["cost"], row["unpriced_calls"]) for row in found["rows"]}
    assert rows == {"answer": ("0.01", 1), "title": ("0.02", 0)}
    for by, key in (("day", "2026-11-20"), ("model", "demo")):
        (row,) = administrators.get("/api/v1/usage/", {**days, "by": by}).json()["rows"]
        assert (row["key"], row["cost"]) == (key, "0.03")
    (row,) = administrators.get("/api/v1/usage/", {**days, "by": "assistant"}).json()["rows"]
    assert row["key"] == str(conversation.assistant_id)


@pytest.mark.parametrize(
    "asked", [{"by": "hour"}, {"from": "yesterday"}, {"from": "2026-11-21", "to": "2026-11-20"}]
)
def test_a_period_that_is_none_is_refused(administrators: APIClient, asked: dict[str, str]) -> None:
    assert administrators.get("/api/v1/usage/", asked).status_code == 400
