"""The bell, the navigation and the packets in Chromium: notifications, counts and news."""

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.servers import waiting
from tests.servers.fixtures import Enter
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

PATIENCE = 20_000
RECORDING = """
localStorage.setItem("parley:sound", "on");
localStorage.setItem("parley:desktop", "on");
window.alerted = { notes: [], tones: 0 };
window.isAway = false;
Object.defineProperty(document, "hidden", { get: () => window.isAway });
window.leave = () => {
  window.isAway = true;
  document.dispatchEvent(new Event("visibilitychange"));
};
class FakeNotification extends EventTarget {
  static permission = "granted";
  constructor(title, { body }) { super(); window.alerted.notes.push(`${title}: ${body}`); }
}
window.Notification = FakeNotification;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.alerted.tones += 1;
  start.apply(this, when);
};
"""
FORGETFUL = """
(() => {
  const get = Storage.prototype.getItem;
  Storage.prototype.getItem = function (key) {
    return key === "parley:heard-of" ? null : get.call(this, key);
  };
})()
"""
"""A tab that has not received what another one stored."""
COVERED = """() => {
  const box = document.querySelector(".toast").getBoundingClientRect();
  const newest = [...document.querySelectorAll("[data-items] > [data-position]")].at(-1);
  return [newest, document.querySelector("[data-composer]")].filter((one) => {
    const { top, bottom, left, right } = one.getBoundingClientRect();
    return top < box.bottom && bottom > box.top && left < box.right && right > box.left;
  }).map((one) => one.className);
}"""
"""What of a thread lies under the toast."""
SIZES: list[ViewportSize] = [{"width": 390, "height": 844}, {"width": 1440, "height": 900}]
TONES = 2
"""The number of tones of a sound."""
ONCE = 1.0
"""Seconds in which another tab would announce the same."""


@pytest.fixture
def conversation(app: AppProcesses) -> str:
    """The address of a new customer's conversation."""
    return _begun(app)


def _begun(app: AppProcesses, text: str = "Hello") -> str:
    facts = app.demo()
    source = next(row["id"] for row in facts["sources"] if row["kind"] == "api")
    body = {"source": source, "contact": {"external_id": uuid4().hex}, "text": text}
    headers = {"Authorization": f"Bearer {facts['api_key']}"}
    answer = httpx.post(f"{app.url}/api/v1/conversations/", json=body, headers=headers, timeout=20)
    assert answer.is_success, answer.text
    return f"/conversations/{answer.json()['id']}/"


@pytest.fixture
def alice(browser: Browser, app: AppProcesses, enter: Enter) -> Iterator[Page]:
    """Alice's window."""
    yield from _chats(browser, app, "alice", enter)


@pytest.fixture
def bob(browser: Browser, app: AppProcesses, enter: Enter) -> Iterator[Page]:
    """Bob's window."""
    yield from _chats(browser, app, "bob", enter)


def _chats(browser: Browser, app: AppProcesses, name: str, enter: Enter) -> Iterator[Page]:
    context = browser.new_context(base_url=app.url)
    enter(context, name)
    context.add_init_script(RECORDING)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/chats/")
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
    expect(alice.locator("[data-live]").first).to_have_text("Live", timeout=PATIENCE)
    alice.locator("[data-bell] > button").click()
    expect(mine).not_to_have_class(re.compile("bell__item--unread"), timeout=PATIENCE)


def test_a_packet_appears_below_the_request(bob: Page, conversation: str) -> None:
    bob.goto(conversation)
    expect(bob.locator("[data-live]").first).to_have_text("Live", timeout=PATIENCE)
    bob.locator(".floor [data-act=join]").click()
    expect(bob.locator(".event--requested + .packet")).to_contain_text(
        "Handoff packet", timeout=PATIENCE
    )


def test_while_no_tab_is_on_screen_the_browser_tells_once(
    alice: Page, bob: Page, conversation: str
) -> None:
    tabs = [alice, _another(alice)]
    for tab in tabs:
        tab.evaluate("leave()")
    _mention(bob, conversation, "have a look at this")
    expect(alice.locator("[data-bell-count]")).to_be_visible(timeout=PATIENCE)
    waiting.until(lambda: _notes(tabs), page=alice)
    waiting.stays(lambda: len(_notes(tabs)) == 1, during=ONCE, page=alice)
    assert sum(tab.evaluate("alerted.tones") for tab in tabs) == TONES
    assert bob.evaluate("alerted") == {"notes": [], "tones": 0}
    expect(alice.locator(".toast")).to_have_count(0)


def test_tabs_that_store_late_tell_once(alice: Page, bob: Page, conversation: str) -> None:
    tabs = [alice, _another(alice)]
    for tab in tabs:
        tab.evaluate(FORGETFUL)
        tab.evaluate("leave()")
    _mention(bob, conversation, "look here")
    expect(alice.locator("[data-bell-count]")).to_be_visible(timeout=PATIENCE)
    waiting.until(lambda: "look here" in str(_notes(tabs)), page=alice)
    waiting.stays(lambda: str(_notes(tabs)).count("look here") == 1, during=ONCE, page=alice)


def test_a_tab_on_screen_tells_and_the_browser_is_silent(
    alice: Page, bob: Page, conversation: str
) -> None:
    hidden = _another(alice)
    hidden.evaluate("leave()")
    _mention(bob, conversation, "have a look at that")
    expect(alice.locator(".toast")).to_contain_text("have a look at that", timeout=PATIENCE)
    waiting.until(lambda: alice.evaluate("alerted.tones"), page=alice)
    silent = {"notes": [], "tones": 0}
    waiting.stays(lambda: hidden.evaluate("alerted") == silent, during=ONCE, page=alice)
    assert alice.evaluate("alerted") == {"notes": [], "tones": TONES}


def test_news_waits_for_an_undo(
    alice: Page, bob: Page, conversation: str, app: AppProcesses
) -> None:
    alice.goto(conversation)
    expect(alice.locator("[data-live]").first).to_have_text("Live", timeout=PATIENCE)
    alice.locator(".floor [data-act=end]").click()
    toast = alice.locator(".toast")
    expect(toast).to_contain_text("Conversation closed", timeout=PATIENCE)
    toast.hover()
    for size in SIZES:
        alice.set_viewport_size(size)
        assert alice.evaluate(COVERED) == []
    _mention(bob, _begun(app), "and another one")
    expect(alice.locator("[data-bell-count]")).to_be_visible(timeout=PATIENCE)
    expect(toast).to_contain_text("Conversation closed")
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_contain_text("and another one")


def test_who_waited_before_the_page_came_is_counted_until_then_only(
    alice: Page, bob: Page, app: AppProcesses
) -> None:
    bob.goto(_begun(app, "Can I talk to a person?"))
    expect(bob.locator(".floor [data-act=accept]")).to_be_visible(timeout=PATIENCE)
    alice.reload()
    expect(alice.locator("[data-live]").first).to_have_text("Live", timeout=PATIENCE)
    waiting = alice.locator(".count--waiting")
    before = int(waiting.inner_text())
    link = alice.locator(".nav__item[href='/tickets/']")
    link.focus()

    bob.locator(".floor [data-act=release]").click()

    left = f"{before - 1}" if before > 1 else ""
    alice.wait_for_function(
        "left => (document.querySelector('.count--waiting')?.textContent ?? '') === left",
        arg=left,
        timeout=PATIENCE,
    )
    expect(link).to_be_focused()


def _another(page: Page) -> Page:
    """Open one more tab of the same person."""
    tab = page.context.new_page()
    tab.goto("/chats/")
    expect(tab.locator("[data-live]").first).to_have_text("Live", timeout=PATIENCE)
    return tab


def _notes(tabs: list[Page]) -> list[str]:
    """Return the browser's notifications in all tabs."""
    return [note for tab in tabs for note in tab.evaluate("alerted.notes")]


def _mention(author: Page, conversation: str, text: str) -> None:
    """Let ``author`` write a note that mentions Alice."""
    author.goto(conversation)
    author.keyboard.press("n")
    author.locator("[data-composer] [data-text]").fill(f"@alice {text}")
    author.keyboard.press("Enter")
    expect(author.locator(".message--note[data-position]", has_text=text)).to_be_visible()
