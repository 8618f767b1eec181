"""The server: the order service on a port of loopback."""

from datetime import date
from pathlib import Path

from config.demo.loopback import server
from config.demo.orders.app import OrderService
from config.demo.orders.book import Book
from config.demo.orders.ledger import Ledger
from config.demo.orders.shop import Shop

FILE = "demo_orders.jsonl"
"""What was done, in the data directory."""


def serve(*, port: int, key: str, file: Path | None, today: date | None = None) -> None:
    """Serve on ``port`` (0: any free one) until SIGTERM or SIGINT; print the URL as JSON.

    Callers show ``key``; what is done is kept in ``file``; dates are counted from ``today``.
    """
    ledger = Ledger(file)
    shop = Shop(Book(today or date.today()), ledger)  # noqa: DTZ011  (a shop's own calendar)
    server.serve(OrderService(shop, ledger, key), port=port)
