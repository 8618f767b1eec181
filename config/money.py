"""Money in the environment: prices of models, the currency, what a credit is."""

import json
import re
from decimal import Decimal
from pathlib import Path

Table = dict[str, dict[str, str]]


class UnusableError(ValueError):
    """A variable that cannot be used: its name, what it should hold, and what it holds."""


def prices(value: str, root: Path) -> Table:
    """Return the table of prices in the file that ``value`` names, below ``root``."""
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
        raise UnusableError("MODEL_PRICES", expected, value) from None
    return dict(table)


def currency(value: str) -> str:
    """Return the three letters of a currency."""
    if not re.fullmatch("[A-Za-z]{3}", value):
        raise UnusableError("CURRENCY", "the three letters of a currency, such as EUR", value)
    return value.upper()


def amount(name: str, value: str) -> Decimal:
    """Return the positive number that the variable ``name`` holds."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,8})?", value) or not Decimal(value):
        raise UnusableError(name, "a positive number such as 0.92", value)
    return Decimal(value)
