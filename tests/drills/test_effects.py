"""Deaths of the worker at named points around a call that writes: at most one effect.

The order service counts what it did. Where nobody can know whether a call took effect it is
``unknown``, nothing makes it again, and a person says what became of it.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx
import pytest

from channels_layer import times
from config import env
from config.demo.orders.book import Book
from tests.drills.shop import RECOVERY, Shop
from tests.servers import ports
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

Json = dict[str, Any]


class Refund:
    """A refund that a customer wants, as the shop and the order service see it."""

    def __init__(self, shop: Shop, order: str, fault: str) -> None:
        """Ask for it; ``fault`` is how the order service behaves."""
        self.order = order
        self._shop = shop
        self._orders = _orders_url(shop.app)
        marker = f" [orders:{fault}]" if fault else ""
        self.conversation = shop.ask(f"I want a refund for {order}, it arrived broken{marker}")

    def call(self) -> Json | None:
        """Return the call of the tool that writes, None until there is one."""
        answer = self._shop.client.get("/api/v1/tool-calls/", params={"name": "refund_order"})
        rows: list[Json] = answer.json()["results"]
        mine = [row for row in rows if row["conversation"] == self.conversation]
        return mine[0] if mine else None

    def status(self) -> str:
        """Return how the call stands, empty until there is one."""
        call = self.call()
        return str(call["status"]) if call else ""

    def effects(self) -> int:
        """Return how often the order service gave this money back."""
        done: list[Json] = httpx.get(f"{self._orders}/effects", timeout=10).json()["effects"]
        return sum(1 for effect in done if effect["order"] == self.order)

    def decide(self, decision: str, **body: Any) -> None:
        """Decide on the call by the API."""
        call = self.call()
        assert call
        path = f"/api/v1/tool-calls/{call['id']}/{decision}"
        answer = self._shop.client.post(path, json=body)
        assert answer.status_code == HTTPStatus.OK, answer.text

    def ended(self) -> bool:
        """Return whether the answer has ended."""
        return bool(self._shop.of(self.conversation, "end"))

    def wait_until(self, what: str, shown: Callable[[], Any]) -> None:
        """Wait until ``shown``."""
        ports.wait_for(f"{what} ({self.status()})", shown, within=RECOVERY, every=0)


def _orders_url(app: AppProcesses) -> str:
    lines = (app.data_dir / env.RUN_FILE).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)["DEMO_ORDERS_URL"]


def asked(refund: Refund) -> bool:
    """Return whether the call waits for a person."""
    return refund.status() == "pending"


def approved(refund: Refund) -> bool:
    """Return whether a person has just approved it."""
    refund.wait_until("asked", lambda: asked(refund))
    refund.decide("approve")
    return True


def sent(refund: Refund) -> bool:
    """Return whether it is on its way and not done."""
    return approved(refund) and _wait(refund, lambda: refund.status() == "running")


def done(refund: Refund) -> bool:
    """Return whether the order service has done it and not answered."""
    return approved(refund) and _wait(refund, lambda: refund.effects() == 1)


def answered(refund: Refund) -> bool:
    """Return whether its result is stored."""
    return approved(refund) and _wait(refund, lambda: refund.status() == "done")


def ended(refund: Refund) -> bool:
    """Return whether the customer has the answer."""
    return approved(refund) and _wait(refund, refund.ended)


def _wait(refund: Refund, shown: Callable[[], Any]) -> bool:
    refund.wait_until("the point", shown)
    return True


POINTS = [
    (asked, "", {"done"}),
    (approved, "", {"done", "unknown"}),
    (sent, "hang-before", {"unknown"}),
    (done, "hang", {"unknown"}),
    (answered, "", {"done"}),
    (ended, "", {"done"}),
]


@pytest.mark.parametrize(("number", "point"), list(enumerate(POINTS)))
def test_a_death_around_a_call_leaves_at_most_one_effect(
    app: AppProcesses, shop: Shop, number: int, point: tuple[Any, str, set[str]]
) -> None:
    show, fault, outcomes = point
    refund = Refund(shop, _refundable()[number], fault)
    refund.wait_until(show.__name__, lambda: show(refund))
    former = app.kill_worker()
    if show is asked:
        refund.decide("approve")
    app.wait_for_another("live", former)
    refund.wait_until("an outcome", lambda: refund.status() in {"done", "unknown"})
    shop.wait_for(refund.conversation, "end")
    status, effects = refund.status(), refund.effects()
    assert status in outcomes
    assert effects == 1 if status == "done" else effects <= 1
    if status == "unknown":
        assert shop.of(refund.conversation, "handoff.changed")[-1]["control"] == "requested"
        refund.decide("check", outcome="done" if effects else "failed")
        assert refund.status() == ("done" if effects else "failed")
        assert refund.effects() == effects


def _refundable() -> list[str]:
    """Return the numbers of orders that were paid, not the ones that the demo's stories use."""
    book = Book(times.now().date())
    return sorted(number for number, order in book.orders.items() if order.paid)[
        -len(POINTS) - 2 : -2
    ]
