"""Hostile texts in every place that a page shows, in Chromium: nothing runs, fetches or spoofs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Dialog, Frame, Page, Request

from conversations import markdown
from tests.hostile.payloads import EVIL, payloads
from tests.servers.on_redis import WebOnRedis, running_web
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.timeout(1800)

SAMPLE, FULL = 64, 1008
PATIENCE = 20_000
SHOWN = {"contact", "conversation", "message", "ticket", "toolcall", "assistant", "variable"}
"""The pages of the administration that are opened."""
LIVE = "[data-live]:text-is('Live')"
PROSE = ".prose, .message__bubble, .ask__text, .comment__text"
INSPECT = (Path(__file__).parent / "inspect.js").read_text()
WATCH = """
window.tried = [];
document.addEventListener('securitypolicyviolation', (event) => {
  // The theme of the administration brings styles of its own, which the policy keeps out.
  const what = `${event.violatedDirective} ${event.blockedURI}`;
  const isTheme = location.pathname.startsWith('/admin/') && /^style-src\\S* inline$/.test(what);
  if (!isTheme) window.tried.push(`${what} ${event.sample}`);
});
"""


class Watched:
    """A browser that writes down whatever hostile text achieves."""

    def __init__(self, browser: Browser, web: WebOnRedis, session: str) -> None:
        self.found: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=web.url, viewport={"width": 1440, "height": 900}
        )
        cookie = {"name": "sessionid", "value": session, "url": web.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]
        self.context.add_init_script(WATCH)
        self.context.on("request", self._inspect_request)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("dialog", self._dismiss)
        self._host = urlsplit(web.url).netloc

    def open(self, path: str, *, until: str) -> None:
        """Load a page, wait for its content, and inspect all of it."""
        self.page.goto(path)
        self.page.locator(until).first.wait_for(state="attached")
        self.inspect(path)

    def inspect(self, path: str) -> None:
        """Inspect every frame as it is now."""
        for frame in self.page.frames:
            self.found += [f"{path}: {one}" for one in _inspected(frame)]

    def _dismiss(self, dialog: Dialog) -> None:
        self.found.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _inspect_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != self._host:
            self.found.append(f"a request: {request.url}")


def _inspected(frame: Frame) -> list[str]:
    attributes = {name: sorted(names) for name, names in markdown.ATTRIBUTES.items()}
    rules = {"prose": PROSE, "tags": sorted(markdown.TAGS), "attributes": attributes}
    found: list[str] = frame.evaluate(INSPECT, rules)
    return found


@pytest.fixture(scope="module")
def web(
    redis_process: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebOnRedis]:
    with running_web("daphne", tmp_path_factory.mktemp("markup"), redis_process) as server:
        yield server


def test_texts_are_many_and_always_the_same() -> None:
    texts = payloads(FULL)
    assert len(set(texts)) == FULL
    assert texts == payloads(FULL)
    assert sum(EVIL in text for text in texts) > FULL / 5


@pytest.mark.browser
def test_a_sample_of_hostile_texts_does_nothing(web: WebOnRedis, browser: Browser) -> None:
    look_everywhere(web, browser, SAMPLE)


@pytest.mark.browser
@pytest.mark.drill
def test_a_thousand_hostile_texts_do_nothing(web: WebOnRedis, browser: Browser) -> None:
    look_everywhere(web, browser, FULL)


@pytest.mark.browser
def test_the_inspection_sees_what_is_hostile(browser: Browser) -> None:
    """Every plain way is noticed where a page would let it through as it is."""
    page = browser.new_context().new_page()
    for text in payloads(42):
        page.set_content(f"<div class=prose></div><textarea>{text}</textarea>")
        page.evaluate("text => { document.querySelector('.prose').innerHTML = text; }", text)
        assert _inspected(page.main_frame), text
    page.context.close()


def look_everywhere(web: WebOnRedis, browser: Browser, number: int) -> None:
    """Plant so many texts in every place and open every page that shows them."""
    facts = web.run(f"from tests.hostile import populate\npopulate.plant({number})")
    alice = Watched(browser, web, facts["alice"])
    dora = Watched(browser, web, facts["dora"])
    for scene in facts["scenes"]:
        _staff_pages(alice, scene)
        _widget(alice, facts["widget"], scene)
    alice.open("/navigation/notifications/", until="body")
    _administration(dora, SHOWN if number < FULL else None)
    found = [*alice.found, *dora.found]
    alice.context.close()
    dora.context.close()
    assert not found, "\n".join(found[:40])


def _staff_pages(watched: Watched, scene: dict[str, Any]) -> None:
    conversation, word = scene["conversation"], scene["word"]
    watched.open(f"/conversations/{conversation}/?search={word}", until=LIVE)
    watched.open(f"/chats/{scene['chat']}/", until=".ask__text")
    watched.open(f"/tickets/{scene['ticket']}/?search={word}", until=".comment__text")


def _widget(watched: Watched, key: str, scene: dict[str, Any]) -> None:
    """Reopen the conversation as its visitor, whose token lies in the storage of this origin."""
    page, token = watched.page, scene["token"]
    page.evaluate(f"localStorage.setItem('parley:{key}:token', JSON.stringify('{token}'))")
    watched.open(f"/widget/{key}/", until=".message--customer .message__bubble")


def _administration(watched: Watched, names: set[str] | None) -> None:
    """Open the lists of these models, or of all."""
    for model in apps.get_models():
        label, name = model._meta.app_label, model._meta.model_name
        if admin.site.is_registered(model) and (names is None or name in names):
            watched.open(reverse(f"admin:{label}_{name}_changelist"), until="#content, main, body")
