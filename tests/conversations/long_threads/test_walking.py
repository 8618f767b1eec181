"""A thread of 10,000 messages in Chromium: what is in the page, what comes and what leaves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conversations.live_inbox.helpers import ANSWERED_AT_ONCE, Customer, say
from tests.conversations.long_threads.lengthening import SCRIPT, in_order
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

MOST = 200
MOVED = """
async (side) => {
  const scroll = document.querySelector("[data-thread-scroll]");
  const entries = () => [...document.querySelectorAll("[data-position]")];
  const ends = () => `${entries()[0].id} ${entries().at(-1).id}`;
  const edge = side === "up" ? 300 : scroll.scrollHeight - scroll.clientHeight - 300;
  const before = ends();
  scroll.scrollTop = edge;
  const middle = scroll.getBoundingClientRect().top + scroll.clientHeight / 2;
  const seen = entries().find((entry) => entry.getBoundingClientRect().bottom > middle);
  const top = seen.getBoundingClientRect().top;
  while (ends() === before) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return seen.isConnected ? Math.abs(seen.getBoundingClientRect().top - top) : Infinity;
}
"""


@pytest.fixture
def long(begin: Callable[..., Customer], app: AppProcesses) -> Customer:
    """Return a customer who has talked for 10,000 messages."""
    customer = begin(ANSWERED_AT_ONCE)
    app.manage("shell", "-c", SCRIPT.format(id=customer.id, number=10_000))
    return customer


def entries(page: Page) -> Locator:
    """Return the entries in the page."""
    return page.locator("[data-items] > [data-position]")


def positions(page: Page) -> list[int]:
    """Return the positions in the page: few, without a gap, each entry at its place."""
    found: list[int] = entries(page).evaluate_all(
        "all => all.map((one) => Number(one.dataset.position))"
    )
    assert len(found) <= MOST
    rising = sorted(found)
    assert rising == list(range(rising[0], rising[0] + len(found)))
    assert found == in_order(found)
    return rising


def scrolled(page: Page, side: str) -> float:
    """Scroll to an edge until others come; return by how many pixels what was seen has moved."""
    return float(page.evaluate(MOVED, side))


def test_both_ways_and_back_to_the_newest(inbox: Page, long: Customer) -> None:
    inbox.goto(f"/conversations/{long.id}/")
    expect(entries(inbox)).not_to_have_count(0)
    newest = positions(inbox)[-1]
    assert all(scrolled(inbox, "up") <= 1 for _ in range(6))
    up = positions(inbox)
    assert up[-1] < newest
    jump = inbox.locator("[data-jump]")
    expect(jump).to_have_text("Newest")

    long.is_noted("while you were far away")
    expect(jump).to_have_text("1 new")
    assert positions(inbox) == up

    assert all(scrolled(inbox, "down") <= 1 for _ in range(2))
    down = positions(inbox)
    assert down[0] > up[0]
    assert down[-1] > up[-1]
    days = inbox.locator("[data-day]").evaluate_all("all => all.map((one) => one.dataset.day)")
    assert days == sorted(set(days))
    assert inbox.locator("[data-earlier] + [data-day]").count() == 1

    jump.click()
    expect(inbox.get_by_text("while you were far away")).to_be_in_viewport()
    assert positions(inbox)[-1] > newest
    expect(jump).to_be_hidden()
    inbox.evaluate("document.querySelector('[data-thread-scroll]').scrollTop = 0")
    assert scrolled(inbox, "up") <= 1
    say(inbox, "I write from far up")
    expect(inbox.locator(".message[data-position]", has_text="from far up")).to_be_in_viewport()
    assert positions(inbox)[-1] > newest
