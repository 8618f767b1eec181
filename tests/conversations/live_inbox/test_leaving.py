"""The inbox in Chromium: pending messages and drafts when an agent leaves a conversation."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.conversations.live_inbox.helpers import Customer, bubble, open_row, say

pytestmark = pytest.mark.browser

SECRET: FilePayload = {"name": "margins.txt", "mimeType": "text/plain", "buffer": b"41 percent"}


def _two(page: Page, begin: Callable[..., Customer]) -> tuple[Customer, Customer]:
    both = begin(), begin()
    for customer in both:
        expect(page.locator(f'[data-row="{customer.id}"]')).to_be_visible()
    return both


def _attach(page: Page) -> None:
    page.locator("[data-file-input]").set_input_files([SECRET])
    expect(page.locator("[data-files]")).to_contain_text("margins.txt")
    expect(page.locator("[data-files] .progress")).to_have_count(0)


def _say_too_early(page: Page) -> None:
    early = {"code": "rate_limited", "detail": "Too early.", "retry_after": 4}
    page.route("**/messages/", lambda route: route.fulfill(status=429, json=early), times=1)
    say(page, "the second")
    expect(page.locator("[data-pending]")).to_contain_text(re.compile(r"Goes in \d s"))


def test_what_waits_goes_although_one_has_left(inbox: Page, begin: Callable[..., Customer]) -> None:
    one, other = _two(inbox, begin)
    open_row(inbox, one)
    _say_too_early(inbox)
    with inbox.expect_response(re.compile(rf"{one.id}/messages/$")) as sent:
        open_row(inbox, other)
    assert sent.value.ok
    open_row(inbox, one)
    expect(bubble(inbox, "the second")).to_have_count(1)
    expect(inbox.locator("[data-pending]")).to_have_count(0)


def test_what_waits_goes_from_every_page(inbox: Page, begin: Callable[..., Customer]) -> None:
    customer = begin()
    open_row(inbox, customer)
    _say_too_early(inbox)
    with inbox.expect_response(lambda sent: f"{customer.id}/messages/" in sent.url and sent.ok):
        inbox.goto("/tickets/")
    inbox.goto(f"/conversations/{customer.id}/")
    expect(bubble(inbox, "the second")).to_have_count(1)


def test_what_is_refused_meanwhile_is_kept_and_told(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    one, other = _two(inbox, begin)
    open_row(inbox, one)
    held: list[Route] = []
    inbox.route("**/messages/", lambda route: held.append(route))  # noqa: PLW0108
    say(inbox, "too late")
    expect(inbox.locator("[data-pending]")).to_contain_text("Sending")
    open_row(inbox, other)
    held[0].fulfill(status=400, json={"code": "invalid", "detail": "Not like this."})
    expect(inbox.locator(".toast")).to_contain_text("Not sent: Not like this.")
    inbox.locator(".toast").get_by_role("button", name="Open").click()
    expect(inbox.locator(f'[data-thread="{one.id}"]')).to_be_visible()
    expect(inbox.get_by_role("textbox", name="Message")).to_have_value("too late")


def test_after_a_repeated_try_the_next_one_goes_too(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    open_row(inbox, begin())
    inbox.route("**/messages/", lambda route: route.abort())
    say(inbox, "the first")
    pending = inbox.locator("[data-pending]")
    expect(pending).to_contain_text("Waits for the connection")
    say(inbox, "the second")
    inbox.unroute_all()
    expect(bubble(inbox, "the second")).to_have_count(1)
    expect(bubble(inbox, "the first")).to_have_count(1)
    expect(pending).to_have_count(0)


def test_what_is_on_its_way_cannot_be_called_back(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    open_row(inbox, begin())
    tries: list[Route] = []

    def lose_the_first(route: Route) -> None:
        tries.append(route)
        if len(tries) == 1:
            route.abort()

    inbox.route("**/messages/", lose_the_first)
    say(inbox, "hello")
    back = inbox.get_by_role("button", name="Cancel sending")
    expect(back).to_be_visible()
    expect(back).to_be_hidden()
    expect(inbox.locator("[data-pending]")).to_contain_text("Waits for the connection")
    tries[1].continue_()
    expect(bubble(inbox, "hello")).to_have_count(1)


def test_a_file_stays_with_its_draft(inbox: Page, begin: Callable[..., Customer]) -> None:
    one, other = _two(inbox, begin)
    files = inbox.locator("[data-files] .attachment")
    open_row(inbox, one)
    inbox.get_by_role("tab", name="Note").click()
    _attach(inbox)
    inbox.get_by_role("tab", name="Reply").click()
    expect(files).to_have_count(0)
    open_row(inbox, other)
    expect(files).to_have_count(0)
    open_row(inbox, one)
    expect(files).to_have_count(0)
    inbox.reload()
    inbox.get_by_role("tab", name="Note").click()
    expect(files).to_have_count(1)
    say(inbox, "What we earn.")
    expect(bubble(inbox, "What we earn.").locator(".attachment__name")).to_have_text("margins.txt")
    inbox.reload()
    inbox.get_by_role("tab", name="Note").click()
    expect(files).to_have_count(0)
