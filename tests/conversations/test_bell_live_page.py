"""The bell and the packets in Chromium: word of what is out of sight, news where one looks."""

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

PATIENCE = 20_000


@pytest.fixture
def conversation(app: AppProcesses) -> str:
    """The address of a new customer's conversation."""
    facts = app.demo()
    source = next(row["id"] for row in facts["sources"] if row["kind"] == "api")
    body = {"source": source, "contact": {"external_id": uuid4().hex}, "text": "Hello"}
    headers = {"Authorization": f"Bearer {facts['api_key']}"}
    answer = httpx.post(f"{app.url}/api/v1/conversations/", json=body, headers=headers, timeout=20)
    assert answer.is_success, answer.text
    return f"/conversations/{answer.json()['id']}/"


@pytest.fixture
def alice(browser: Browser, app: AppProcesses) -> Iterator[Page]:
    """Alice's window."""
    yield from _signed_in(browser, app, "alice")


@pytest.fixture
def bob(browser: Browser, app: AppProcesses) -> Iterator[Page]:
    """Bob's window."""
    yield from _signed_in(browser, app, "bob")


def _signed_in(browser: Browser, app: AppProcesses, name: str) -> Iterator[Page]:
    context = browser.new_context(base_url=app.url)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/login/?next=/chats/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", f"{name}-demo")
    page.click("[type=submit]")
    expect(page.locator("[data-live]").first).to_have_text("Live", timeout=PATIENCE)
    yield page
    context.close()


def test_a_mention_is_told_and_opening_it_reads_it(
    alice: Page, bob: Page, conversation: str
) -> None:
    bob.goto(conversation)
    bob.keyboard.press("n")
    bob.locator("[data-composer] [data-text]").fill("@alice have a look")
    bob.keyboard.press("Enter")
    expect(alice.locator(".toast")).to_contain_text("have a look", timeout=PATIENCE)
    alice.locator("[data-bell] > button").click()
    mine = alice.locator(f'[data-notification][href="{conversation}"]')
    expect(mine).to_have_class(re.compile("bell__item--unread"))
    mine.click()
    expect(alice.locator(".message--note")).to_contain_text("have a look")
    alice.wait_for_timeout(1_500)
    alice.locator("[data-bell] > button").click()
    expect(mine).not_to_have_class(re.compile("bell__item--unread"), timeout=PATIENCE)


def test_a_packet_appears_below_the_request(bob: Page, conversation: str) -> None:
    bob.goto(conversation)
    expect(bob.locator("[data-live]").first).to_have_text("Live", timeout=PATIENCE)
    bob.locator(".floor [data-act=join]").click()
    expect(bob.locator(".event--requested + .packet")).to_contain_text(
        "Handoff packet", timeout=PATIENCE
    )
