"""Prices: what tokens cost, from the deployment's own table, else from genai-prices."""

import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import genai_prices
from django.conf import settings

from chats.engine.parts import UsageReport

logger = logging.getLogger(__name__)

MILLION = Decimal(1_000_000)
CREDITS = 100
"""Credits for one of the currency."""

SECONDS = Decimal(60)

DEMO = {"input": "1.00", "cached": "0.10", "output": "5.00", "minute": "0.006"}
"""US dollars for a million tokens of the demo model, and for a minute that it listens: invented,
so that the demo shows costs."""


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens, and for a minute of sound."""

    input: Decimal
    cached: Decimal
    output: Decimal
    minute: Decimal = Decimal(0)

    def of(self, usage: UsageReport) -> Decimal:
        """Return the cost of ``usage``; cached input is part of its input."""
        fresh = usage.input - usage.cached
        total = fresh * self.input + usage.cached * self.cached + usage.output * self.output
        sound = Decimal(str(usage.audio_seconds)) / SECONDS * self.minute
        return total / MILLION + sound


def credits_of(cost: Decimal | None) -> Decimal | None:
    """Return a cost in credits; None for one that is not known."""
    return None if cost is None else cost * CREDITS


def cost(model: str, usage: UsageReport, *, at: datetime) -> Decimal | None:
    """Return the cost of ``usage`` in US dollars, None where the price is not known.

    ``settings.MODEL_PRICES`` comes first: ``{"my-model": {"input": "1.00", "cached": "0.10",
    "output": "5.00", "minute": "0.006"}}``, dollars for a million tokens, and for a minute of
    sound where a model charges by time. Never raises: an answer is not lost for want of a price.
    """
    try:
        return _cost(model, usage, at=at)
    except Exception:
        logger.exception("What %s costs was not found out", model)
        return None


def _cost(model: str, usage: UsageReport, *, at: datetime) -> Decimal | None:
    if price := _own(model):
        return price.of(usage)
    tokens = genai_prices.Usage(
        input_tokens=usage.input,
        cache_read_tokens=usage.cached,
        output_tokens=usage.output,
        audio_seconds=usage.audio_seconds or None,
    )
    try:
        found = genai_prices.calc_price(tokens, model_ref=model, genai_request_timestamp=at)
    except LookupError:
        return None
    known = found.model_price
    if not found.total_price and known.input_mtok is None and known.output_mtok is None:
        # A model that charges by time costs nothing by its tokens; what it costs is not known then.
        return None
    return found.total_price


def _own(model: str) -> Price | None:
    entry: dict[str, str] | None = settings.MODEL_PRICES.get(model)
    if entry is None and (settings.IS_DEMO_MODEL or model == "demo"):
        entry = DEMO
    if entry is None:
        return None
    cached = entry.get("cached", entry["input"])
    numbers = (entry["input"], cached, entry["output"], entry.get("minute", "0"))
    return Price(*(Decimal(number) for number in numbers))
