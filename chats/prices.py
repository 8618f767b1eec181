"""Prices: what tokens cost, from the deployment's own table, else from genai-prices."""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version

import genai_prices
from django.conf import settings

from chats.engine.parts import UsageReport

logger = logging.getLogger(__name__)

MILLION = Decimal(1_000_000)
SECONDS = Decimal(60)

DEMO = {"input": "1.00", "cached": "0.10", "output": "5.00", "minute": "0.006"}
"""US dollars for a million tokens of the demo model, and for a minute that it listens: invented,
so that the demo shows costs."""

PUBLIC = f"genai-prices {version('genai-prices')}"
PLACES = Decimal("0.00000001")


@dataclass(frozen=True)
class Quote:
    """A cost in the deployment's currency, None where it is not known; and whose table says so."""

    cost: Decimal | None = None
    version: str = ""


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
    return None if cost is None else cost / settings.CREDIT_VALUE


def money_of(amount: Decimal) -> Decimal:
    """Return an ``amount`` of credits in the deployment's currency."""
    return amount * settings.CREDIT_VALUE


def cost(model: str, usage: UsageReport, *, at: datetime) -> Decimal | None:
    """Return the cost of ``usage``, None where the price is not known."""
    return quote(model, usage, at=at).cost


def quote(model: str, usage: UsageReport, *, at: datetime) -> Quote:
    """Return the cost of ``usage`` in the deployment's currency, and whose table says so.

    ``settings.MODEL_PRICES`` comes first: ``{"my-model": {"input": "1.00", "cached": "0.10",
    "output": "5.00", "minute": "0.006"}}``, dollars for a million tokens, and for a minute of
    sound where a model charges by time. Never raises: an answer is not lost for want of a price.
    """
    try:
        dollars, table = _dollars(model, usage, at=at)
    except Exception:
        logger.exception("What %s costs was not found out", model)
        return Quote()
    if dollars is None:
        return Quote()
    return Quote((dollars * settings.CURRENCY_RATE).quantize(PLACES), table)


def _dollars(model: str, usage: UsageReport, *, at: datetime) -> tuple[Decimal | None, str]:
    """Return the cost in US dollars, and whose table says so."""
    if entry := _own(model):
        return _price(entry).of(usage), _table(entry)
    return _public(model, usage, at=at), PUBLIC


def _public(model: str, usage: UsageReport, *, at: datetime) -> Decimal | None:
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


def _own(model: str) -> dict[str, str] | None:
    entry: dict[str, str] | None = settings.MODEL_PRICES.get(model)
    if entry is None and (settings.IS_DEMO_MODEL or model == "demo"):
        entry = DEMO
    return entry


def _price(entry: dict[str, str]) -> Price:
    cached = entry.get("cached", entry["input"])
    numbers = (entry["input"], cached, entry["output"], entry.get("minute", "0"))
    return Price(*(Decimal(number) for number in numbers))


def _table(entry: dict[str, str]) -> str:
    """Return the name of the deployment's own price, by which a change of it is seen."""
    if entry is DEMO:
        return "demo"
    digest = hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()
    return f"own {digest[:12]}"
