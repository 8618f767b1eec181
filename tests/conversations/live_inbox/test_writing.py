"""The inbox in Chromium: answers that stream, and what an agent writes."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.conversations.live_inbox.helpers import (
    ANSWERED_AT_ONCE,
    QUESTION,
    Customer,
    bubble,
    open_row,
    say,
)

pytestmark = pytest.mark.browser

MODULE = "**/conversations/inbox.js"
STREAM = """async () => {
  const { StreamedProse } = await import("/static/conversations/prose.js");
  const place = document.createElement("div");
  place.className = "prose";
  place.dataset.streamed = "";
  document.body.append(place);
  const prose = new StreamedProse(place);
  window.shown = (text) => {
    prose.show(text);
    const parts = [...place.querySelectorAll("p, li, pre, h2, strong")];
    return parts.map((one) => `${one.localName}: ${one.innerText}`);
  };
}"""
STREAMED = {
    "Yes:\n-": ["p: Yes:"],
    "- a": ["li: a"],
    "- a\n- b\n\nAnd": ["li: a", "li: b", "p: And"],
    "1. one\n2. two": ["li: one", "li: two"],
    "## Tit": ["h2: Tit"],
    "It is **sho": ["p: It is sho", "strong: sho"],
    "```py\na = 1\n\nb = 2": ["pre: a = 1\n\nb = 2"],
    "~~~\n- a\n```\n": ["pre: - a\n```\n"],
    "```\na\n```\nThen": ["pre: a\n", "p: Then"],
}
"""Answers so far, and what is shown of them at once."""


def test_what_is_written_before_the_page_is_ready_stays(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin(ANSWERED_AT_ONCE)
    inbox.goto(f"/conversations/{customer.id}/")
    field = inbox.get_by_role("textbox", name="Message")
    expect(inbox.locator("[data-following]")).to_be_visible()
    field.fill("Four days,")
    inbox.route(MODULE, lambda _: None)
    inbox.reload(wait_until="commit")
    field.fill("and it costs nothing")
    inbox.get_by_role("button", name="Send", exact=True).click()
    inbox.unroute(MODULE)

    for _ in range(2):
        expect(inbox.locator("[data-following]")).to_be_visible()
        expect(field).to_have_value("Four days,\nand it costs nothing")
        inbox.reload()


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


def test_what_streams_looks_as_it_will(inbox: Page) -> None:
    inbox.evaluate(STREAM)
    seen = [inbox.evaluate("(text) => shown(text)", text) for text in STREAMED]
    assert seen == list(STREAMED.values())
    # The same once the server has rendered what is finished.
    code = "Run:\n```py\na = 1\nb = 2\nc = "
    inbox.evaluate("(text) => shown(text)", code)
    expect(inbox.locator("[data-streamed] .prose__blocks .code")).to_have_count(1)
    inbox.evaluate("(text) => shown(text)", f"{code}3\n\nd")
    expect(inbox.locator("[data-streamed] .code code")).to_have_text("a = 1\nb = 2\nc = 3\n\nd")
    expect(inbox.locator("[data-streamed] p")).to_have_text(["Run:"])
    # A list and a table are drawn as one block, with whatever line breaks.
    begun = "One.\r\n\r\n- a\r\n  - b"
    inbox.evaluate("(text) => shown(text)", begun)
    expect(inbox.locator("[data-streamed] .prose__blocks")).to_have_text("One.")
    inbox.evaluate("(text) => shown(text)", f"{begun}\r\n  - c\r\n\r\n| d | e |\r\n|--")
    expect(inbox.locator("[data-streamed] li li")).to_have_text(["b", "c"])
    expect(inbox.locator("[data-streamed] th")).to_have_text(["d", "e"])


def test_a_reload_in_mid_answer_goes_on_with_the_same_text(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin(f"{QUESTION} [demo:slow=12]")
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
    say(inbox, "Hello, Alice here.")
    expect(bubble(inbox, "Alice here")).to_have_count(1)
    expect(inbox.locator(".floor__state")).to_have_text("You have the floor")
    expect(inbox.locator("[data-pending]")).to_have_count(0)
    expect(inbox.get_by_text("Sending takes over from")).to_be_hidden()


def test_all_of_an_answer_has_the_colour_of_its_bubble(
    inbox: Page, begin: Callable[..., Customer]
) -> None:
    customer = begin()
    open_row(inbox, customer)
    customer.is_told("| Item |\n|---|\n| Lamp |\n\n> One moment.\n\n---")
    prose = inbox.locator(".prose").filter(has=inbox.get_by_role("cell", name="Lamp"))
    expect(prose).to_have_count(1)
    colours = "(parts) => parts.map((part) => getComputedStyle(part).color)"
    assert prose.locator("th, blockquote, hr").evaluate_all(colours) == 3 * prose.evaluate_all(
        colours
    )


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
    inbox.get_by_role("button", name="Cancel sending").click()
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


def test_without_a_network_one_writes_on_and_nothing_is_lost(
    inbox: Page, window: BrowserContext, begin: Callable[..., Customer]
) -> None:
    customer = begin(ANSWERED_AT_ONCE)
    open_row(inbox, customer)
    expect(inbox.locator(".message--assistant[data-position]")).to_have_count(1)
    window.set_offline(True)
    inbox.evaluate("import('/static/ui/connection.js').then(({ live }) => live.close())")
    inbox.evaluate("import('/static/ui/connection.js').then(({ live }) => live.open())")
    expect(inbox.locator("[data-connection]")).to_contain_text("No connection.")
    say(inbox, "written without a network")
    expect(inbox.locator("[data-pending]")).to_contain_text("Waits for the connection")
    customer.is_noted("meanwhile")
    window.set_offline(False)
    expect(bubble(inbox, "written without a network")).to_have_count(1)
    expect(bubble(inbox, "meanwhile")).to_have_count(1)
    expect(inbox.locator("[data-connection]")).to_be_hidden()
