"""Money in the environment: prices of models, the currency, what a credit is."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

Table = dict[str, dict[str, str]]


class UnusableError(ValueError):
    """A variable that cannot be used: its name, what it should hold, and what it holds."""


def read(text: Callable[[str, str], str], root: Path) -> dict[str, Any]:
    """Return the settings of money; ``text(name, default)`` reads a variable."""
    return {
        "model_prices": _prices("MODEL_PRICES", text("MODEL_PRICES", ""), root),
        "currency": _currency("CURRENCY", text("CURRENCY", "USD")),
        "currency_rate": _amount("CURRENCY_RATE", text("CURRENCY_RATE", "1")),
        "credit_value": _amount("CREDIT_VALUE", text("CREDIT_VALUE", "0.01")),
    }


def _prices(name: str, value: str, root: Path) -> Table:
    if not value:
        return {}
    try:
        text = (root / Path(value).expanduser()).read_text(encoding="utf-8")
        table = json.loads(text, parse_float=str, parse_int=str)
        for entry in table.values():
            for amount in (entry["input"], entry["output"], *entry.values()):
                Decimal(amount)
    except (OSError, ValueError, LookupError, AttributeError, TypeError, ArithmeticError):
        expected = 'a JSON file such as {"my-model": {"input": "1.00", "output": "5.00"}}'
        raise UnusableError(name, expected, value) from None
    return dict(table)


def _currency(name: str, value: str) -> str:
    if not re.fullmatch("[A-Za-z]{3}", value):
        raise UnusableError(name, "the three letters of a currency, such as EUR", value)
    return value.upper()


def _amount(name: str, value: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,8})?", value) or not Decimal(value):
        raise UnusableError(name, "a positive number such as 0.92", value)
    return Decimal(value)
