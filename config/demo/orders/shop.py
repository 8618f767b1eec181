"""The shop: what can be asked of it and what is refused."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from config.demo.orders.book import CURRENCY, Book, Order, day, euros, written
from config.demo.orders.ledger import ADDRESS, REFUND, Effect, Ledger

Json = dict[str, Any]
LONGEST_REASON = 500
LONGEST_FIELD = 120
_ADDRESS_FIELDS = ("street", "postcode", "town")


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818  (it is what the shop answers, not what broke here)
    """A request that the shop refuses with ``status``, and the ``sentence`` that says why."""

    status: int
    code: str
    sentence: str


class Shop:
    """Answers about the orders of ``book`` and writes what it does into ``ledger``."""

    def __init__(self, book: Book, ledger: Ledger) -> None:
        """Read ``book`` and ``ledger``."""
        self.book = book
        self._ledger = ledger

    def order(self, number: str) -> Json:
        """Return an order with what was done to it since."""
        return self._shown(self._found(number))

    def orders_of(self, email: str) -> Json:
        """Return the orders of a customer, the newest first."""
        if not email:
            raise Refusal(400, "email_missing", "Say whose orders: /orders?email=name@example.com.")
        orders = self.book.of(email)
        return {"email": email, "count": len(orders), "orders": [self._row(one) for one in orders]}

    def refund(self, number: str, body: Json, *, key: str, at: str) -> tuple[int, Json]:
        """Give money back; return the status and the answer."""
        order = self._found(number)
        amount = _cents(body.get("amount"))
        _text(body, "reason", LONGEST_REASON)
        left = order.paid - self._refunded(order)
        if not order.paid:
            sentence = f"{order.number} was not paid yet, so there is nothing to refund."
            raise Refusal(409, "not_paid", sentence)
        if not left:
            sentence = f"{order.number} is already refunded: {written(order.paid)} were given back."
            raise Refusal(409, "already_refunded", sentence)
        if amount > left:
            raise Refusal(422, "amount_too_high", self._too_high(order, amount, left))
        made = self._ledger.counts()["refunds"] + 1
        answer = {
            "refund": f"REF-{made:06d}",
            "state": "accepted",
            "order": order.number,
            "amount": euros(amount),
            "currency": CURRENCY,
            "left": euros(left - amount),
            "message": f"A refund of {written(amount)} for {order.number} was accepted. It reaches "
            f"the customer by {order.method} in 3 to 5 days.",
        }
        return 201, self._write(REFUND, order, body, answer, key=key, at=at)

    def change_address(self, number: str, body: Json, *, key: str, at: str) -> tuple[int, Json]:
        """Send an order elsewhere; return the status and the answer."""
        order = self._found(number)
        address = {name: _text(body, name, LONGEST_FIELD) for name in _ADDRESS_FIELDS}
        if order.status in {"shipped", "delivered", "cancelled"}:
            when = f" on {day(order.dates[order.status])}" if order.status in order.dates else ""
            sentence = (
                f"{order.number} was {order.status}{when}: its address cannot be changed any more."
            )
            raise Refusal(409, f"already_{order.status}", sentence)
        answer = {
            "order": order.number,
            "state": "changed",
            "address": {**order.address, **address},
            "message": f"{order.number} is sent to {address['street']}, {address['postcode']} "
            f"{address['town']}.",
        }
        return 200, self._write(ADDRESS, order, body, answer, key=key, at=at)

    def _found(self, number: str) -> Order:
        if order := self.book.orders.get(number.strip().upper()):
            return order
        sentence = f"There is no order {number[:40]}; a number is ORD- and five digits."
        raise Refusal(404, "unknown_order", sentence)

    def _refunded(self, order: Order) -> int:
        done = self._ledger.of(order.number, REFUND)
        return sum(round(one.answer["amount"] * 100) for one in done)

    def _too_high(self, order: Order, amount: int, left: int) -> str:
        return (
            f"{written(amount)} is more than can be refunded for {order.number}: "
            f"{written(order.paid)} were paid, at most {written(left)} can go back."
        )

    def _write(
        self, kind: str, order: Order, request: Json, answer: Json, *, key: str, at: str
    ) -> Json:
        self._ledger.add(
            Effect(
                kind=kind,
                order=order.number,
                at=at,
                idempotency_key=key,
                request=request,
                answer=answer,
            )
        )
        return answer

    def _row(self, order: Order) -> Json:
        return {
            "number": order.number,
            "status": order.status,
            "ordered": order.dates["ordered"].isoformat(),
            "total": euros(order.total),
            "currency": CURRENCY,
            "items": ", ".join(f"{one.quantity} {one.product.name}" for one in order.items),
        }

    def _shown(self, order: Order) -> Json:
        refunded = self._refunded(order)
        changes = self._ledger.of(order.number, ADDRESS)
        payment = {
            "method": order.method,
            "state": _payment_state(order, refunded),
            "paid": euros(order.paid),
            "refunded": euros(refunded),
            "refundable": euros(order.paid - refunded),
        }
        dates = {name: when.isoformat() for name, when in order.dates.items()}
        return {
            "number": order.number,
            "status": order.status,
            "message": _told(order, refunded),
            "customer": order.customer,
            "items": [item.shown() for item in order.items],
            "shipping": euros(order.shipping),
            "total": euros(order.total),
            "currency": CURRENCY,
            "payment": payment,
            "address": changes[-1].answer["address"] if changes else order.address,
            "dates": dates,
            "tracking": {"carrier": order.carrier, "number": order.tracking},
        }


def _payment_state(order: Order, refunded: int) -> str:
    if not order.paid:
        return "open"
    if not refunded:
        return "paid"
    return "refunded" if refunded == order.paid else "partly refunded"


def _told(order: Order, refunded: int) -> str:
    """Return in a sentence how far an order is."""
    dates = {name: day(when) for name, when in order.dates.items()}
    sentences = {
        "ordered": "is being prepared",
        "packed": f"was packed on {dates.get('packed')} and waits for the carrier",
        "shipped": f"left our warehouse with {order.carrier} on {dates.get('shipped')}",
        "delivered": f"was delivered on {dates.get('delivered')}",
        "cancelled": "was cancelled",
    }
    text = f"{order.number} {sentences[order.status]}"
    if "expected" in dates and order.status in {"ordered", "packed", "shipped"}:
        text += f"; we expect it to arrive on {dates['expected']}"
    if refunded:
        text += f"; {written(refunded)} of {written(order.paid)} were refunded"
    return f"{text}."


def _cents(value: Any) -> int:
    """Return an amount of euros in cents."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise TypeError  # noqa: TRY301  (one sentence for all that is no amount)
        cents = Decimal(str(value)) * 100
        whole = int(cents)
    except (TypeError, InvalidOperation, ValueError, OverflowError):
        whole, cents = 0, Decimal(-1)
    if cents != whole or whole <= 0:
        sentence = "amount must be a number of euros above 0 with at most two decimals, as 189.00."
        raise Refusal(422, "amount_malformed", sentence)
    return whole


def _text(body: Json, name: str, longest: int) -> str:
    value = body.get(name)
    text = value.strip() if isinstance(value, str) else ""
    if not 0 < len(text) <= longest:
        sentence = f"{name} must be a text of 1 to {longest} characters."
        raise Refusal(422, f"{name}_malformed", sentence)
    return text
