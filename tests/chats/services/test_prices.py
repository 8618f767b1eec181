"""Prices: what tokens cost, and honesty where that is not known."""

from decimal import Decimal

import pytest
from pytest_django import Settings

from chats import prices
from chats.engine.parts import UsageReport
from tests.factories import NOON

USAGE = UsageReport(input=1000, cached=400, output=100)


@pytest.fixture(autouse=True)
def _no_demo(settings: Settings) -> None:
    settings.IS_DEMO_MODEL = False


def test_knows_public_models() -> None:
    cost = prices.cost("gpt-5-mini", UsageReport(input=1_000_000), at=NOON)
    assert cost == Decimal("0.25")


def test_counts_cached_input_once() -> None:
    dear = prices.cost("gpt-5-mini", UsageReport(input=1000), at=NOON)
    cheap = prices.cost("gpt-5-mini", UsageReport(input=1000, cached=1000), at=NOON)
    assert dear is not None
    assert cheap is not None
    assert 0 < cheap < dear


def test_does_not_pretend_to_know_others() -> None:
    assert prices.cost("our-own-llama", USAGE, at=NOON) is None


def test_prefers_the_deployment_s_own_table(settings: Settings) -> None:
    settings.MODEL_PRICES = {"our-own-llama": {"input": "2", "cached": "1", "output": "10"}}
    assert prices.cost("our-own-llama", USAGE, at=NOON) == Decimal("0.0026")


@pytest.mark.parametrize("model", ["demo", "gpt-5-mini"])
def test_charges_the_demo_model_whatever_it_is_called(settings: Settings, model: str) -> None:
    settings.IS_DEMO_MODEL = True
    assert prices.cost(model, USAGE, at=NOON) == Decimal("0.00114")


def test_what_took_nothing_costs_nothing() -> None:
    assert prices.cost("gpt-5-mini", UsageReport(), at=NOON) == 0


@pytest.mark.parametrize("usage", [UsageReport(input=1, cached=2), UsageReport(input=-1)])
def test_what_makes_no_sense_has_no_price_and_does_no_harm(usage: UsageReport) -> None:
    assert prices.cost("gpt-5-mini", usage, at=NOON) is None


def test_a_table_with_a_fault_does_no_harm(settings: Settings) -> None:
    settings.MODEL_PRICES = {"ours": {"input": "two"}}
    assert prices.cost("ours", USAGE, at=NOON) is None
