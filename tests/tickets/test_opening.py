"""A ticket's page in a real browser: how it opens, and how it shows what came before."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.tickets.helpers import RestClient
from tests.tickets.test_browser import page, rest, shown

__all__ = ["page", "rest"]

pytestmark = pytest.mark.browser


def test_an_address_opens_its_ticket_even_after_a_failure(page: Page, rest: RestClient) -> None:
    number = rest.ticket("Lamp flickers")["number"]
    routes: list[Route] = []

    def refuse_once(route: Route) -> None:
        is_fragment = route.request.headers.get("x-requested-with") == "fetch"
        routes.append(route)
        if is_fragment and len(routes) == 2:
            route.fulfill(status=409)
        else:
            route.continue_()

    page.route(f"**/tickets/{number}/", refuse_once)
    page.goto(f"/tickets/{number}/")
    pane = page.locator("[data-ticket-pane]")
    expect(pane).to_contain_text(re.compile("The ticket didn.t load"))
    expect(page).to_have_title(re.compile(f"^#{number} Lamp flickers"))
    pane.get_by_role("button", name="Try again").click()
    expect(pane.get_by_label("Subject", exact=True)).to_have_value("Lamp flickers")

    page.locator("[data-back]:visible").last.click()
    page.wait_for_url("**/tickets/")
    page.go_back()
    expect(pane.get_by_label("Subject", exact=True)).to_have_value("Lamp flickers")
    expect(page).to_have_title(re.compile(f"^#{number} Lamp flickers"))


def test_what_was_fetched_of_the_past_stays(page: Page, rest: RestClient) -> None:
    number = rest.ticket("Long story")["number"]
    for count in range(103):
        rest.post(f"tickets/{number}/comments/", {"text": f"Remark {count}."})
    shown(page, number)
    entries = page.locator("[data-entry]")
    expect(entries).to_have_count(100)
    page.get_by_role("button", name="Earlier").click()
    expect(entries).to_have_count(104)
    expect(entries.first).to_contain_text("created this ticket")
    expect(entries.first).to_be_focused()

    rest.post(f"tickets/{number}/comments/", {"text": "The last word"})
    expect(entries).to_have_count(105)
    expect(entries.last).to_contain_text("The last word")
    expect(page.get_by_role("button", name="Earlier")).to_have_count(0)
