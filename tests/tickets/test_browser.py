"""Tickets in a real browser, on a whole running Parley: seed 001's part of them."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from tests.servers import waiting
from tests.servers.fixtures import Enter
from tests.servers.parley import AppProcesses
from tests.tickets.helpers import RestClient, link_after_a_wrong_number, watched

pytestmark = pytest.mark.browser

PHONE = 390
INSIDE = """(one, around) =>
  one.getBoundingClientRect().right <= one.closest(around).getBoundingClientRect().right"""


@pytest.fixture(scope="module")
def rest(app: AppProcesses) -> RestClient:
    """Return the API of the running instance, with a conversation of Victor's."""
    return RestClient(app.url, app.demo())


@pytest.fixture
def page(window: BrowserContext, enter: Enter) -> Iterator[Page]:
    """Alice's window; whatever the console complains about fails the test."""
    enter(window, "alice")
    yield from watched(window)


@pytest.fixture
def bobs(browser: Browser, app: AppProcesses, enter: Enter) -> Iterator[Page]:
    """Bob's window."""
    context = browser.new_context(base_url=app.url, viewport={"width": 1440, "height": 900})
    enter(context, "bob")
    yield from watched(context)
    context.close()


def shown(page: Page, number: int) -> Page:
    page.goto(f"/tickets/{number}/")
    expect(page.locator("[data-ticket]")).to_be_visible()
    expect(page.locator("[data-live]")).to_have_text("Live")
    return page


def test_a_ticket_from_a_conversation_takes_two_clicks(page: Page, rest: RestClient) -> None:
    conversation = rest.conversation("My lamp arrived with a cracked base, order ORD-12345.")
    page.goto(f"/conversations/{conversation}/")
    expect(page.get_by_role("link", name="New chat")).to_be_visible()
    section = page.locator("[data-tickets-panel]")
    section.get_by_role("button", name="Create ticket").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Subject")).not_to_have_value("")
    expect(dialog.locator("[data-proposal]")).to_have_text("Proposed by the assistant")
    subject = dialog.get_by_label("Subject").input_value()
    dialog.get_by_role("button", name="Create ticket").click()

    expect(dialog).to_be_hidden()
    expect(
        page.get_by_role("status").get_by_role("button", name="Open", exact=True)
    ).to_be_visible()
    related = section.locator(".linked__item")
    expect(related).to_contain_text(subject)
    expect(page.locator(".thread .event").last).to_contain_text("created ticket #")
    other = rest.ticket(f"Linked later {uuid4().hex[:6]}")
    link_after_a_wrong_number(page, other["number"])
    expect(section.locator(".linked__item", has_text=other["subject"])).to_be_visible()
    section.locator(".linked__item", has_text=subject).click()
    page.wait_for_url("**/tickets/*/")
    expect(page.locator(".ticket__link")).to_contain_text("Conversation with Victor")
    page.locator(".ticket__link").click()
    page.wait_for_url(f"**/conversations/{conversation}/")


def test_fields_are_changed_where_they_stand(page: Page, rest: RestClient) -> None:
    ticket = rest.ticket("Zipper broken")
    shown(page, ticket["number"])
    page.get_by_label("Status", exact=True).last.select_option("pending")
    page.get_by_label("Priority", exact=True).last.select_option("urgent")
    page.get_by_label("Assignee", exact=True).last.select_option(label="Bob Okafor")
    page.get_by_label("Tags").fill("vip, carrier")
    page.get_by_label("Tags").press("Tab")
    page.get_by_label("Subject", exact=True).fill("Zipper of the weekend bag")
    page.get_by_label("Subject", exact=True).press("Enter")
    page.get_by_role("button", name="Edit the description").click()
    page.get_by_label("Description", exact=True).fill("Send a **new** one")
    page.get_by_label("Description", exact=True).press("Tab")

    expect(page.locator("[data-timeline]")).to_contain_text("rewrote the description")
    expect(page.locator(".ticket__text strong")).to_have_text("new")
    row = page.locator(f"tr[data-number='{ticket['number']}']")
    expect(row).to_contain_text("Zipper of the weekend bag")
    expect(row).to_contain_text("Pending")
    expect(row).to_contain_text("Bob Okafor")
    page.get_by_label("Status", exact=True).last.select_option("solved")
    expect(row).to_contain_text("Solved")
    page.get_by_label("Status", exact=True).last.select_option("pending")
    expect(row).to_contain_text("Pending")
    after = rest.get(f"tickets/{ticket['number']}/")
    seen = [after[name] for name in ("status", "priority", "tags")]
    assert seen == ["pending", "urgent", ["vip", "carrier"]]


def test_enter_chooses_a_requester_only_among_those_found(page: Page, rest: RestClient) -> None:
    ticket = rest.ticket("Zipper broken")
    shown(page, ticket["number"])
    page.get_by_title("Change the requester").click()
    contacts = page.get_by_role("dialog", name="Requester")
    expect(contacts.locator(".contacts button")).not_to_have_count(0)
    for _ in range(2):
        contacts.get_by_role("searchbox").fill("Not among those shown")
        contacts.get_by_role("searchbox").press("Enter")
        expect(contacts.locator(".contacts .muted")).to_be_visible()
    page.keyboard.press("Escape")
    assert rest.get(f"tickets/{ticket['number']}/")["requester"] == ticket["requester"]


def test_a_colleagues_change_is_seen_and_not_overwritten(
    page: Page, bobs: Page, rest: RestClient
) -> None:
    number = rest.ticket("Wrong colour")["number"]
    shown(page, number)
    shown(bobs, number)
    mine = page.get_by_label("Subject", exact=True)
    mine.fill("Wrong colour, twice")
    bobs.get_by_label("Subject", exact=True).fill("Colour is wrong")
    bobs.get_by_label("Subject", exact=True).press("Enter")
    expect(bobs.locator("[data-timeline]")).to_contain_text("Colour is wrong")
    mine.press("Enter")

    expect(page.locator(".toast")).to_contain_text("Bob Okafor changed this meanwhile")
    expect(mine).to_have_value("Wrong colour, twice")
    assert rest.get(f"tickets/{number}/")["subject"] == "Colour is wrong"
    page.get_by_role("button", name="Save mine").click()
    expect(bobs.get_by_label("Subject", exact=True)).to_have_value("Wrong colour, twice")
    expect(bobs).to_have_title(f"#{number} Wrong colour, twice · Parley")


def test_the_second_may_take_what_the_first_wrote(page: Page, bobs: Page, rest: RestClient) -> None:
    number = rest.ticket("Slow drawer")["number"]
    shown(page, number)
    shown(bobs, number)
    page.get_by_role("button", name="Edit the description").click()
    mine = page.get_by_label("Description", exact=True)
    mine.fill("The rail is bent")
    bobs.get_by_role("button", name="Edit the description").click()
    bobs.get_by_label("Description", exact=True).fill("Send a new rail. " * 10)
    bobs.get_by_label("Description", exact=True).press("Tab")
    expect(page.locator("[data-timeline]")).to_contain_text("rewrote the description")
    mine.press("Tab")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Send a new …")
    expect(mine).to_have_value("The rail is bent")

    toast.get_by_role("button", name="Take theirs").click()
    expect(page.locator("[data-text-shown]")).to_contain_text("Send a new rail.")
    expect(mine).to_be_hidden()
    expect(toast).to_have_count(0)
    assert rest.get(f"tickets/{number}/")["description"].startswith("Send a new rail.")


def test_comments_arrive_at_colleagues_and_customers(
    page: Page, bobs: Page, rest: RestClient
) -> None:
    conversation = rest.conversation("The label does not print")
    number = rest.ticket("Label", conversation=conversation)["number"]
    shown(page, number)
    shown(bobs, number)
    comment = page.get_by_role("textbox", name="Comment")
    expect(comment).to_have_attribute("placeholder", re.compile("Victor .* gets this"))
    comment.fill("Please try this one")
    comment.press("Enter")
    expect(bobs.locator(".comment")).to_contain_text("Please try this one")
    expect(bobs.locator(".comment")).to_contain_text("Sent to the customer")
    page.get_by_role("tab", name="Internal").click()
    note = FilePayload(name="packing.txt", mimeType="text/plain", buffer=b"slip")
    page.locator("[data-file-input]").set_input_files([note])
    expect(page.locator("[data-files] [data-progress-bar]")).to_have_count(0)
    comment.fill("Only for us")
    comment.press("Enter")
    expect(bobs.locator(".comment__files")).to_contain_text("packing.txt")
    expect(bobs.locator(".comment--internal")).to_contain_text("Only for us")

    texts = [row["text"] for row in rest.get(f"conversations/{conversation}/messages/")["results"]]
    assert "Please try this one" in texts
    assert "Only for us" not in texts


def test_a_reply_to_an_ended_conversation_is_sent_once_it_is_reopened(
    page: Page, rest: RestClient
) -> None:
    conversation = rest.conversation("My lamp flickers")
    number = rest.ticket("Flicker", conversation=conversation)["number"]
    rest.post(f"conversations/{conversation}/end", {})
    shown(page, number)
    page.get_by_role("tab", name="Public reply").click()
    obstacle = page.get_by_text("The conversation has ended: the customer gets no reply from here.")
    expect(obstacle).to_be_visible()
    comment = page.get_by_role("textbox", name="Comment")
    comment.fill("Try another bulb")
    page.get_by_role("button", name="Add comment").click()
    expect(page.locator(".comment")).to_contain_text(
        "Not sent to the customer: the conversation has ended"
    )
    page.set_viewport_size({"width": 390, "height": 844})
    lines = "(name) => name.clientHeight / parseFloat(getComputedStyle(name).lineHeight)"
    assert page.locator(".comment header").evaluate(lines) < 2
    page.set_viewport_size({"width": 1440, "height": 900})

    page.get_by_role("button", name="Reopen the conversation").click()
    expect(obstacle).to_have_count(0)
    comment.fill("Please try another bulb")
    page.get_by_role("button", name="Send").click()

    expect(page.locator(".comment").last).to_contain_text("Sent to the customer")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/tickets/")
    row = page.locator(f".ticket-row[data-number='{number}']")
    for cell in (
        row.locator(".ticket-row__who"),
        row.get_by_text("Unassigned"),
        row.locator("time"),
    ):
        expect(cell).to_be_visible()


def test_the_list_is_live_and_its_filters_are_in_the_address(page: Page, rest: RestClient) -> None:
    page.goto("/tickets/")
    expect(page.locator("[data-live]")).to_have_text("Live")
    page.mouse.move(5, 5)
    mark = uuid4().hex
    made = rest.ticket(f"Appears by itself {mark}", priority="urgent")
    row = page.locator(f"tr[data-number='{made['number']}']")
    expect(row).to_contain_text("Appears by itself")
    page.get_by_label("Priority", exact=True).select_option("urgent")
    page.wait_for_url("**/tickets/?priority=urgent")
    expect(row).to_be_visible()
    page.get_by_label("Priority", exact=True).select_option("low")
    expect(row).to_be_hidden()
    page.get_by_label("Priority", exact=True).select_option("")
    page.get_by_label("Search tickets").fill(f"appears {mark}")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.reload()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_label("Order", exact=True).select_option("priority")
    page.goto("/tickets/")
    expect(page.get_by_label("Order", exact=True)).to_have_value("priority")


def test_who_types_while_the_list_comes_goes_on(page: Page, rest: RestClient) -> None:
    number = rest.ticket(f"Typed meanwhile {uuid4().hex}")["number"]
    page.goto("/tickets/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/tickets/rows/**", hold)
    page.get_by_label("Priority", exact=True).select_option("urgent")
    search = page.get_by_label("Search tickets")
    search.press_sequentially("#")
    waiting.until(lambda: held, page=page)
    waiting.stays(
        lambda: search.evaluate("field => field === document.activeElement"), during=0.4, page=page
    )
    held[-1].continue_()
    page.unroute("**/tickets/rows/**")
    page.keyboard.type(f"{number}")
    page.get_by_label("Priority", exact=True).select_option("")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(search).to_have_value(f"#{number}")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_hangs_over(page: Page, rest: RestClient, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    number = rest.ticket("A subject that goes on and on " * 5)["number"]
    for path in ("/tickets/", f"/tickets/{number}/"):
        page.goto(path)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, path


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_filters_order_and_facts_have_room(page: Page, rest: RestClient, width: int) -> None:
    people = rest.get("agents/")["results"]
    ingrid = next(one["id"] for one in people if one["name"] == "Ingrid Solberg")
    number = rest.ticket("Long name", assignee=ingrid, priority="urgent")["number"]
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/tickets/")
    expect(page.get_by_label("Order", exact=True)).to_be_visible()
    page.goto(f"/tickets/{number}/?assignee={ingrid}&due=none")
    for name in "assignee", "priority":
        field = page.locator(f"[data-edit={name}]")
        expect(field).to_be_visible()
        assert field.evaluate(INSIDE, "dd"), name
    if width > PHONE:
        expect(page.get_by_label("Assignee", exact=True).first).to_be_visible()
        assert page.locator(".tickets__clear").evaluate(INSIDE, ".tickets__list")


def test_what_is_typed_while_a_comment_is_sent_stays(page: Page, rest: RestClient) -> None:
    shown(page, rest.ticket("Lamp is late")["number"])
    held: list[Route] = []
    page.route("**/comments/", lambda route: held.append(route))  # noqa: PLW0108 - no builtin
    form = page.locator("[data-comment]")
    form.get_by_role("tab", name="Internal").click()
    form.locator("[data-text]").fill("Called the carrier")
    form.locator("[data-text]").press("Enter")
    expect(form.locator("[data-send]")).to_have_attribute("aria-busy", "true")
    page.keyboard.type("They call back")
    held.pop().continue_()
    expect(page.locator(".comment__text")).to_have_text("Called the carrier")
    expect(form.locator("[data-text]")).to_have_value("They call back")


def test_a_comment_that_waits_goes_as_it_was_written_or_not_at_all(
    page: Page, rest: RestClient
) -> None:
    shown(page, rest.ticket("Lamp is late")["number"])
    routes: list[Route] = []

    def refuse(route: Route) -> None:
        routes.append(route)
        detail = {"code": "too_fast", "detail": "Too fast", "retry_after": 2}
        route.fulfill(status=429, json=detail, headers={"Retry-After": "2"})

    page.route("**/comments/", refuse)
    form = page.locator("[data-comment]")
    field, send = form.locator("[data-text]"), form.locator("[data-send]")
    field.fill("Called the carrier")
    verb = send.inner_text()
    field.press("Enter")
    expect(send).to_contain_text("2 s")

    page.keyboard.type(", who")

    expect(send).to_have_text(verb)
    # The stated wait would be over after two seconds.
    waiting.stays(lambda: len(routes) == 1, during=3.0, page=page)
    expect(field).to_have_value("Called the carrier, who")


def test_a_comment_waits_for_its_files(page: Page, rest: RestClient) -> None:
    shown(page, rest.ticket("Lamp is late")["number"])
    held: list[Route] = []
    page.route("**/attachments/", lambda route: held.append(route))  # noqa: PLW0108 - no builtin
    form = page.locator("[data-comment]")
    form.get_by_role("tab", name="Internal").click()
    bill: FilePayload = {"name": "bill.txt", "mimeType": "text/plain", "buffer": b"30 euros"}
    with page.expect_request("**/attachments/"):
        form.locator("[data-file-input]").set_input_files([bill])
    form.locator("[data-text]").fill("Here is the bill")
    form.locator("[data-text]").press("Enter")
    expect(form.locator("[data-send]")).to_have_attribute("aria-busy", "true")

    held.pop().continue_()

    expect(page.locator(".comment__text")).to_have_text("Here is the bill")
    expect(page.locator(".comment .attachment__name")).to_have_text("bill.txt")


def test_a_comment_is_written_once_though_one_left_meanwhile(page: Page, rest: RestClient) -> None:
    rest.ticket("Another one")
    shown(page, rest.ticket("Lost parcel")["number"])
    held: list[Route] = []
    page.route("**/comments/", lambda route: held.append(route))  # noqa: PLW0108 - no builtin
    field = page.locator("[data-comment] [data-text]")
    field.fill("Called the carrier")
    with page.expect_request("**/comments/"):
        field.press("Enter")
    for subject in ("Another one", "Lost parcel"):
        page.locator("[data-row]", has_text=subject).first.locator("a").first.click()
        expect(page.locator("[data-ticket] [data-edit=subject]")).to_have_value(subject)
    expect(field).to_have_value("Called the carrier")
    held.pop().continue_()
    expect(page.locator(".comment__text")).to_have_text("Called the carrier")
    page.unroute_all()
    field.press("Enter")
    expect(field).to_have_value("")
    page.reload()
    expect(page.locator(".comment__text")).to_have_count(1)
