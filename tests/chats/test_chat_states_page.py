"""A chat in Chromium that failed, waits, was stopped, or is being read."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.chats.test_chats_live_page import PATIENCE, WAITING_CALL, ask
from tests.servers.fixtures import Enter
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

COUNT_UNREAD = """
window.unread = 0;
const look = () => {
  window.unread += document.querySelectorAll(".session--unread, .nav__unread").length;
};
addEventListener("DOMContentLoaded", () => {
  const all = { subtree: true, childList: true, attributes: true };
  new MutationObserver(look).observe(document, all);
});
"""
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def chats(window: BrowserContext, enter: Enter) -> Page:
    """Bob's chats, at a new one."""
    enter(window, "bob")
    page = window.new_page()
    page.add_init_script(COUNT_UNREAD)
    page.goto("/chats/?new")
    expect(page.locator("[data-live]")).to_have_text("Live")
    page.wait_for_load_state()
    return page


def test_a_chat_says_in_place_how_it_stands(chats: Page, app: AppProcesses) -> None:
    ask(chats, "Hello [demo:500]")
    state = chats.locator("[data-standstill]")
    expect(state).to_contain_text("The assistant could not answer (the model cannot be reached)")
    chats.get_by_role("button", name="Try again").click()
    expect(chats.locator(".answer[data-position]")).to_have_count(2)
    expect(state).to_contain_text("The assistant could not answer")

    ask(chats, "Hello [demo:rate=0]")
    answers = chats.locator(".answer[data-position]")
    expect(answers).to_have_count(3)
    expect(state).to_have_count(0)
    ask(chats, "And again [demo:rate=0]")
    expect(answers).to_have_count(4)
    expect(chats.locator("[data-regenerate]")).to_have_count(1)
    expect(answers.last.locator("[data-regenerate]")).to_have_count(1)
    expect(chats.locator(".session--selected")).to_contain_text("And again")
    assert chats.evaluate("window.unread") == 0

    chat = re.findall(r"/chats/([0-9a-f-]{36})/", chats.url)[0]
    app.manage("shell", "-c", WAITING_CALL.format(chat=chat))
    expect(chats.locator(".tool--waiting")).to_contain_text("refund")
    chats.get_by_role("button", name="Stop").click()
    card = chats.locator(".tool--decided[data-status='expired']")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("Withdrawn by Bob")
    expect(chats.locator(".tool--waiting, [data-live-run]")).to_have_count(0)
    chats.reload()
    expect(card).to_contain_text("Withdrawn by Bob")
    expect(card).to_contain_text("refund")
