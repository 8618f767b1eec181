"""The widget in Chromium: returning visitors, what is forgotten and what was missed."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from conversations.sources.widget.identity import sign
from tests.conversations.sources.widget.live_frame.shop import answers, begin, chat, say
from tests.conversations.sources.widget.live_frame.visitor import delete
from tests.servers import waiting
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser


def test_a_returning_visitor_continues_and_a_reset_forgets(page: Page) -> None:
    frame = begin(page)
    say(frame, "Remember me [demo:rate=0]")
    expect(answers(frame)).to_have_count(1)
    frame.get_by_role("textbox", name="Message").fill("A draft")

    page.reload()
    page.locator("#parley .launcher").click()
    expect(chat(page).locator(".message--customer")).to_contain_text("Remember me")
    expect(chat(page).get_by_role("textbox", name="Message")).to_have_value("A draft")

    page.evaluate("Parley('reset')")
    expect(chat(page).get_by_role("button", name="Start chat")).to_be_visible()


def test_a_reset_waits_for_no_answer_of_the_server(page: Page) -> None:
    frame = begin(page)
    say(frame, "Remember me [demo:rate=0]")
    expect(answers(frame)).to_have_count(1)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "DELETE":
            held.append(route)
        else:
            route.continue_()

    page.route("**/session", hold)
    with page.expect_request("**/session"):
        page.evaluate("Parley('reset')")
    expect(chat(page).get_by_role("button", name="Start chat")).to_be_visible()
    held[0].continue_()
    start = chat(page).get_by_role("button", name="Start chat")
    waiting.stays(start.is_visible, during=1.0, page=page)


def test_an_answer_to_a_closed_chat_is_counted(page: Page) -> None:
    frame = begin(page)
    say(frame, "How long does shipping take?")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(1)
    frame.get_by_role("textbox", name="Message").press("Escape")
    launcher = page.locator("#parley .launcher")

    expect(launcher).to_have_attribute("aria-label", "Open chat, 1 unread message")
    expect(launcher).to_be_focused()
    launcher.click()
    expect(launcher).to_have_attribute("aria-label", "Close chat")
    waiting.work_goes_on(1.0, page=page)
    launcher.click()
    expect(launcher).to_have_attribute("aria-label", "Open chat")


def test_what_is_deleted_is_unread_no_more(page: Page, app: AppProcesses) -> None:
    frame = begin(page)
    say(frame, "How long does shipping take?")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(1)
    frame.get_by_role("textbox", name="Message").press("Escape")
    launcher = page.locator("#parley .launcher")
    expect(launcher).to_have_attribute("aria-label", "Open chat, 1 unread message")

    delete(app, page.evaluate("window.started"))
    expect(launcher).to_have_attribute("aria-label", "Open chat")


def test_a_signed_identity_brings_the_history_to_another_browser(
    page: Page, browser: Browser, app: AppProcesses, facts: dict[str, Any]
) -> None:
    identity = {
        "external_id": "nordhem-77",
        "name": "Maya",
        "signature": sign(secret=facts["widget_secret"], external_id="nordhem-77"),
    }
    page.evaluate("identity => Parley('identify', identity)", identity)
    frame = begin(page)
    say(frame, "From my laptop")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(1)

    context = browser.new_context(base_url=app.url)
    phone = context.new_page()
    phone.goto("/widget/demo/")
    phone.evaluate("identity => { Parley('identify', identity); Parley('open'); }", identity)

    expect(chat(phone).locator(".message--customer")).to_contain_text("From my laptop")
    context.close()
