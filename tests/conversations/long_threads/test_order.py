"""The order of questions and answers in Chromium, as they come and as the page loads them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conversations.live_inbox.helpers import ANSWERED_AT_ONCE, Customer, say

pytestmark = pytest.mark.browser

SLOW = "And what does it cost to Norway? [demo:rate=10]"
WATCHED = """
const known = window.fetch;
window.fetch = async (path, options) => {
  if (String(path).includes("/messages/?after=")) await new Promise((go) => setTimeout(go, 600));
  return known(path, options);
};
window.orders = new Set();
const shown = (one) => one.checkVisibility();
const letter = (one) => (one.matches(".ask, .message--customer") ? "q" : "a");
new MutationObserver(() => {
  const entries = [...document.querySelectorAll("[data-items] > :is(.ask, .answer, .message)")];
  const order = entries.filter(shown).map(letter).join("");
  if (order) window.orders.add(order);
  if (document.querySelector(".answer:has([data-regenerate]):has(~ .ask[data-position])")) {
    window.orders.add("an answer above a question offers another one");
  }
}).observe(document, { subtree: true, childList: true, attributeFilter: ["hidden"] });
"""
IN_TURN = re.compile("(qa)*q?")
LOADING = re.compile("(qa)*q{0,2}")
"""The same, until the socket tells a page that was just loaded what is being written."""


def assert_in_turn(page: Page, pattern: re.Pattern[str] = IN_TURN) -> None:
    """Fail unless at each moment every answer stood right below its question."""
    seen = page.evaluate("[...window.orders]")
    assert [order for order in seen if not pattern.fullmatch(order)] == []
    assert seen


def assert_stays_in_turn(page: Page, answers: str) -> None:
    """Load the page anew while two questions are open, and when both are answered."""
    assert_in_turn(page)
    page.reload()
    expect(page.locator(answers)).to_have_count(3)
    expect(page.locator("[data-live-run]")).to_have_count(0)
    assert_in_turn(page, LOADING)
    page.reload()
    expect(page.locator(answers)).to_have_count(3)
    assert page.evaluate("[...window.orders]")[-1] == "qaqaqa"
    assert_in_turn(page)


def test_an_answer_stands_below_its_question_in_the_inbox(
    window: BrowserContext, begin: Callable[..., Customer]
) -> None:
    page = window.new_page()
    page.add_init_script(WATCHED)
    customer = begin(ANSWERED_AT_ONCE)
    page.goto(f"/conversations/{customer.id}/")
    expect(page.locator(".message[data-position]")).to_have_count(2)
    customer.says(SLOW)
    expect(page.locator("[data-live-run]")).to_be_visible()
    customer.says(ANSWERED_AT_ONCE)
    expect(page.locator(".message--customer[data-position]")).to_have_count(3)
    assert_stays_in_turn(page, ".message--assistant[data-position]")


def test_an_answer_stands_below_its_question_in_a_chat(window: BrowserContext) -> None:
    page = window.new_page()
    page.add_init_script(WATCHED)
    page.goto("/chats/?new")
    say(page, ANSWERED_AT_ONCE)
    expect(page.locator(".answer[data-position]")).to_have_count(1)
    say(page, SLOW)
    expect(page.locator("[data-live-run]")).to_be_visible()
    say(page, ANSWERED_AT_ONCE)
    expect(page.locator(".ask[data-position]")).to_have_count(3)
    assert_stays_in_turn(page, ".answer[data-position]")
