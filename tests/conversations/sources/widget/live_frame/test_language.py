"""The widget in Chromium in German: no English word is left, on the page or for a screen reader."""

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, FrameLocator, Page, expect

from config import catalogues
from tests.conversations.sources.widget.live_frame.shop import PATIENCE, Colleague, chat
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

Way = tuple[list[str], str, str]
"""The browser's languages, the one that the site names, and how half past eleven is written."""

PLACE = re.compile(r"%\\\((?:\w+)\\\)[.\d]*[a-z]|\\\{\w*\\\}")
OWN = ".message__bubble, .field__label, .prechat > p, .past .truncate, option, script, .teaser"
"""What people, administrators and the model wrote, which stays as it is."""
TEXTS = """(root, own) => {
  const found = [];
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (!texts.currentNode.parentElement.closest(own)) found.push(texts.currentNode.data);
  }
  for (const element of root.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "placeholder", "alt", "data-drop"]) {
      if (element.hasAttribute(name)) found.push(element.getAttribute(name));
    }
  }
  return found.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""


@pytest.fixture
def german(browser: Browser, app: AppProcesses) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=app.url, locale="de-DE", viewport={"width": 390, "height": 780}
    )
    yield context
    context.close()


def test_the_german_widget_has_no_english_word(
    german: BrowserContext, colleague: Colleague
) -> None:
    page = german.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/widget/demo/")
    page.evaluate("Parley('on', 'started', ({ conversation }) => (window.started = conversation))")
    seen = [page.locator("#parley .launcher").get_attribute("aria-label") or ""]
    page.locator("#parley .launcher").click()
    frame = chat(page)
    expect(frame.locator("html")).to_have_attribute("lang", "de")

    person = partial(_person, colleague=colleague)
    for step in (_form, _message, _refused_files, person, _offline, _end, _list):
        step(page, frame)
        seen += frame.locator("html").evaluate(TEXTS, OWN)

    assert {"Menü", "Nachricht schreiben", "Gelesen", "Ihre Gespräche"} <= set(seen)
    assert {text for text in seen if _english().fullmatch(text)} == set()


def test_the_assistants_apology_is_in_german(german: BrowserContext) -> None:
    page = german.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/widget/demo/")
    page.locator("#parley .launcher").click()
    frame = chat(page)
    frame.locator(".prechat [type=submit]").click()
    frame.locator(".composer__text").fill("Hallo [demo:empty]")
    frame.locator(".composer__text").press("Enter")
    answer = frame.locator(".message--assistant .message__bubble").last
    expect(answer).to_contain_text("das kann ich gerade nicht beantworten", timeout=30_000)


@pytest.mark.parametrize(
    "way",
    [
        (["en-US", "en"], "", "11:33 PM"),
        (["de-DE", "de", "en"], "en", "23:33"),
        (["de-DE", "de"], "en-US", "11:33 PM"),
        (["en-US"], "de-AT", "23:33"),
        (["en-US@posix", "en"], "", "23:33"),
    ],
)
def test_times_are_written_as_in_the_named_region_else_the_browsers(
    browser: Browser, app: AppProcesses, facts: dict[str, Any], way: Way
) -> None:
    browsers, wanted, time = way
    context = browser.new_context(base_url=app.url)
    languages = json.dumps(browsers)
    context.add_init_script(
        f"Object.defineProperty(navigator, 'languages', {{ get: () => {languages} }})"
    )
    page = context.new_page()
    page.goto(f"/widget/{facts['widget_key']}/?language={wanted}")
    written = page.evaluate(
        """async () => {
          const { timeOfDay } = await import("/static/ui/format.js");
          return timeOfDay(new Date(2026, 10, 28, 23, 33));
        }"""
    )
    assert written.replace("\u202f", " ") == time
    context.close()


def _form(_page: Page, frame: FrameLocator) -> None:
    frame.locator("input[type=email]").fill("maya@")
    frame.locator(".prechat [type=submit]").click()
    expect(frame.locator("[role=alert]:visible")).to_have_text("Ergänzen Sie, was nach dem @ steht")


def _message(_page: Page, frame: FrameLocator) -> None:
    frame.locator("input[type=email]").fill("")
    frame.locator(".prechat [type=submit]").click()
    frame.locator(".composer__text").fill("Wie lange dauert der Versand?")
    frame.locator(".composer__text").press("Enter")
    expect(frame.locator(".delivery")).to_contain_text("Gelesen")


def _refused_files(_page: Page, frame: FrameLocator) -> None:
    program = FilePayload(name="run.exe", mimeType="application/octet-stream", buffer=b"MZ\0\0")
    frame.locator("input[type=file]").set_input_files([program])
    problem = frame.locator(".composer__problem")
    expect(problem).to_have_text("run.exe: Programme und Skripte werden nicht angenommen.")


def _person(page: Page, frame: FrameLocator, *, colleague: Colleague) -> None:
    frame.locator("[data-part=person]").click()
    expect(frame.locator(".queue-note")).to_contain_text("Sie können dieses Fenster schließen.")
    colleague.post(page.evaluate("window.started"), "accept")
    expect(frame.locator(".event").last).to_have_text("Alice Moreau ist jetzt dabei")
    expect(frame.locator("[data-part=about]")).to_have_text("Für Sie da")


def _offline(page: Page, frame: FrameLocator) -> None:
    page.context.set_offline(True)
    frame.locator(".composer__text").fill("Sind Sie da?")
    frame.locator(".composer__text").press("Enter")
    expect(frame.locator("[data-part=banner]")).to_contain_text("Keine Verbindung")
    page.context.set_offline(False)


def _end(_page: Page, frame: FrameLocator) -> None:
    expect(frame.locator(".message--pending")).to_have_count(0)
    frame.locator("[data-part=menu-button]").click()
    frame.locator("[data-part=act-end]").click()
    over = frame.locator("[data-part=over]:visible")
    expect(over).to_contain_text("Dieses Gespräch ist beendet.")


def _list(_page: Page, frame: FrameLocator) -> None:
    frame.locator("[data-part=act-list]").click()
    expect(frame.locator(".past__state").first).to_have_text("Beendet")


def _english() -> re.Pattern[str]:
    """Return a pattern of the English texts that differ in German."""
    words: set[str] = set()
    for message in catalogues.read("de"):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        own = [message.string] if isinstance(message.string, str) else list(message.string or [])
        words |= {text for text in ids if text not in own and re.search(r"[a-z]{3}", text)}
    patterns = [PLACE.sub(".+", re.escape(text)) for text in words]
    return re.compile("|".join(pattern for pattern in patterns if not pattern.startswith(".+")))
