"""``/usage/``: what was spent, and the limits."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from channels_layer import times
from chats.models import Usage
from chats.objects.usage import Spent
from chats.services import limits
from chats.views import usage_chart
from conversations.models import Conversation
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(factories.person("carol", role="supervisor"))
    return client


def test_says_that_nothing_was_spent(office: Client) -> None:
    page = office.get("/usage/").content.decode()
    assert "Nothing was spent in this time" in page
    assert "no limit" in page


def test_shows_costs_limits_and_what_has_no_price(
    office: Client, conversation: Conversation
) -> None:
    for cost in ("0.50", None):
        Usage.objects.create(
            conversation=conversation,
            assistant=conversation.assistant,
            purpose="answer",
            model="our-own-llama",
            cost=cost and Decimal(cost),
            created_at=times.now(),
        )
    limits.add(scope="day", limit=Decimal(60), at=NOON)
    page = office.get("/usage/", {"days": "7"}).content.decode()
    for words in ("US$0.5000", "50.00 of 60.00", "Near the limit", "1 call is not in it"):
        assert words in page
    assert "disabled" in page


def test_agents_get_no_page(client: Client) -> None:
    client.force_login(factories.person("alice"))
    assert client.get("/usage/").status_code == 403


def test_the_chart_has_every_day_and_a_round_top() -> None:
    first, last = date(2026, 11, 1), date(2026, 11, 3)
    spent = Spent(cost=Decimal("0.07"))
    chart = usage_chart.of([({"day": last, "purpose": "answer"}, spent)], first, last)
    assert [day.total for day in chart.days] == [0, 0, 7]
    assert chart.lines[-1][1] == 10
    assert [len(day.bars) for day in chart.days] == [0, 0, 1]
