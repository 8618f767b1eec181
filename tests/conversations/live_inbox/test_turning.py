"""The inbox in Chromium: responses that arrive after an agent has opened another conversation."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute, expect

from tests.conversations.live_inbox.helpers import ANSWERED_AT_ONCE, Customer, open_row
from tests.servers import waiting

pytestmark = pytest.mark.browser

LATE = 0.3
"""Seconds in which a page shows the content of a response."""


def _open_answered(page: Page, customer: Customer) -> None:
    open_row(page, customer)
    expect(page.locator(".message--assistant[data-position]")).to_have_count(1)
    page.wait_for_load_state("networkidle")


def _held(page: Page, pattern: str | re.Pattern[str], times: int | None = None) -> list[Route]:
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route), times=times)  # noqa: PLW0108
    return held


def _await(page: Page, held: list[Route]) -> Route:
    return waiting.until(lambda: held, page=page)[0]


def test_the_row_that_was_read_is_fetched_and_no_other(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    one, other = begin(ANSWERED_AT_ONCE), begin(ANSWERED_AT_ONCE)
    for customer in (one, other):
        expect(inbox.locator(f'[data-row="{customer.id}"]')).to_contain_text("Ada:")
    inbox.evaluate(
        """(other) => import('/static/ui/connection.js').then(({ live }) => {
          live.read = () => document.querySelector(`[data-row="${other}"] .row`).click();
        })""",
        other.id,
    )
    with inbox.expect_request(lambda sent: f"id={one.id}" in sent.url):
        inbox.locator(f'[data-row="{one.id}"] .row').click()
    expect(inbox.locator(f'[data-thread="{other.id}"]')).to_be_visible()


def test_the_floor_of_another_conversation_is_not_shown_here(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    one, other = begin(ANSWERED_AT_ONCE), begin(ANSWERED_AT_ONCE)
    expect(inbox.locator(f'[data-row="{other.id}"]')).to_be_visible()
    _open_answered(inbox, one)
    floors = _held(inbox, f"**/{one.id}/floor/")
    threads = _held(inbox, f"**/conversations/{other.id}/")
    inbox.locator("[data-thread-scroll]").focus()
    inbox.keyboard.press("p")
    floor = _await(inbox, floors)
    inbox.locator(f'[data-row="{other.id}"] .row').click()
    thread = _await(inbox, threads)
    expect(inbox.locator(".floor .segments [aria-checked=true]")).to_have_text("Active")
    with inbox.expect_response(f"**/{one.id}/floor/"):
        floor.continue_()
    shown = inbox.locator(".floor .segments [aria-checked=true]")
    waiting.stays(lambda: shown.inner_text() == "Active", during=LATE, page=inbox)
    thread.continue_()
    expect(inbox.locator(f'[data-thread="{other.id}"]')).to_be_visible()


def test_details_that_come_late_leave_the_floor_alone(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin(ANSWERED_AT_ONCE)
    _open_answered(inbox, customer)
    script = "() => fetch(document.querySelector('[data-thread]').dataset.details)"
    before = inbox.evaluate(f"{script}.then((answer) => answer.text())")
    late = _held(inbox, "**/details/")
    customer.says("And to Sweden?")
    details = _await(inbox, late)
    inbox.locator("[data-thread-scroll]").focus()
    inbox.keyboard.press("Shift+J")
    expect(inbox.locator(".floor__state")).to_contain_text("You asked for the floor")
    details.fulfill(body=before.replace("Variables", "Late details"), content_type="text/html")
    expect(inbox.locator("[data-details-pane]")).to_contain_text("Late details")
    expect(inbox.locator(".floor__state")).to_contain_text("You asked for the floor")


def test_details_missed_while_one_is_in_them_come_afterwards(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin(ANSWERED_AT_ONCE)
    _open_answered(inbox, customer)
    details = inbox.locator("[data-details-pane]")
    details.locator("summary").focus()
    with inbox.expect_response("**/details/"):
        customer.says("And to Sweden?")
    again: list[Route] = _held(inbox, "**/details/")
    waiting.stays(lambda: not again, during=1.0, page=inbox)
    inbox.get_by_role("textbox", name="Message").focus()
    _await(inbox, again)


def test_what_is_closed_while_it_loads_stays_closed(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin(ANSWERED_AT_ONCE)
    row = inbox.locator(f'[data-row="{customer.id}"] .row')
    expect(row).to_be_visible()
    threads = _held(inbox, f"**/conversations/{customer.id}/")
    row.click()
    thread = _await(inbox, threads)
    inbox.go_back()
    expect(inbox.locator("[data-inbox]")).to_have_attribute("data-opened", "")
    thread.continue_()
    waiting.stays(lambda: not inbox.locator("[data-thread]").count(), during=0.5, page=inbox)


class Wire:
    """The page's socket, on which a test may send events of its own."""

    def __init__(self, page: Page) -> None:
        """Sit between ``page``, before it is loaded, and the server."""
        self._ends: list[WebSocketRoute] = []
        page.route_web_socket("**/ws/v1/", self._join)

    def _join(self, end: WebSocketRoute) -> None:
        end.connect_to_server()
        self._ends.append(end)

    def sends(self, customer: Customer, name: str, **data: Any) -> None:
        """Send an event of the conversation."""
        frame = {"type": name, "topic": f"conversation:{customer.id}", "data": data}
        self._ends[-1].send(json.dumps(frame))


@pytest.fixture
def wired(window: BrowserContext) -> tuple[Page, Wire]:
    """Alice's inbox and its wire."""
    page = window.new_page()
    wire = Wire(page)
    page.goto("/conversations/")
    expect(page.locator("[data-live]")).to_have_text("Live")
    return page, wire


def test_a_message_that_changes_is_watched_on(
    wired: tuple[Page, Wire], begin: Callable[..., Customer]
) -> None:
    page, wire = wired
    customer = begin(ANSWERED_AT_ONCE)
    _open_answered(page, customer)
    entry = page.locator(".message--assistant[data-position]")
    name = entry.get_attribute("id") or ""
    entry.evaluate("(entry) => entry.append('former')")
    wire.sends(customer, "message.updated", id=name.removeprefix("message-"))
    expect(entry).not_to_contain_text("former")
    expect(entry).to_have_attribute("data-watched", "")


def test_a_message_that_changes_below_an_answer_still_shows_who_wrote_it(
    wired: tuple[Page, Wire], begin: Callable[..., Customer]
) -> None:
    page, wire = wired
    customer = begin(ANSWERED_AT_ONCE)
    _open_answered(page, customer)
    for text in ("one", "two"):
        customer.is_noted(text)
    above, below = (
        page.locator(".message--note[data-position]", has_text=text) for text in ("one", "two")
    )
    grouped = re.compile("message--grouped")
    expect(below).to_have_class(grouped)
    behind = int(above.get_attribute("data-position") or "")
    wire.sends(customer, "run.started", run=str(uuid4()), message_id=str(uuid4()), behind=behind)
    expect(below).not_to_have_class(grouped)
    name = below.get_attribute("id") or ""
    below.evaluate("(entry) => entry.append('former')")
    wire.sends(customer, "message.updated", id=name.removeprefix("message-"))
    expect(below).not_to_contain_text("former")
    expect(below).not_to_have_class(grouped)


def test_a_run_that_ended_leaves_no_bubble(
    wired: tuple[Page, Wire], begin: Callable[..., Customer]
) -> None:
    page, wire = wired
    customer = begin(ANSWERED_AT_ONCE)
    _open_answered(page, customer)
    run = {"run": str(uuid4()), "message_id": str(uuid4())}
    bubble = page.locator("[data-live-run]")
    newer = _held(page, "**/messages/?after=*", times=1)
    wire.sends(customer, "message.created")
    _await(page, newer)
    wire.sends(customer, "run.started", **run)
    expect(bubble).to_have_count(1)
    wire.sends(customer, "end", **run)
    expect(bubble.locator(".stream")).to_have_count(0)
    newer[0].continue_()
    expect(bubble).to_have_count(0)
    wire.sends(customer, "chunk", **run, attempt=0, offset=0, text="late")
    wire.sends(customer, "typing", actor={"kind": "staff", "id": 0, "name": "The End"})
    expect(page.locator("[data-typing]")).to_contain_text("The End")
    expect(bubble).to_have_count(0)
    # Whoever has written types no more: sooner than the line would go by itself.
    author = {"kind": "agent", "id": "0", "name": "The End"}
    wire.sends(customer, "message.created", author=author)
    expect(page.locator("[data-typing]")).to_be_empty(timeout=3_000)


def test_rows_of_another_filter_do_not_come_into_this_list(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    rows = _held(inbox, re.compile(r"/rows/\?(.*&)?id="), times=1)
    customer = begin(ANSWERED_AT_ONCE)
    late = _await(inbox, rows)
    inbox.get_by_role("link", name="Closed", exact=True).click()
    expect(inbox.get_by_role("link", name="Closed", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    with inbox.expect_response(lambda sent: customer.id in sent.url):
        late.continue_()
    row = inbox.locator(f'[data-row="{customer.id}"]')
    waiting.stays(lambda: not row.count(), during=LATE, page=inbox)
