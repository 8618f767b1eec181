"""A text that is taken back, in a browser: it is gone at once, and the next one stands alone."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

STAFF = """
async () => {
  const { LiveRun } = await import("/static/conversations/run.js");
  document.body.innerHTML = `<ul><li><div data-bubble><i class="dots"></i></div>
    <span class="stream"><b data-progress></b><button data-stop></button></span></li></ul>`;
  const thread = { pattern: () => document.querySelector("li"), frame: document.body };
  const run = new LiveRun(thread, { run: "1", message_id: "2" }, { refollow() {} });
  window.take = (data) => run.chunk({ run: "1", attempt: 1, offset: 0, ...data });
  window.waits = () => Boolean(document.querySelector("li .dots"));
  window.seen = () => document.querySelector("[data-bubble]").textContent.trim();
}
"""
VISITOR = """
async () => {
  const { Thread } = await import("/static/widget/thread.js");
  document.body.innerHTML = "<div><ul></ul></div><button></button>";
  const [scroller, list, pill] = ["div", "ul", "button"].map((one) => document.querySelector(one));
  const labels = { writing: "", new: {}, newest: "", lines: {}, author: {}, ai: "", assistant: "" };
  const thread = new Thread({ scroller, list, pill, labels, outgoing: { entries: [] } });
  const run = { run: "1", message_id: "2", assistant: { name: "Ada" }, attempt: 1, offset: 0 };
  window.take = (data) => thread.stream({ ...run, ...data });
  window.waits = () => Boolean(list.querySelector(".message--typing"));
  const bubble = () => list.querySelector(".message--streaming .message__bubble");
  window.seen = () => bubble()?.textContent.trim() ?? "";
}
"""
SEEN = "() => [seen(), waits()]"


@pytest.mark.parametrize("face", [STAFF, VISITOR], ids=["staff", "visitor"])
def test_it_is_gone_at_once_and_what_follows_stands_alone(blank: Page, face: str) -> None:
    blank.evaluate(face)
    blank.evaluate("take({ text: 'The zebra wants\\n\\n- to know' })")
    assert blank.evaluate(SEEN)[1] is False
    assert "zebra" in blank.evaluate(SEEN)[0]
    blank.evaluate("take({ text: '', snapshot: true })")
    assert blank.evaluate(SEEN) == ["", True]
    blank.evaluate("take({ text: 'Yes.' })")
    assert blank.evaluate(SEEN) == ["Yes.", False]
    blank.evaluate("take({ text: 'No.', snapshot: true })")
    assert blank.evaluate(SEEN) == ["No.", False]
