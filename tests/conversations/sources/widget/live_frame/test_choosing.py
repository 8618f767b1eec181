"""Cards in Chromium: a visitor chooses, and everybody sees what was taken."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conversations.sources.widget.live_frame.shop import PATIENCE, begin, chat, say
from tests.servers.fixtures import Enter

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


def test_a_choice_is_sent_once_and_shown_in_every_window(
    page: Page, window: BrowserContext, enter: Enter
) -> None:
    frame = begin(page)
    say(frame, "My order, please [demo:cards=table+buttons]")
    expect(frame.locator(".card table")).to_contain_text("Arc desk lamp, green")
    card = frame.get_by_role("region", name="What shall we do?")
    repair = card.get_by_role("button", name="Repair")
    expect(repair).to_be_enabled()

    enter(window, "alice")
    inbox = window.new_page()
    inbox.goto(f"/conversations/{page.evaluate('window.started')}/")
    offered = inbox.get_by_role("region", name="What shall we do?")
    expect(offered).to_contain_text("Each is free of charge for you.")
    expect(offered.get_by_role("button")).to_have_count(0)

    repair.focus()
    page.keyboard.press("Enter")
    expect(repair).to_have_attribute("aria-pressed", "true")
    expect(repair).to_be_disabled()
    expect(frame.locator(".message--customer .message__bubble")).to_have_text(
        ["My order, please [demo:cards=table+buttons]", "Repair"]
    )
    expect(offered.locator(".choice--chosen")).to_have_text("Chosen: Repair")
    expect(offered.locator(".choice--passed")).to_have_text(["Refund", "Replacement"])
    expect(inbox.locator(".chose")).to_have_text("Chose from Ada's buttons")

    page.reload()
    page.locator("#parley .launcher").click()
    taken = chat(page).get_by_role("region", name="What shall we do?")
    expect(taken.get_by_role("button", name="Repair")).to_have_attribute("aria-pressed", "true")
    expect(taken.get_by_role("button", name="Refund")).to_be_disabled()


def test_an_offer_is_passed_once_its_reader_says_something_else(
    window: BrowserContext, enter: Enter
) -> None:
    enter(window, "carol")
    page = window.new_page()
    page.goto("/chats/?new")
    expect(page.locator("[data-live]")).to_have_text("Live")
    say(page, "My order, please [demo:cards=list]")
    choices = page.get_by_role("region", name="Which lamp would you like instead?")
    expect(choices.get_by_role("button", name="sand")).to_be_enabled()
    say(page, "Neither, thanks")
    expect(choices.get_by_role("button", disabled=True)).to_have_count(3)

    say(page, "Again, please [demo:cards=buttons]")
    again = page.get_by_role("region", name="What shall we do?")
    again.get_by_role("button", name="Refund").click()
    expect(again.get_by_role("button", name="Refund")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".ask").last).to_contain_text("Refund")
    expect(page.locator(".chose")).to_have_text("Chose from Ada's buttons")
