"""Chats in Chromium, on a whole running Parley."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

PATIENCE = 20_000
QUESTION = "What do you offer when a lamp arrives damaged? Show a table and code."
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def chats(window: BrowserContext, app: AppProcesses) -> Page:
    """Carol's chats, at a new one."""
    page = window.new_page()
    page.goto("/login/?next=/chats/%3Fnew")
    page.get_by_label("User name").fill("carol")
    page.get_by_label("Password", exact=True).fill("carol-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("[data-live]")).to_have_text("Live")
    return page


def ask(page: Page, text: str = QUESTION) -> None:
    """Write and press Enter."""
    page.get_by_role("textbox", name="Message").fill(text)
    page.get_by_role("textbox", name="Message").press("Enter")


def test_the_first_message_begins_a_chat_that_gets_a_title(chats: Page) -> None:
    ask(chats)
    expect(chats).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}/"))
    expect(chats.locator("[data-live-run] .caret")).to_be_visible()
    expect(chats.locator("[data-live-run] table")).to_be_visible()
    expect(chats.locator(".answer[data-position]")).to_have_count(1)
    expect(chats.locator(".chat-title")).not_to_be_empty()
    title = chats.locator(".chat-title").inner_text()
    expect(chats.locator(".session--selected .session__title")).to_have_text(title)
    expect(chats.locator(".nav__recents")).to_contain_text(title)


def test_stop_and_go_on(chats: Page) -> None:
    ask(chats)
    expect(chats.locator("[data-live-run] .prose__tail, [data-live-run] table")).not_to_have_count(
        0
    )
    chats.get_by_role("button", name="Stop").click()
    expect(chats.locator(".message__cut")).to_have_text("Stopped")
    expect(chats.get_by_role("button", name="Stop")).to_be_hidden()
    ask(chats, "Go on, please.")
    expect(chats.locator(".answer[data-position]")).to_have_count(2)


def test_renames_and_deletes(chats: Page) -> None:
    ask(chats, "Hello")
    expect(chats.locator(".answer[data-position]")).to_have_count(1)
    chats.get_by_role("button", name="More").click()
    chats.get_by_role("menuitem", name="Rename").click()
    chats.get_by_label("Title").fill("Kept by hand")
    chats.get_by_role("button", name="Rename").click()
    expect(chats.locator(".chat-title")).to_have_text("Kept by hand")
    entry = chats.locator("[data-session]", has_text="Kept by hand")
    entry.hover()
    entry.get_by_role("button", name="Delete Kept by hand").click()
    expect(chats.get_by_role("button", name="Keep it")).to_be_focused()
    chats.get_by_role("button", name="Delete 1 chat").click()
    expect(entry).to_have_count(0)
    expect(chats.get_by_text("Whom do you want to ask?")).to_be_visible()
