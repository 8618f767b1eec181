"""The main job, in two real browsers: the assistant answers, a person takes over, it goes on."""

import re
import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from tests.servers import waiting
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

PATIENCE = 30_000
NAME = f"Victor {secrets.token_hex(3)}"


@pytest.fixture
def pages(app: AppProcesses, browser: Browser) -> Iterator[tuple[Page, Page]]:
    """Yield a visitor's and an agent's browser; whatever a script throws fails the test."""
    thrown: list[str] = []
    contexts = [
        browser.new_context(base_url=app.url, viewport={"width": 1440, "height": 900})
        for _ in range(2)
    ]
    found = []
    for context in contexts:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        found.append(page)
    yield found[0], found[1]
    for context in contexts:
        context.close()
    assert thrown == []


def sign_in(page: Page, name: str) -> None:
    page.goto("/login/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(f"{name}-demo")
    page.locator("form button[type=submit]").click()
    page.wait_for_url("**/conversations/**")


def open_widget(page: Page) -> FrameLocator:
    page.goto("/widget/demo/")
    page.locator("#parley .launcher").click()
    frame = page.frame_locator("#parley iframe")
    frame.get_by_label("Name").fill(NAME)
    frame.get_by_role("button", name="Start chat").click()
    return frame


def say(place: FrameLocator | Page, text: str) -> None:
    field = place.get_by_role("textbox", name="Message")
    field.fill(text)
    field.press("Enter")


def grows(bubble: Locator, page: Page) -> None:
    """See tokens arrive in a bubble that is being written."""
    expect(bubble).not_to_be_empty(timeout=PATIENCE)
    first = bubble.inner_text()
    assert first
    waiting.until(lambda: len(bubble.inner_text()) > len(first), page=page)


def test_from_the_first_question_to_the_end(pages: tuple[Page, Page]) -> None:
    visitor, alice = pages
    sign_in(alice, "alice")
    expect(alice.get_by_role("status").filter(has_text="Live").first).to_be_visible()
    widget = open_widget(visitor)
    widget.get_by_role("textbox", name="Message").wait_for()
    say(widget, "What is your policy for a lamp that arrived damaged? [demo:rate=12]")
    alice.locator("a.row", has_text=NAME).click()

    grows(widget.locator(".message--streaming .message__bubble"), visitor)
    grows(alice.locator(".message[aria-busy='true'] .message__bubble"), alice)
    answer = alice.locator(".message--assistant[data-position]:not([aria-busy='true'])")
    expect(answer).to_have_count(1, timeout=PATIENCE)

    widget.get_by_role("button", name="Talk to a person").click()
    floor = alice.locator(".inbox__details .floor")
    floor.get_by_role("button", name="Accept").click()
    expect(floor).to_contain_text("You")
    expect(
        widget.get_by_text(re.compile("Alice Moreau joined|Alice Moreau accepted"))
    ).to_be_visible()

    say(alice, "Alice here. I have ordered your new lamp.")
    expect(widget.get_by_text("I have ordered your new lamp.")).to_be_visible(timeout=PATIENCE)
    floor.get_by_role("button", name="Release").click()
    expect(floor.get_by_role("button", name="Join")).to_be_enabled()

    say(widget, "And how long does shipping take?")
    expect(answer).to_have_count(2, timeout=PATIENCE)

    floor.get_by_role("button", name=re.compile("^End")).click()
    confirm = alice.get_by_role("dialog").get_by_role("button", name=re.compile("^End"))
    if confirm.count():
        confirm.click()
    expect(alice.locator(".inbox__details")).to_contain_text("Closed", timeout=PATIENCE)
    expect(widget.get_by_text("This conversation has ended.")).to_be_visible(timeout=PATIENCE)
