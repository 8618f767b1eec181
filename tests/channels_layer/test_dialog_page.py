"""Dialogs that ask for a text, in a browser: what becomes of them when their act fails."""

from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, expect

from tests.conversations.socket_script import Script
from tests.servers import waiting

pytestmark = pytest.mark.browser

ASK = """async ([html, failure]) => {
  document.body.innerHTML = html;
  const { prompt } = await import("/static/ui/dialog.js");
  const { Refusal } = await import("/static/ui/http.js");
  const act = () => {
    if (failure === "refusal") throw new Refusal({ status: 400, detail: "Too long" });
    throw new TypeError(failure);
  };
  prompt({ value: "Lamp", act });
}"""


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    """An empty page that can load our modules."""
    script = Script()
    page = browser.new_page()
    page.goto(f"http://{script.host}/")
    yield page
    page.close()
    script.close()


@pytest.mark.parametrize("failure", ["refusal", "our own mistake"])
def test_only_a_refusal_keeps_a_dialog_open(blank: Page, failure: str) -> None:
    html = render_to_string("ui/_dialog_text.html", {"id": "prompt"})
    errors: list[str] = []
    blank.on("pageerror", lambda error: errors.append(str(error)))
    blank.evaluate(ASK, [html, failure])
    blank.keyboard.press("Enter")
    if failure == "refusal":
        expect(blank.get_by_text("Too long")).to_be_visible()
        assert errors == []
    else:
        expect(blank.locator("dialog")).to_have_count(0)
        waiting.until(lambda: errors == [failure], page=blank)
