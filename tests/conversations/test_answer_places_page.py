"""Answers above what was written before them, in a browser: days, names, the read mark."""

import pytest
from playwright.sync_api import Page, expect

from tests.conversations.socket_script import Script

pytestmark = pytest.mark.browser

IN_THE_WIDGET = """async () => {
  const { Thread } = await import("/static/widget/thread.js");
  document.body.innerHTML = "<div><ol></ol></div><button></button>";
  const named = (name) => document.querySelector(name);
  const [scroller, list, pill] = ["div", "ol", "button"].map(named);
  const labels = { lines: {}, sentences: {}, today: "Today", newest: "Newest" };
  const thread = new Thread({ scroller, list, pill, labels, outgoing: { entries: [] } });
  const at = (day, hour, minute) => new Date(2024, 4, day, hour, minute).toISOString();
  const message = (id, position, created_at, more = {}) => ({
    id, position, created_at, kind: "message", text: id,
    author: { kind: more.behind ? "assistant" : "customer", name: "" }, ...more,
  });
  thread.add([
    message("Q1", 1, at(1, 23, 59)),
    message("Q2", 2, at(1, 23, 59)),
    message("A1", 3, at(2, 0, 1), { behind: 1 }),
    message("A2", 4, at(2, 0, 2), { behind: 2 }),
  ]);
  const outline = (one) => one.querySelector(".message__bubble")?.textContent ?? one.textContent;
  return [...list.children].map(outline);
}"""
STRETCH = """async () => {
  const { Stretch } = await import("/static/conversations/stretch.js");
  document.body.innerHTML = `
    <div data-messages="/messages/" data-last="13">
      <div data-thread-scroll>
        <button data-earlier></button>
        <ol data-items>
          <li class="message" data-position="12" data-behind="9" data-author="assistant"></li>
          <li class="message" data-position="13" data-author="customer"></li>
        </ol>
        <button data-later hidden></button>
      </div>
    </div>`;
  new Stretch(document.querySelector("[data-messages]"), { onEarlier() {}, onEnd() {} });
}"""
EARLIER = "".join(
    f'<li id="message-{position}" class="message{" message--grouped" if position > 8 else ""}"'
    f' data-position="{position}" data-author="customer"></li>'
    for position in range(8, 12)
)
OUTLINE = """entries => entries.map((one) => {
  return one.dataset.position + (one.matches(".message--grouped") ? " grouped" : "");
})"""
READER = """async () => {
  const { live } = await import("/static/ui/connection.js");
  const { ReadMark } = await import("/static/conversations/read_mark.js");
  const entry = ([position, behind]) =>
    `<li data-position="${position}" ${behind ? `data-behind="${behind}"` : ""}>entry</li>`;
  const entries = [[1], [5, 1], [2], [3], [4]].map(entry).join("");
  document.body.innerHTML = `<div><ol>${entries}</ol></div>`;
  const [scroll, items] = [document.querySelector("div"), document.querySelector("ol")];
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("div { height: 300px; overflow: auto } li { height: 100px }");
  document.adoptedStyleSheets = [sheet];
  scroll.scrollTop = scroll.scrollHeight;
  live.open();
  new ReadMark({ id: "1", scroll, items, callbacks: { read() {} } });
}"""


def test_a_day_begins_once_in_the_widget(blank: Page) -> None:
    shown = blank.evaluate(IN_THE_WIDGET)
    first, second = shown[0], shown[2]
    assert shown == [first, "Q1", second, "A1", "Q2", "A2"]
    assert ("1 May" in first, "2 May" in second) == (True, True)


def test_a_message_below_an_answer_shows_who_wrote_it(blank: Page) -> None:
    blank.route("**/messages/*", lambda route: route.fulfill(body=EARLIER))
    blank.evaluate(STRETCH)
    entries = blank.locator("[data-position]")
    expect(entries).to_have_count(6)
    assert entries.evaluate_all(OUTLINE) == ["8", "9 grouped", "12", "10", "11 grouped", "13"]


def test_an_answer_scrolled_off_above_is_read(blank: Page, script: Script) -> None:
    blank.evaluate(READER)
    script.wait_for("hello")
    script.send(type="welcome", v=1, heartbeat=15)
    assert script.wait_for("read")["position"] == 5
