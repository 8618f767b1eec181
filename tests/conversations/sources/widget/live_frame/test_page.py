"""The widget in Chromium: the pages that embed it, and how it fills a phone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.conversations.sources.widget.live_frame.shop import begin, change, say, site
from tests.servers import waiting
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser


def test_the_phone_is_filled_and_keeps_the_focus(browser: Browser, app: AppProcesses) -> None:
    context = browser.new_context(base_url=app.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/widget/demo/")
    frame = begin(page)
    expect(frame.get_by_role("textbox", name="Message")).to_be_focused()

    assert page.locator("#parley iframe").bounding_box() == {
        "x": 0,
        "y": 0,
        "width": 390,
        "height": 844,
    }
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "parley"
    page.keyboard.press("Escape")
    expect(page.locator("#parley .launcher")).to_be_focused()
    context.close()


def test_only_allowed_sites_can_show_it(
    browser: Browser, app: AppProcesses, facts: dict[str, Any], tmp_path: Path
) -> None:
    tag = f'<script src="{app.url}/widget.js" data-widget="{facts["widget_key"]}" async></script>'
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Shop</title><body>{tag}")
    with site(tmp_path) as url:
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        page.wait_for_load_state("networkidle")
        waiting.stays(page.locator("#parley .launcher").is_hidden, during=1.5, page=page)

        change(app, facts["widget_key"], allowed_origins=[url])
        page.reload()
        frame = begin(page)
        say(frame, "From the shop")
        expect(frame.locator(".message--customer[data-position]")).to_have_count(1)
        context.close()
    change(app, facts["widget_key"], allowed_origins=[])


def test_a_shop_without_tls_can_be_talked_to(browser: Browser, app: AppProcesses) -> None:
    """There the browser makes no UUIDs, in the frame neither, whatever it comes by."""
    context = browser.new_context(base_url=app.url)
    context.add_init_script("delete Crypto.prototype.randomUUID")
    page = context.new_page()
    page.goto("/widget/demo/")
    frame = begin(page)
    say(frame, "Hello")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(1)
    context.close()
