"""The widget in Chromium: messages, and those on their way."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.conversations.sources.widget.live_frame.shop import (
    Colleague,
    another_widget,
    answers,
    begin,
    say,
)
from tests.journeys import client as contract
from tests.servers import waiting
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

WATCH = """list => {
  window.seen = []; // each time that the answer changed: its blocks, and words that show a mark
  const all = (place, tags) => [...place.querySelectorAll(tags)];
  window.blocksOf = (place) => all(place, "p, li, th, td, pre").map((one) => one.localName);
  new MutationObserver(() => {
    const bubble = list.querySelector(".message--streaming .message__bubble");
    if (!bubble) return;
    const words = all(bubble, "p, li, th, td").map((one) => one.innerText);
    seen.push({ blocks: blocksOf(bubble), raw: words.filter((one) => /^- |\\||`/m.test(one)) });
  }).observe(list, { childList: true, characterData: true, subtree: true });
}"""


def test_the_answer_streams_and_ends_as_a_message(page: Page) -> None:
    frame = begin(page)
    say(frame, "How long does shipping take?")

    stream = frame.locator(".message--streaming .message__bubble")
    expect(stream).to_be_visible()
    first = waiting.until(lambda: len(stream.inner_text()), page=page)
    expect(frame.get_by_role("button", name="Stop")).to_be_visible()
    waiting.until(lambda: len(stream.inner_text()) > first, page=page)
    expect(answers(frame)).to_have_count(1)
    expect(frame.get_by_role("button", name="Stop")).to_be_hidden()
    expect(frame.locator(".delivery")).to_contain_text("Read")


def test_lists_tables_and_code_are_drawn_while_they_stream_and_stay(page: Page) -> None:
    frame = begin(page)
    frame.locator("[data-part=list]").evaluate(WATCH)
    say(frame, "How long does shipping take? In a list, a table and code [demo:rate=60]")

    expect(answers(frame)).to_have_count(1)
    seen = frame.locator("body").evaluate("() => seen")
    assert {"li", "th", "td", "pre"} <= set(seen[-1]["blocks"])
    assert {words for look in seen for words in look["raw"]} == set()
    final = answers(frame).locator(".message__bubble").evaluate("node => blocksOf(node)")
    assert final[: len(seen[-1]["blocks"])] == seen[-1]["blocks"]


def test_the_visitor_stops_the_answer(page: Page) -> None:
    frame = begin(page)
    say(frame, "Tell me everything about your lamps")
    expect(frame.locator(".message--streaming .message__bubble")).to_be_visible()

    frame.get_by_role("button", name="Stop").click()

    expect(frame.locator(".message__cut")).to_contain_text("Stopped")
    expect(frame.get_by_role("textbox", name="Message")).to_be_focused()


def test_a_person_is_asked_for_joins_writes_and_leaves(page: Page, colleague: Colleague) -> None:
    frame = begin(page)
    frame.get_by_role("button", name="Talk to a person").click()
    expect(frame.locator(".queue-note")).to_contain_text("in line")
    identifier = page.evaluate("window.started")

    colleague.post(identifier, "accept")
    expect(frame.locator("[data-part=name]")).to_contain_text("Alice")
    expect(frame.locator(".event").last).to_contain_text("joined")
    colleague.post(identifier, "messages/", {"text": "Hello, **Alice** here", "client_id": "a"})
    expect(frame.locator(".message--agent strong")).to_have_text("Alice")
    colleague.post(identifier, "release")

    expect(frame.locator("[data-part=name]")).to_have_text("Ada")
    expect(frame.get_by_role("button", name="Talk to a person")).to_be_visible()

    colleague.post(identifier, "join")
    frame.get_by_role("button", name="Talk to a person").click()
    frame.get_by_role("button", name="Stop waiting").click()
    expect(frame.locator(".event").last).to_contain_text("You stopped waiting. Ada answers again")
    expect(frame.locator(".queue-note")).to_have_count(0)

    for verb in ("join", "accept"):
        colleague.post(identifier, verb)
    expect(frame.locator(".event").last).to_contain_text("joined")
    expect(frame.locator(".event", has_text="A person was asked for")).to_have_count(0)
    colleague.post(identifier, "end")
    expect(frame.locator("[data-part=over]")).to_be_visible()
    say(frame, "One more thing")
    expect(frame.locator("[data-part=over]")).to_be_hidden()
    expect(frame.get_by_role("button", name="Talk to a person")).to_be_visible()


def test_a_wide_table_scrolls_and_breaks_no_figure(page: Page, app: AppProcesses) -> None:
    frame = begin(page)
    frame.get_by_role("textbox", name="Message").wait_for()
    table = (
        "| Item | Price | Delivery | Notes |\n|---|---|---|---|\n| Arc lamp | 189.00 | 2 days | "
    )
    said = {"text": f"{table}unquestionably good |", "client_id": "a"}
    with contract.with_key(app.url, app.demo()["api_key"]) as client:
        path = f"/api/v1/conversations/{page.evaluate('window.started')}/messages/"
        assert client.post(path, json=said).is_success

    price = frame.get_by_role("cell", name="189.00")
    expect(price).to_be_visible()
    lines = """cell => {
      const words = document.createRange();
      words.selectNodeContents(cell);
      return words.getClientRects().length;
    }"""
    assert price.evaluate(lines) == 1
    own = "head => getComputedStyle(head.closest('.prose')).color === getComputedStyle(head).color"
    assert frame.get_by_role("columnheader", name="Price").evaluate(own)
    scroller = frame.locator("[data-part=scroller]")
    assert scroller.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_messages_written_too_fast_or_offline_are_sent_once(page: Page) -> None:
    frame = begin(page)
    say(frame, "First")
    say(frame, "Second")
    expect(frame.locator(".message--pending", has_text="Second")).to_contain_text("Sends in")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(2)

    page.context.set_offline(True)
    say(frame, "Third, in a tunnel")
    expect(frame.locator(".message--pending")).to_have_count(1)
    waiting.work_goes_on(4.0, page=page)
    page.context.set_offline(False)

    expect(frame.locator(".message--customer[data-position]")).to_have_count(3)
    expect(frame.locator(".message--pending")).to_have_count(0)
    said = frame.locator(".message--customer[data-position] .message__bubble").all_inner_texts()
    assert said == ["First", "Second", "Third, in a tunnel"]


def test_without_a_form_the_first_messages_begin_one_conversation(
    browser: Browser, app: AppProcesses
) -> None:
    context = browser.new_context(base_url=app.url)
    page = context.new_page()
    page.goto(f"/widget/{another_widget(app)}/")
    say(page, "First")
    say(page, "Second")

    expect(page.locator(".message--customer[data-position]")).to_have_count(2)
    page.get_by_role("button", name="Your conversations").click()
    expect(page.locator(".past")).to_have_count(1)
    context.close()


def test_what_is_typed_while_the_conversation_begins_stays(
    browser: Browser, app: AppProcesses
) -> None:
    context = browser.new_context(base_url=app.url)
    page = context.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/conversations", hold)
    page.goto(f"/widget/{another_widget(app)}/")
    with page.expect_request("**/conversations"):
        say(page, "First")
    page.get_by_role("textbox", name="Message").fill("Still typing")

    held[0].continue_()

    expect(page.locator(".message--customer[data-position]")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Still typing")
    page.reload()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Still typing")
    context.close()


def test_a_held_message_can_be_taken_back(page: Page) -> None:
    frame = begin(page)
    say(frame, "First")
    say(frame, "Sceond")

    frame.get_by_role("button", name="Take back").click()

    expect(frame.get_by_role("textbox", name="Message")).to_have_value("Sceond")
    expect(frame.locator(".message--pending")).to_have_count(0)


def test_a_message_that_is_only_read_now_is_not_read_out_again(page: Page) -> None:
    frame = begin(page)
    say(frame, "How long does shipping take?")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(1)
    spoken = frame.locator(".message--customer .message__body, [data-position='0'] .message__body")
    spoken.evaluate_all("nodes => nodes.forEach((node) => (node.isSpoken = true))")

    expect(frame.locator(".delivery")).to_contain_text("Read")

    assert spoken.evaluate_all("nodes => nodes.map((node) => node.isSpoken)") == [True, True]
