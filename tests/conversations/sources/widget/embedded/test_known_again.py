"""The widget on another site: visitors are known again, whatever the browser keeps for frames."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.conversations.sources.widget.embedded.shop import (
    ALL_REFUSED,
    kept_by_page,
    open_chat,
    pass_time,
    refused_to_frame,
)
from tests.conversations.sources.widget.live_frame.shop import answers, chat, say
from tests.servers import waiting
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
KEEP = "kept => Object.assign(localStorage, kept)"
BROKEN = {
    "token": '"a b"',
    "begun": "{",
    "outbox:1": "7",
    "read:x": '"far"',
    "set": "[]",
    "files:new": "[null]",
    "draft:new": "{}",
    "alone": '{"by":1,"until":9e99}',
}
FILL = """() => {
  for (let size = 2 ** 22; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (let n = 0; ; n += 1) localStorage.setItem(`full${size}.${n}`, "x".repeat(size));
    } catch {}
  }
}"""


def test_where_frames_get_no_storage_the_page_keeps_it(
    denied: BrowserContext, visit: Visit, app: AppProcesses, key: str
) -> None:
    page = visit(denied)
    frame = open_chat(page)
    assert refused_to_frame(page) == ALL_REFUSED
    say(frame, "Remember me [demo:rate=0]")
    expect(answers(frame)).to_have_count(1)
    frame.get_by_role("textbox", name="Message").fill("A draft")
    waiting.until(lambda: "A draft" in kept_by_page(page, key).values(), page=page)

    page.goto(page.url + "lamps.html")
    frame = open_chat(page)
    expect(frame.locator(".message--customer")).to_contain_text("Remember me")
    expect(frame.get_by_role("textbox", name="Message")).to_have_value("A draft")

    page.close()
    pass_time(app, key, timedelta(days=1))
    page = visit(denied)
    frame = open_chat(page)
    expect(frame.locator(".message--customer")).to_contain_text("Remember me")

    page.evaluate("Parley('reset')")
    expect(frame.locator(".message--customer")).to_have_count(0)
    expect(frame.get_by_role("textbox", name="Message")).to_have_value("")
    assert kept_by_page(page, key).keys() <= {"token", "alone"}
    page.reload()
    open_chat(page)
    expect(chat(page).get_by_role("textbox", name="Message")).to_be_visible()
    expect(chat(page).locator(".message--customer")).to_have_count(0)


def test_what_a_browser_empties_comes_back_from_the_page(
    allowed: BrowserContext, visit: Visit, key: str
) -> None:
    page = visit(allowed)
    frame = open_chat(page)
    assert refused_to_frame(page) == []
    say(frame, "Remember me [demo:rate=0]")
    expect(answers(frame)).to_have_count(1)
    frame.get_by_role("textbox", name="Message").fill("A draft")
    assert list(kept_by_page(page, key)) == ["token"]

    page.frames[1].evaluate("localStorage.clear()")
    page.reload()
    expect(open_chat(page).locator(".message--customer")).to_contain_text("Remember me")

    page.evaluate("localStorage.clear()")
    page.reload()
    expect(open_chat(page).locator(".message--customer")).to_contain_text("Remember me")


def test_where_nothing_is_kept_the_chat_lasts_as_long_as_the_page(
    bare: BrowserContext, visit: Visit
) -> None:
    page = visit(bare)
    frame = open_chat(page)
    assert refused_to_frame(page) == ALL_REFUSED
    assert page.evaluate("() => { try { localStorage; } catch (error) { return error.name; } }")
    say(frame, "Remember me [demo:rate=0]")
    expect(answers(frame)).to_have_count(1)
    page.evaluate("Parley('close')")
    expect(open_chat(page).locator(".message--customer")).to_contain_text("Remember me")

    page.reload()
    expect(open_chat(page).get_by_role("textbox", name="Message")).to_be_visible()
    expect(chat(page).locator(".message--customer")).to_have_count(0)


def test_two_tabs_without_a_storage_of_their_own_are_one_visitor(
    denied: BrowserContext, visit: Visit
) -> None:
    tabs = [visit(denied), visit(denied, "/lamps.html")]
    opened: list[str] = []

    def slowly(route: Route) -> None:
        answer = route.fetch()
        opened.append(answer.json()["token"])
        waiting.work_goes_on(0.5, page=tabs[0])
        route.fulfill(response=answer)

    denied.route("**/session", slowly)
    for tab in tabs:
        tab.evaluate("Parley('open')")
    for tab in tabs:
        expect(chat(tab).get_by_role("textbox", name="Message")).to_be_visible()
    assert len(opened) == 2
    assert len(set(opened)) == 1

    tabs[1].evaluate("Parley('close')")
    say(chat(tabs[0]), "From the first tab [demo:rate=0]")
    expect(answers(chat(tabs[0]))).to_have_count(1)
    launcher = tabs[1].locator("#parley .launcher")
    expect(launcher).to_have_attribute("aria-label", "Open chat, 1 unread message")
    expect(open_chat(tabs[1]).locator(".message--customer")).to_contain_text("From the first tab")


def test_only_the_frame_keeps_and_what_it_cannot_read_is_left_out(
    denied: BrowserContext, visit: Visit, key: str
) -> None:
    page = visit(denied)
    page.evaluate(KEEP, {f"parley:{key}:{name}": text for name, text in BROKEN.items()})
    page.reload()
    frame = open_chat(page)
    say(frame, "Hello [demo:rate=0]")
    expect(answers(frame)).to_have_count(1)
    kept = kept_by_page(page, key)["token"]

    forged = {"parley": 1, "type": "keep", "name": "token", "text": '"visitor_forged"'}
    page.evaluate("forged => { window.postMessage(forged, '*'); }", forged)
    foreign = {**forged, "name": "../token", "text": "1"}
    page.frames[1].evaluate("foreign => parent.postMessage(foreign, '*')", foreign)
    page.frames[1].evaluate("word => parent.postMessage(word, '*')", {**forged, "name": "draft:x"})
    waiting.until(lambda: "draft:x" in kept_by_page(page, key), page=page)
    assert kept_by_page(page, key)["token"] == kept
    assert "../token" not in kept_by_page(page, key)


def test_a_page_whose_storage_is_full_loses_nothing_while_it_is_open(
    denied: BrowserContext, visit: Visit, key: str
) -> None:
    page = visit(denied)
    page.evaluate(FILL)
    frame = open_chat(page)
    say(frame, "Hello [demo:rate=0]")
    expect(answers(frame)).to_have_count(1)
    assert kept_by_page(page, key) == {}
    frame.get_by_role("textbox", name="Message").fill("A draft")
    frame.get_by_role("button", name="Your conversations").click()
    frame.locator(".past").click()
    expect(frame.get_by_role("textbox", name="Message")).to_have_value("A draft")
