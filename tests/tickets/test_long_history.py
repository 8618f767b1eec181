"""A ticket with a long history in a real browser: what is in the page, and the way back."""

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.servers.parley import AppProcesses
from tests.tickets.helpers import RestClient
from tests.tickets.test_browser import page, rest

__all__ = ["page", "rest"]

pytestmark = pytest.mark.browser

MOST = 200
NUMBER = 330
SCRIPT = """
from datetime import timedelta
from tickets.models import Comment, Ticket
ticket = Ticket.objects.get(number={number})
Comment.objects.bulk_create(
    Comment(
        ticket=ticket,
        text=f"n{{n}}.",
        actor="system",
        author_name="Ada",
        created_at=ticket.created_at + timedelta(milliseconds=n),
    )
    for n in range({comments})
)
"""


@pytest.fixture
def timeline(app: AppProcesses, rest: RestClient, page: Page) -> Locator:
    """Return the timeline of a ticket with many comments, as it opens."""
    number = rest.ticket("Lamp flickers")["number"]
    app.manage("shell", "-c", SCRIPT.format(number=number, comments=NUMBER))
    page.goto(f"/tickets/{number}/")
    return page.locator("[data-timeline]")


def test_at_most_200_entries_stay_and_the_newest_come_back(timeline: Locator, page: Page) -> None:
    entries = timeline.locator("[data-entry]")
    newest = timeline.get_by_role("button", name="Newest")
    earlier = timeline.get_by_role("button", name="Earlier")
    for first in (NUMBER - 100, NUMBER - 200, NUMBER - 300):
        expect(entries.first).to_contain_text(f"n{first}.")
        assert entries.count() <= MOST
        if first > NUMBER - 300:
            expect(newest).to_be_hidden()
            earlier.click()
    expect(entries.last).to_contain_text(f"n{NUMBER - 101}.")

    newest.click()
    expect(entries.last).to_contain_text(f"n{NUMBER - 1}.")
    expect(entries.last).to_be_focused()
    expect(newest).to_be_hidden()
    assert entries.count() == MOST / 2


def test_what_comes_meanwhile_leaves_the_place_alone(
    timeline: Locator, page: Page, rest: RestClient
) -> None:
    entries = timeline.locator("[data-entry]")
    newest = timeline.get_by_role("button", name="Newest")
    timeline.get_by_role("button", name="Earlier").click()
    expect(entries).to_have_count(MOST)
    number = page.url.rstrip("/").rpartition("/")[2]
    rest.post(f"tickets/{number}/comments/", {"text": "Meanwhile", "client_id": str(uuid4())})

    expect(newest).to_be_visible()
    expect(entries).to_have_count(MOST)
    expect(entries.first).to_contain_text(f"n{NUMBER - 200}.")

    comment = page.get_by_role("textbox", name="Comment")
    comment.fill("Of my own")
    comment.press("Enter")
    expect(entries.last).to_contain_text("Of my own")
    expect(entries.nth(-2)).to_contain_text("Meanwhile")
    expect(newest).to_be_hidden()
