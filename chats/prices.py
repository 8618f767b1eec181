"""Prices: what tokens cost, from the deployment's own table, else from genai-prices."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import genai_prices
from django.conf import settings

from chats.engine.parts import UsageReport

MILLION = Decimal(1_000_000)

DEMO = {"input": "1.00", "cached": "0.10", "output": "5.00"}
"""US dollars for a million tokens of the demo model: invented, so that the demo shows costs."""


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens."""

    input: Decimal
    cached: Decimal
    output: Decimal

    def of(self, usage: UsageReport) -> Decimal:
        """Give the cost of ``usage``; cached input is part of its input."""
        fresh = usage.input - usage.cached
        total = fresh * self.input + usage.cached * self.cached + usage.output * self.output
        return total / MILLION


def cost(model: str, usage: UsageReport, *, at: datetime) -> Decimal | None:
    """Give the cost of ``usage`` in US dollars, None where the price is not known.

    ``settings.MODEL_PRICES`` comes first: ``{"my-model": {"input": "1.00", "cached": "0.10",
    "output": "5.00"}}``, dollars for a million tokens.
    """
    if price := _own(model):
        return price.of(usage)
    tokens = genai_prices.Usage(
        input_tokens=usage.input,
        cache_read_tokens=usage.cached,
        output_tokens=usage.output,
    )
    try:
        found = genai_prices.calc_price(tokens, model_ref=model, genai_request_timestamp=at)
    except LookupError:
        return None
    return found.total_price


def _own(model: str) -> Price | None:
    table: dict[str, dict[str, str]] = getattr(settings, "MODEL_PRICES", {})
    entry = table.get(model)
    if entry is None and (settings.IS_DEMO_MODEL or model == "demo"):
        entry = DEMO
    if entry is None:
        return None
    cached = entry.get("cached", entry["input"])
    return Price(Decimal(entry["input"]), Decimal(cached), Decimal(entry["output"]))
