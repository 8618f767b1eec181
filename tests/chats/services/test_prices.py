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
