"""The book: the orders and products of the shop, as ``orders.toml`` holds them."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Json = dict[str, Any]
CURRENCY = "EUR"
FREE_FROM = 80_00
"""From what an order is worth, in cents, its shipping is free."""
SHIPPING = 6_90
STATES = ("ordered", "packed", "shipped", "delivered")
_FILE = Path(__file__).with_name("orders.toml")


@dataclass(frozen=True, kw_only=True)
class Product:
    """Something the shop sells; ``price`` in cents."""

    id: str
    name: str
    price: int
    shape: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of an order."""

    product: Product
    colour: str
    quantity: int

    @property
    def price(self) -> int:
        """What the line costs, in cents."""
        return self.product.price * self.quantity

    def shown(self) -> Json:
        """Return it as JSON."""
        return {
            "product": self.product.id,
            "name": self.product.name,
            "colour": self.colour,
            "quantity": self.quantity,
            "price": euros(self.price),
        }


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order as it was placed; what was done to it since stands in the ledger."""

    number: str
    customer: Json
    address: Json
    items: tuple[Item, ...]
    method: str
    dates: dict[str, date]
    is_cancelled: bool = False
    carrier: str = ""
    tracking: str = ""

    @property
    def shipping(self) -> int:
        """What sending it costs, in cents."""
        return 0 if self.goods >= FREE_FROM else SHIPPING

    @property
    def goods(self) -> int:
        """What is in it costs, in cents."""
        return sum(item.price for item in self.items)

    @property
    def total(self) -> int:
        """What was charged for it, in cents."""
        return self.goods + self.shipping

    @property
    def status(self) -> str:
        """How far it is."""
        if self.is_cancelled:
            return "cancelled"
        return next(state for state in reversed(STATES) if state in self.dates)

    @property
    def paid(self) -> int:
        """What was paid, in cents; a card is charged when the order ships."""
        is_charged = "shipped" in self.dates or self.method != "card"
        return self.total if is_charged and not self.is_cancelled else 0


class Book:
    """All orders and products; days in the file are counted back from ``today``."""

    def __init__(self, today: date) -> None:
        """Read the file."""
        raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        self.products = {one["id"]: Product(**one) for one in raw["product"]}
        people = raw["person"]
        orders = [self._order(one, people[one["person"]], today) for one in raw["order"]]
        self.orders = {order.number: order for order in orders}

    def of(self, email: str) -> list[Order]:
        """Return the orders of the customer with this ``email``, the newest first."""
        wanted = email.strip().casefold()
        found = [one for one in self.orders.values() if one.customer["email"] == wanted]
        return sorted(found, key=lambda one: one.dates["ordered"], reverse=True)

    def _order(self, raw: Json, person: Json, today: date) -> Order:
        items = [
            Item(product=self.products[name], colour=colour, quantity=quantity)
            for name, colour, quantity in raw["items"]
        ]
        address = {name: person[name] for name in ("street", "postcode", "town", "country")}
        return Order(
            number=raw["number"],
            customer={name: person[name] for name in ("name", "email", "phone")},
            address=address | raw.get("address", {}),
            items=tuple(items),
            method=raw["method"],
            dates={name: today - timedelta(days=ago) for name, ago in raw["ago"].items()},
            is_cancelled=raw.get("cancelled", False),
            carrier=raw.get("carrier", ""),
            tracking=raw.get("tracking", ""),
        )


def euros(cents: int) -> float:
    """Return ``cents`` in euros, as JSON carries them."""
    return cents / 100


def written(cents: int) -> str:
    """Return ``cents`` in euros, as people write them."""
    return f"€{cents / 100:.2f}"


def day(date_: date) -> str:
    """Return a date as people write it."""
    return f"{date_.day} {date_:%B}"
