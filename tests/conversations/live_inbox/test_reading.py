"""The inbox in Chromium: what moves while an agent reads, and what must not."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conversations.live_inbox.helpers import (
    PHONE,
    Customer,
    open_row,
    sign_in,
)
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser


def test_older_messages_come_without_moving_what_one_reads(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    for number in range(60):
        customer.is_noted(f"note {number} " + "lorem ipsum " * (number % 9))
    inbox.goto(f"/conversations/{customer.id}/")
    # Only a thread that follows has been brought to its end, and notices who scrolls up.
    expect(inbox.locator("[data-thread][data-following]")).to_be_visible()
    name = inbox.locator("[data-position]").first.get_attribute("id")
    moved = inbox.evaluate(
        """async (name) => {
          const scroll = document.querySelector("[data-thread-scroll]");
          const top = () => document.getElementById(name).getBoundingClientRect().top;
          scroll.scrollTop = 200;
          await new Promise(requestAnimationFrame);
          const before = top();
          const isFirst = () => document.querySelector("[data-position]").id === name;
          while (isFirst()) await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return top() - before;
        }""",
        name,
    )
    assert abs(moved) <= 1
    customer.is_noted("while you were reading")
    expect(inbox.locator("[data-jump]")).to_have_text("1 new")
    inbox.locator("[data-jump]").click()
    expect(inbox.get_by_text("while you were reading")).to_be_in_viewport()


def test_an_answer_out_of_sight_is_counted_too(inbox: Page, begin: Callable[..., Customer]) -> None:
    customer = begin()
    inbox.goto(f"/conversations/{customer.id}/")
    answers = inbox.locator(".message--assistant[data-position]")
    expect(answers).to_have_count(1)
    customer.is_noted("lorem ipsum " * 300)
    expect(inbox.locator(".message--note")).to_have_count(1)
    inbox.locator("[data-thread-scroll]").evaluate("one => { one.scrollTop = 0; }")
    customer.says("And to Denmark?")
    expect(answers).to_have_count(2)
    expect(inbox.locator("[data-jump]")).to_have_text("2 new")


def test_the_list_alone_has_its_own_title_again(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    open_row(inbox, begin())
    expect(inbox).to_have_title("Nils Holgersson · Parley")
    inbox.go_back()
    expect(inbox).to_have_title("Conversations · Parley")


def test_rows_wait_while_one_points_at_the_list(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    one, two = begin(), begin()
    for customer in (one, two):
        expect(inbox.locator(f'[data-row="{customer.id}"]')).to_contain_text("Ada:")
    rows = inbox.locator("[data-row]")
    is_two_first = rows.first.get_attribute("data-row") == two.id
    former, latter = (one, two) if is_two_first else (two, one)
    expect(rows.first).to_have_attribute("data-row", latter.id)
    rows.nth(3).hover()
    former.says("Are you there?")
    expect(inbox.locator(f'[data-row="{former.id}"]')).to_contain_text("Are you there?")
    expect(inbox.locator("[data-updated]")).to_contain_text("updated")
    expect(rows.first).to_have_attribute("data-row", latter.id)
    inbox.keyboard.press(".")
    expect(rows.first).to_have_attribute("data-row", former.id)


def test_filters_and_search_stand_in_the_address(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    row = inbox.locator(f'[data-row="{customer.id}"]')
    expect(row).to_be_visible()
    inbox.get_by_role("link", name="Closed", exact=True).click()
    expect(inbox).to_have_url(re.compile(r"status=closed"))
    expect(row).to_have_count(0)
    inbox.get_by_role("link", name="All", exact=True).click()
    inbox.get_by_role("searchbox").fill("holgersson")
    expect(inbox).to_have_url(re.compile(r"search=holgersson"))
    expect(row).to_be_visible()
    inbox.reload()
    expect(inbox.get_by_role("searchbox")).to_have_value("holgersson")
    inbox.get_by_role("link", name="Clear filters").first.click()
    expect(inbox).not_to_have_url(re.compile(r"search="))


def test_days_are_chosen_by_keyboard(inbox: Page, begin: Callable[..., Customer]) -> None:
    row = inbox.locator(f'[data-row="{begin().id}"]')
    expect(row).to_be_visible()
    inbox.get_by_role("button", name="Filters").click()
    inbox.get_by_label("Date").select_option("custom")
    first = inbox.get_by_label("From")
    expect(first).to_be_focused()
    inbox.keyboard.type("03052035")
    expect(inbox).to_have_url(re.compile(r"after=2035-03-0"))
    expect(inbox.get_by_text("Nothing matches these filters")).to_be_visible()
    expect(first).to_be_focused()
    expect(first).to_have_value("2035-03-05")
    inbox.get_by_label("Date").select_option("today")
    expect(inbox).to_have_url(re.compile(r"\?period=today$"))
    expect(row).to_be_visible()
    expect(first).to_be_hidden()


def test_what_is_long_stays_within_the_details(inbox: Page, begin: Callable[..., Customer]) -> None:
    customer = begin()
    customer.is_known_by("variable_" * 7, "value_" * 40)
    open_row(inbox, customer)
    expect(inbox.locator(".vars__name")).to_be_visible()
    wider = inbox.evaluate(
        """() => {
          const details = document.querySelector("[data-details-pane] .pane__scroll");
          return details.scrollWidth - details.clientWidth;
        }"""
    )
    assert wider == 0


def test_keys_walk_through_the_list(inbox: Page, begin: Callable[..., Customer]) -> None:
    begin()
    customer = begin()
    expect(inbox.locator("[data-row]").first).to_have_attribute("data-row", customer.id)
    inbox.keyboard.press("j")
    expect(inbox).to_have_url(re.compile(customer.id))
    inbox.keyboard.press("j")
    expect(inbox).not_to_have_url(re.compile(customer.id))
    inbox.keyboard.press("k")
    expect(inbox).to_have_url(re.compile(customer.id))
    inbox.keyboard.press("r")
    expect(inbox.get_by_role("textbox", name="Message")).to_be_focused()
    inbox.go_back()
    expect(inbox).not_to_have_url(re.compile(customer.id))


def test_a_phone_shows_one_pane_at_a_time(
    browser: Browser, app: AppProcesses, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    context = browser.new_context(base_url=app.url, viewport=PHONE, has_touch=True, is_mobile=True)
    page = sign_in(context, "alice")
    page.locator(f'[data-row="{customer.id}"] .row').tap()
    expect(page.locator("[data-composer]")).to_be_visible()
    expect(page.locator("[data-list]")).to_be_hidden()
    page.get_by_role("link", name="Details").tap()
    expect(page.get_by_role("heading", name="Details")).to_be_visible()
    page.get_by_role("link", name="Back to the conversation").tap()
    page.get_by_role("link", name="Back to the list").tap()
    expect(page.locator("[data-list]")).to_be_visible()
    context.close()
