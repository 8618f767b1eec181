"""The inbox in Chromium: acts on the floor, and races for it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.conversations.live_inbox.helpers import (
    ANSWERED_AT_ONCE,
    DESKTOP,
    Customer,
    bubble,
    open_row,
    say,
    sign_in,
)
from tests.servers import waiting
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser


def test_the_floor_goes_round(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    floor = inbox.get_by_role("region", name="Handoff")
    floor.get_by_role("button", name="Join").click()
    expect(floor).to_contain_text("You asked for the floor")
    floor.get_by_role("button", name="Accept").click()
    expect(floor).to_contain_text("You have the floor")
    expect(inbox.get_by_role("textbox", name="Message")).to_be_focused()
    floor.get_by_role("button", name="Release").click()
    expect(floor).to_contain_text("AI-Handling")
    floor.get_by_role("button", name="End").click()
    expect(floor).to_contain_text("Closed")
    inbox.get_by_role("button", name="Undo").click()
    expect(floor).to_contain_text("AI-Handling")


def test_what_was_lost_on_the_way_is_fetched_again(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    open_row(inbox, begin(ANSWERED_AT_ONCE))
    switch = inbox.locator("[data-switch-button]")
    expect(switch).to_contain_text("Active")
    expect(inbox.locator(".message--assistant[data-position]")).to_have_count(1)
    # The response's parts are fetched, so that nothing but what follows is lost.
    waiting.work_goes_on(0.5, page=inbox)
    lost: list[Route] = []

    def lose(route: Route) -> None:
        lost.append(route)
        route.abort()

    inbox.route("**/floor/", lose)
    inbox.locator("[data-thread-scroll]").focus()
    inbox.keyboard.press("p")
    waiting.until(lambda: lost, page=inbox)
    inbox.unroute_all()
    expect(switch).to_contain_text("Paused")


def test_the_loser_of_a_race_hears_who_won(
    inbox: Page, browser: Browser, app: AppProcesses, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    other = browser.new_context(base_url=app.url, viewport=DESKTOP)
    bob = sign_in(other, "bob")
    for page in (inbox, bob):
        page.goto(f"/conversations/{customer.id}/")
    inbox.locator(".floor [data-act=join]").click()
    for page in (inbox, bob):
        expect(page.locator(".floor [data-act=accept]")).to_be_visible()
    late: list[Route] = []
    inbox.route("**/accept", lambda route: late.append(route))  # noqa: PLW0108
    inbox.locator(".floor [data-act=accept]").click()
    bob.locator(".floor [data-act=accept]").click()
    expect(bob.locator(".floor__state")).to_have_text("You have the floor")
    late[0].continue_()
    expect(inbox.locator(".toast")).to_contain_text("Bob Okafor accepted this before you.")
    expect(inbox.locator(".floor__state")).to_have_text("Bob Okafor has the floor")
    other.close()


def test_blocking_asks_first(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    inbox.locator("[data-switch-button]").click()
    inbox.get_by_role("menuitemradio", name="Block this contact").click()
    expect(inbox.get_by_role("button", name="Keep the assistant")).to_be_focused()
    inbox.keyboard.press("Escape")
    expect(inbox.locator(".switch-button--blocked")).to_have_count(0)
    inbox.locator("[data-switch-button]").click()
    inbox.get_by_role("menuitemradio", name="Block this contact").click()
    inbox.get_by_role("button", name="Block", exact=True).click()
    expect(inbox.locator(".switch-button--blocked")).to_be_visible()
    expect(inbox.locator(".floor__state")).to_have_text("User blocked")


def test_pausing_by_key(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    inbox.locator("[data-thread-scroll]").focus()
    inbox.keyboard.press("p")
    expect(inbox.locator(".switch-button--paused")).to_be_visible()
    inbox.keyboard.press("p")
    expect(inbox.locator(".switch-button--paused")).to_have_count(0)
    for key, act in (("a", "Accept"), ("Shift+R", "Release")):
        refusal = inbox.locator(".floor").get_by_role("button", name=act).get_attribute("title")
        assert refusal
        inbox.keyboard.press(key)
        expect(inbox.locator(".toast")).to_have_text(refusal)


def test_a_choice_in_the_menu_keeps_the_place(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    button = inbox.locator("[data-switch-button]")
    button.focus()
    inbox.keyboard.press("Enter")
    inbox.keyboard.press("ArrowDown")
    inbox.keyboard.press("Enter")
    expect(inbox.locator(".switch-button--paused")).to_be_focused()
    inbox.keyboard.press("Enter")
    inbox.keyboard.press("End")
    inbox.keyboard.press("Enter")
    expect(inbox.get_by_role("button", name="Keep the assistant")).to_be_focused()
    inbox.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_after_the_end_the_next_row_has_the_focus(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    other, customer = begin(), begin()
    open_row(inbox, customer)
    end = inbox.locator(".floor [data-act=end]")
    # Rows move when the pointer is elsewhere, each with its answer; after both the order stands.
    end.hover()
    for one in (other, customer):
        expect(inbox.locator(f'[data-row="{one.id}"]')).to_contain_text("Ada:")
    order = inbox.locator("[data-row]").evaluate_all("rows => rows.map((row) => row.dataset.row)")
    following = order[order.index(customer.id) + 1]
    end.click()
    expect(inbox.locator(f'[data-row="{following}"] .row')).to_be_focused()


def test_a_closed_one_offers_what_is_possible(inbox: Page, begin: Callable[..., Customer]) -> None:
    customer = begin()
    open_row(inbox, customer)
    inbox.locator(".floor [data-act=end]").click()
    expect(inbox.locator(".floor__state")).to_have_text("Closed")
    expect(inbox.locator("[data-switch]")).to_have_count(0)
    refused: list[Request] = []
    inbox.on("request", lambda one: refused.append(one) if one.method == "PUT" else None)
    inbox.locator("[data-thread-scroll]").focus()
    inbox.keyboard.press("p")
    inbox.locator("[data-switch-button]").click()
    inbox.get_by_role("menuitem", name="Block this contact").click()
    inbox.get_by_role("button", name="Block", exact=True).click()
    expect(inbox.locator(".switch-button--blocked")).to_be_focused()
    inbox.locator(".floor [data-block=unblock]").click()
    expect(inbox.locator(".floor [data-block=block]")).to_be_focused()
    expect(inbox.locator(".switch-button--blocked")).to_have_count(0)
    assert not refused


def test_writing_in_a_closed_one_reopens_it(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin(ANSWERED_AT_ONCE))
    send = inbox.locator("[data-composer] [data-send]")
    inbox.locator(".floor [data-act=end]").click()
    expect(send).to_have_text("Reopen and send")
    say(inbox, "One more thing.")
    expect(bubble(inbox, "One more thing.")).to_be_visible()
    expect(inbox.locator(".floor__state")).to_have_text("You have the floor")
    expect(send).to_have_text(re.compile("Send"))
    inbox.locator(".floor [data-act=end]").click()
    inbox.get_by_role("tab", name="Note").click()
    expect(send).to_have_text("Reopen and add note")
    say(inbox, "Only for us.")
    expect(bubble(inbox, "Only for us.")).to_be_visible()
    # Ended by somebody else while one writes, before this page knows of it.
    inbox.get_by_role("tab", name="Reply").click()
    inbox.route("**/floor/", lambda route: route.abort())
    inbox.locator(".floor [data-act=end]").click()
    expect(inbox.locator(".thread .event").last).to_contain_text("ended the conversation")
    say(inbox, "Too late?")
    refusal = inbox.locator("[data-refusal]")
    expect(refusal).to_have_text("Not sent: the conversation was closed meanwhile.")
    inbox.unroute("**/floor/")
    inbox.reload()
    expect(send).to_have_text("Reopen and send")
    inbox.get_by_role("textbox", name="Message").press("Enter")
    expect(bubble(inbox, "Too late?")).to_be_visible()
