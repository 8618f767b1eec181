"""The command palette in Chromium: acts on the conversation, by name, and pages to go to."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conversations.live_inbox.helpers import Customer, open_row

pytestmark = pytest.mark.browser


def test_does_what_a_key_does(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    field = inbox.get_by_role("textbox", name="Message")
    field.fill("Half a sentence")
    inbox.keyboard.press("Control+k")
    palette = inbox.get_by_role("dialog", name="Command palette")
    expect(palette.get_by_role("combobox")).to_be_focused()
    expect(palette.get_by_role("option", name="Accept")).to_have_count(0)
    inbox.keyboard.type("pau")
    chosen = palette.get_by_role("option", selected=True)
    expect(chosen).to_have_text(re.compile("Pause the assistant"))
    name = chosen.get_attribute("id")
    expect(palette.get_by_role("combobox")).to_have_attribute("aria-activedescendant", name or "-")
    inbox.keyboard.press("Enter")
    expect(inbox.locator(".switch-button--paused")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("Half a sentence")


def test_runs_nothing_that_is_not_shown(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    expect(inbox.locator(".floor [data-act=end]")).to_be_visible()
    palette = inbox.get_by_role("dialog", name="Command palette")
    for words in ("end of story", "accept all"):
        inbox.keyboard.press("Control+k")
        palette.get_by_role("combobox").fill("end")
        expect(palette.get_by_role("option", selected=True)).to_have_count(1)
        palette.get_by_role("combobox").fill(words)
        expect(palette.get_by_role("option", selected=True, include_hidden=True)).to_have_count(0)
        inbox.keyboard.press("Enter")
        expect(palette.get_by_role("status")).to_contain_text("No command and no conversation")
        inbox.keyboard.press("ArrowDown")
        inbox.keyboard.press("Enter")
        expect(palette).to_be_visible()
        inbox.keyboard.press("Escape")
    expect(inbox.locator(".floor .control")).to_have_text("AI-Handling")


def test_opens_again_at_once(inbox: Page) -> None:
    """The one that was closed stands in the page until the browser tells that it is closed."""
    inbox.keyboard.press("Control+k")
    palette = inbox.get_by_role("dialog", name="Command palette")
    palette.evaluate(
        """dialog => {
            dialog.close();
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true }));
        }"""
    )
    palette.get_by_role("combobox").fill("tickets")
    expect(palette.get_by_role("option", selected=True)).to_have_text("Go to tickets")


def test_runs_nothing_before_something_is_typed(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    open_row(inbox, begin())
    palette = inbox.get_by_role("dialog", name="Command palette")
    field = palette.get_by_role("combobox")
    chosen = palette.get_by_role("option", selected=True, include_hidden=True)
    inbox.keyboard.press("Control+k")
    for words in ("", "   ", "pau", " "):
        field.fill(words)
        expect(chosen).to_have_count(1 if words == "pau" else 0)
        if words != "pau":
            palette.get_by_role("option").nth(1).hover()
            inbox.keyboard.press("Enter")
            expect(palette).to_be_visible()
            expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    expect(inbox.locator(".floor .control")).to_have_text("AI-Handling")
    field.press("ArrowUp")
    expect(palette.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(palette.get_by_role("option").first).to_have_attribute("aria-selected", "true")


def test_finds_a_conversation(inbox: Page, begin: Callable[..., Customer]) -> None:
    begin()
    inbox.keyboard.press("Control+k")
    palette = inbox.get_by_role("dialog", name="Command palette")
    inbox.keyboard.type("nobody is called that")
    expect(palette.get_by_role("status")).to_contain_text("No command and no conversation")
    palette.get_by_role("combobox").fill("holgersson")
    expect(palette.get_by_role("option").first).to_contain_text("Nils Holgersson")
    icon = palette.get_by_role("option").first.locator("use")
    expect(icon).to_have_attribute("href", re.compile("#person$"))
    palette.get_by_role("combobox").fill("refund wording")
    expect(icon).to_have_attribute("href", re.compile("#chat$"))
    palette.get_by_role("combobox").fill("holgersson")
    expect(icon).to_have_attribute("href", re.compile("#person$"))
    inbox.keyboard.press("Enter")
    expect(inbox).to_have_url(re.compile(r"/conversations/[0-9a-f-]{36}/"))
    expect(inbox.locator(".thread-head__name")).to_contain_text("Nils Holgersson")
