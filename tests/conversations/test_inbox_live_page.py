"""The inbox in Chromium, on a whole running Parley: what moves, and what must not."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Page,
    Route,
    ViewportSize,
    expect,
)

from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

PATIENCE = 20_000
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
QUESTION = "How long does delivery to Norway take, and what does it cost?"
expect.set_options(timeout=PATIENCE)


class Customer:
    """Nils, who writes through the API source."""

    def __init__(self, api: httpx.Client, source: str, text: str) -> None:
        """Begin a conversation with ``text``."""
        self._api = api
        contact = {"name": "Nils Holgersson", "external_id": uuid4().hex}
        body = {"source": source, "contact": contact, "text": text}
        self.id: str = self._post("conversations/", body)["id"]

    def says(self, text: str) -> None:
        """Write one more message."""
        self._post(f"conversations/{self.id}/customer-messages/", {"text": text})

    def is_noted(self, text: str) -> None:
        """Let a system leave a note."""
        body = {"text": text, "kind": "note", "client_id": uuid4().hex}
        self._post(f"conversations/{self.id}/messages/", body)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._api.post(path, json=body)
        assert answer.is_success, answer.text
        data: dict[str, Any] = answer.json()
        return data


@pytest.fixture(scope="module")
def begin(app: AppProcesses) -> Iterator[Callable[..., Customer]]:
    """How a customer begins."""
    facts = app.demo()
    source = next(row["id"] for row in facts["sources"] if row["kind"] == "api")
    headers = {"Authorization": f"Bearer {facts['api_key']}"}
    with httpx.Client(base_url=f"{app.url}/api/v1/", headers=headers, timeout=20) as api:
        yield lambda text=QUESTION: Customer(api, source, text)


@pytest.fixture(scope="module")
def session(browser: Browser, app: AppProcesses) -> Any:
    """Alice's session, signed in once."""
    context = browser.new_context(base_url=app.url)
    sign_in(context, "alice")
    state = context.storage_state()
    context.close()
    return {"cookies": state["cookies"]}


@pytest.fixture
def window(browser: Browser, app: AppProcesses, session: Any) -> Iterator[BrowserContext]:
    """A window in which Alice is signed in and has written nothing yet."""
    context = browser.new_context(base_url=app.url, viewport=DESK, storage_state=session)
    yield context
    context.close()


@pytest.fixture
def inbox(window: BrowserContext) -> Page:
    """Alice's inbox."""
    page = window.new_page()
    page.goto("/conversations/")
    expect(page.locator("[data-live]")).to_have_text("Live")
    return page


def sign_in(window: BrowserContext, name: str) -> Page:
    """Sign ``name`` in; the inbox opens."""
    page = window.new_page()
    page.goto("/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(f"{name}-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("[data-live]")).to_have_text("Live")
    return page


def open_row(page: Page, customer: Customer) -> None:
    """Open a conversation from the list."""
    page.locator(f'[data-row="{customer.id}"] .row').click()
    expect(page.locator(f'[data-thread="{customer.id}"]')).to_be_visible()


def say(page: Page, text: str) -> None:
    """Write in the composer and press Enter."""
    page.get_by_role("textbox", name="Message").fill(text)
    page.get_by_role("textbox", name="Message").press("Enter")


def bubble(page: Page, text: str) -> Any:
    """The bubble that says ``text``, confirmed by the server."""
    return page.locator(".message[data-position]", has_text=text)


def test_a_new_conversation_appears_and_its_answer_streams(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    row = inbox.locator(f'[data-row="{customer.id}"]')
    expect(row).to_contain_text("Nils Holgersson")
    open_row(inbox, customer)
    expect(inbox).to_have_url(re.compile(customer.id))
    live = inbox.locator("[data-live-run]")
    expect(live.locator(".caret")).to_be_visible()
    expect(row).to_contain_text("is writing")
    expect(inbox.locator(".message--assistant[data-position]")).to_have_count(1)
    expect(live).to_have_count(0)


def test_a_reload_in_mid_answer_goes_on_with_the_same_text(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    inbox.goto(f"/conversations/{customer.id}/")
    expect(inbox.locator("[data-live-run] .prose__tail")).to_contain_text(" ")
    inbox.reload()
    expect(inbox.locator("[data-live-run] .prose__tail")).to_contain_text(" ")
    expect(inbox.locator(".message--assistant[data-position]")).to_have_count(1)
    expect(inbox.locator("[data-live-run]")).to_have_count(0)


def test_stop_keeps_what_was_written(inbox: Page, begin: Callable[..., Customer]) -> None:
    customer = begin()
    inbox.goto(f"/conversations/{customer.id}/")
    expect(inbox.locator("[data-live-run] .prose__tail")).to_contain_text(" ")
    inbox.get_by_role("button", name="Stop").click()
    expect(inbox.locator(".message__cut")).to_have_text("Stopped")


def test_sending_takes_over_and_appears_once(inbox: Page, begin: Callable[..., Customer]) -> None:
    customer = begin()
    open_row(inbox, customer)
    expect(inbox.get_by_text("Sending takes over from")).to_be_visible()
    say(inbox, "Hello, Alice here.\nOne moment.")
    expect(bubble(inbox, "Alice here")).to_have_count(1)
    expect(inbox.locator(".floor__state")).to_have_text("You have the floor")
    expect(inbox.locator("[data-pending]")).to_have_count(0)
    expect(inbox.get_by_text("Sending takes over from")).to_be_hidden()


def test_what_comes_too_early_waits_and_goes_by_itself(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    open_row(inbox, begin())
    say(inbox, "the first")
    expect(bubble(inbox, "the first")).to_have_count(1)
    say(inbox, "the second")
    expect(inbox.locator("[data-pending]")).to_contain_text(re.compile(r"Goes in \d s"))
    expect(bubble(inbox, "the second")).to_have_count(1)
    expect(inbox.locator("[data-pending]")).to_have_count(0)


def test_what_waits_can_be_called_back(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    say(inbox, "the first")
    expect(bubble(inbox, "the first")).to_have_count(1)
    say(inbox, "better not")
    inbox.get_by_role("button", name="Call back").click()
    expect(inbox.get_by_role("textbox", name="Message")).to_have_value("better not")
    expect(inbox.locator("[data-pending]")).to_have_count(0)


def test_a_file_goes_along(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    note: FilePayload = {"name": "measures.txt", "mimeType": "text/plain", "buffer": b"30 by 40 cm"}
    inbox.locator("[data-file-input]").set_input_files([note])
    expect(inbox.locator("[data-files]")).to_contain_text("measures.txt")
    expect(inbox.locator("[data-files] .progress")).to_have_count(0)
    say(inbox, "Here are the measures.")
    sent = bubble(inbox, "Here are the measures.")
    expect(sent.locator(".attachment__name")).to_have_text("measures.txt")
    expect(inbox.locator("[data-files] .attachment")).to_have_count(0)


def test_a_draft_survives_a_reload(inbox: Page, begin: Callable[..., Customer]) -> None:
    customer = begin()
    open_row(inbox, customer)
    inbox.get_by_role("textbox", name="Message").fill("half a thought")
    inbox.reload()
    expect(inbox.get_by_role("textbox", name="Message")).to_have_value("half a thought")


def test_a_note_is_for_the_team_and_takes_no_floor(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    open_row(inbox, begin())
    inbox.get_by_role("tab", name="Note").click()
    expect(inbox.locator(".composer--note")).to_be_visible()
    say(inbox, "Careful with this one.")
    expect(inbox.locator(".message--note[data-position]")).to_have_count(1)
    expect(inbox.locator(".floor__state")).to_have_text("AI-Handling")


def test_the_floor_goes_round(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    floor = inbox.get_by_role("region", name="Handoff")
    floor.get_by_role("button", name="Join").click()
    expect(floor).to_contain_text("Escalated")
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
    open_row(inbox, begin())
    switch = inbox.locator("[data-switch-button]")
    expect(switch).to_contain_text("Active")
    expect(inbox.locator(".message--assistant[data-position]")).to_have_count(1)
    inbox.wait_for_timeout(1_000)
    lost: list[Route] = []

    def lose(route: Route) -> None:
        lost.append(route)
        route.abort()

    inbox.route("**/floor/", lose)
    inbox.locator("[data-thread-scroll]").focus()
    inbox.keyboard.press("p")
    inbox.wait_for_timeout(1_500)
    assert lost
    inbox.unroute_all()
    expect(switch).to_contain_text("Paused")


def test_the_loser_of_a_race_hears_who_won(
    inbox: Page, browser: Browser, app: AppProcesses, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    other = browser.new_context(base_url=app.url, viewport=DESK)
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
    inbox.get_by_role("button", name="Block Nils Holgersson").click()
    expect(inbox.locator(".switch-button--blocked")).to_be_visible()
    expect(inbox.locator(".floor__state")).to_have_text("User blocked")


def test_pausing_by_key(inbox: Page, begin: Callable[..., Customer]) -> None:
    open_row(inbox, begin())
    inbox.locator("[data-thread-scroll]").focus()
    inbox.keyboard.press("p")
    expect(inbox.locator(".switch-button--paused")).to_be_visible()
    inbox.keyboard.press("p")
    expect(inbox.locator(".switch-button--paused")).to_have_count(0)


def test_older_messages_come_without_moving_what_one_reads(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    for number in range(60):
        customer.is_noted(f"note {number} " + "lorem ipsum " * (number % 9))
    inbox.goto(f"/conversations/{customer.id}/")
    expect(inbox.locator("[data-thread]")).to_be_visible()
    first = inbox.locator("[data-position]").first
    name = first.get_attribute("id")
    moved = inbox.evaluate(
        """async (name) => {
          const scroll = document.querySelector("[data-thread-scroll]");
          const top = () => document.getElementById(name).getBoundingClientRect().top;
          scroll.scrollTop = 200;
          await new Promise(requestAnimationFrame);
          const before = top();
          const count = () => document.querySelectorAll("[data-position]").length;
          for (const start = count(); count() === start; ) await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return top() - before;
        }""",
        name,
    )
    assert abs(moved) <= 1
    customer.is_noted("while you were reading")
    expect(inbox.locator("[data-jump]")).to_have_text("1 new")
    inbox.locator("[data-jump]").click()
    expect(inbox.get_by_text("while you were reading")).to_be_in_viewport()


def test_rows_wait_while_one_points_at_the_list(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    one, two = begin(), begin()
    for customer in (one, two):
        expect(inbox.locator(f'[data-row="{customer.id}"]')).to_contain_text("Ada:")
    rows = inbox.locator("[data-row]")
    is_two_first = rows.first.get_attribute("data-row") == two.id
    former, latter = (one, two) if is_two_first else (two, one)
    expect(rows.first).to_have_attribute("data-row", latter.id)
    rows.nth(3).hover()
    former.says("Are you there?")
    expect(inbox.locator(f'[data-row="{former.id}"]')).to_contain_text("Are you there?")
    expect(inbox.locator("[data-updated]")).to_contain_text("updated")
    expect(rows.first).to_have_attribute("data-row", latter.id)
    inbox.keyboard.press(".")
    expect(rows.first).to_have_attribute("data-row", former.id)


def test_filters_and_search_stand_in_the_address(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    row = inbox.locator(f'[data-row="{customer.id}"]')
    expect(row).to_be_visible()
    inbox.get_by_role("link", name="Closed", exact=True).click()
    expect(inbox).to_have_url(re.compile(r"status=closed"))
    expect(row).to_have_count(0)
    inbox.get_by_role("link", name="All", exact=True).click()
    inbox.get_by_role("searchbox").fill("holgersson")
    expect(inbox).to_have_url(re.compile(r"search=holgersson"))
    expect(row).to_be_visible()
    inbox.reload()
    expect(inbox.get_by_role("searchbox")).to_have_value("holgersson")
    inbox.get_by_role("link", name="Clear filters").first.click()
    expect(inbox).not_to_have_url(re.compile(r"search="))


def test_keys_walk_through_the_list(inbox: Page, begin: Callable[..., Customer]) -> None:
    begin()
    customer = begin()
    expect(inbox.locator("[data-row]").first).to_have_attribute("data-row", customer.id)
    inbox.keyboard.press("j")
    expect(inbox).to_have_url(re.compile(customer.id))
    inbox.keyboard.press("j")
    expect(inbox).not_to_have_url(re.compile(customer.id))
    inbox.keyboard.press("k")
    expect(inbox).to_have_url(re.compile(customer.id))
    inbox.keyboard.press("r")
    expect(inbox.get_by_role("textbox", name="Message")).to_be_focused()
    inbox.go_back()
    expect(inbox).not_to_have_url(re.compile(customer.id))


def test_without_a_network_one_writes_on_and_nothing_is_lost(
    inbox: Page, window: BrowserContext, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    open_row(inbox, customer)
    expect(inbox.locator(".message--assistant[data-position]")).to_have_count(1)
    window.set_offline(True)
    inbox.evaluate("import('/static/config/connection.js').then(({ live }) => live.close())")
    inbox.evaluate("import('/static/config/connection.js').then(({ live }) => live.open())")
    expect(inbox.locator("[data-connection]")).to_contain_text("No connection.")
    say(inbox, "written without a network")
    expect(inbox.locator("[data-pending]")).to_contain_text("Waits for the connection")
    customer.is_noted("meanwhile")
    window.set_offline(False)
    expect(bubble(inbox, "written without a network")).to_have_count(1)
    expect(bubble(inbox, "meanwhile")).to_have_count(1)
    expect(inbox.locator("[data-connection]")).to_be_hidden()


def test_a_phone_shows_one_pane_at_a_time(
    browser: Browser, app: AppProcesses, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    context = browser.new_context(base_url=app.url, viewport=PHONE, has_touch=True, is_mobile=True)
    page = sign_in(context, "alice")
    page.locator(f'[data-row="{customer.id}"] .row').tap()
    expect(page.locator("[data-composer]")).to_be_visible()
    expect(page.locator("[data-list]")).to_be_hidden()
    page.get_by_role("link", name="Details").tap()
    expect(page.get_by_role("heading", name="Details")).to_be_visible()
    page.get_by_role("link", name="Back to the conversation").tap()
    page.get_by_role("link", name="Back to the list").tap()
    expect(page.locator("[data-list]")).to_be_visible()
    context.close()
