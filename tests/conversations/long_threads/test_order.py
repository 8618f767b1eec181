"""The order of questions and answers in Chromium, while what was said is still on its way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conversations.live_inbox.helpers import ANSWERED_AT_ONCE, Customer, say

pytestmark = pytest.mark.browser

SLOW = "And what does it cost to Norway? [demo:rate=12]"
LATE = """
const known = window.fetch;
window.fetch = async (path, options) => {
  if (String(path).includes("/messages/?after=")) await new Promise((go) => setTimeout(go, 600));
  return known(path, options);
};
"""
ORDERS = """
async (length) => {
  const seen = new Set();
  const entries = "[data-items] > :is(.ask, .answer, .message)";
  const all = () => [...document.querySelectorAll(entries)];
  const shown = () => all().filter((one) => one.checkVisibility());
  const letter = (one) => (one.matches(".ask, .message--customer") ? "q" : "a");
  const isBusy = () => document.querySelector("[data-live-run], [data-pending]");
  const isDone = () => shown().length >= length && !isBusy();
  while (!isDone()) {
    seen.add(shown().map(letter).join(""));
    await new Promise((done) => setTimeout(done, 15));
  }
  return [...seen];
}
"""
IN_TURN = re.compile("(qa)+q?")


def assert_in_turn(page: Page, length: int) -> None:
    """Wait for ``length`` entries: at each moment every answer stands right below its question."""
    seen = page.evaluate(ORDERS, length)
    assert [order for order in seen if not IN_TURN.fullmatch(order)] == []
    assert len(seen) > 1


def test_an_answer_stands_below_its_question_in_the_inbox(
    window: BrowserContext, begin: Callable[..., Customer]
) -> None:
    page = window.new_page()
    page.add_init_script(LATE)
    customer = begin(ANSWERED_AT_ONCE)
    page.goto(f"/conversations/{customer.id}/")
    expect(page.locator(".message[data-position]")).to_have_count(2)
    customer.says(SLOW)
    expect(page.locator("[data-live-run]")).to_be_visible()
    customer.says(SLOW)
    assert_in_turn(page, 6)


def test_an_answer_stands_below_its_question_in_a_chat(window: BrowserContext) -> None:
    page = window.new_page()
    page.add_init_script(LATE)
    page.goto("/chats/?new")
    say(page, ANSWERED_AT_ONCE)
    expect(page.locator(".answer[data-position]")).to_have_count(1)
    say(page, SLOW)
    expect(page.locator("[data-live-run]")).to_be_visible()
    say(page, SLOW)
    assert_in_turn(page, 6)
