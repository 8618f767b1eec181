"""The widget in a real browser, on a whole running Parley."""

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Page,
    Route,
    expect,
)

from conversations.widget.identity import sign
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

PATIENCE = 20_000


@pytest.fixture(scope="module")
def facts(app: AppProcesses) -> dict[str, Any]:
    return app.demo()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """The demo shop; whatever the console complains about fails the test."""
    page = window.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if is_grave(line) else None)
    page.goto("/widget/demo/")
    page.evaluate("Parley('on', 'started', ({ conversation }) => (window.started = conversation))")
    yield page
    assert complaints == []


def is_grave(line: Any) -> bool:
    """Whether a line of the console is more than a lost network."""
    return line.type == "error" and not re.search(r"net::ERR|WebSocket", line.text)


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("#parley iframe")


def begin(page: Page) -> FrameLocator:
    """Open the chat and leave its form empty."""
    page.locator("#parley .launcher").click()
    frame = chat(page)
    frame.get_by_role("button", name="Start chat").click()
    return frame


def say(frame: FrameLocator | Page, text: str) -> None:
    frame.get_by_role("textbox", name="Message").fill(text)
    frame.get_by_role("textbox", name="Message").press("Enter")


def answers(frame: FrameLocator) -> Any:
    """What the assistant has said, without the greeting."""
    return frame.locator(".message--assistant[data-position]:not([data-position='0'])")


def test_the_answer_streams_and_ends_as_a_message(page: Page) -> None:
    frame = begin(page)
    say(frame, "How long does shipping take?")

    stream = frame.locator(".message--streaming .message__bubble")
    expect(stream).to_be_visible()
    first = len(stream.inner_text())
    expect(frame.get_by_role("button", name="Stop")).to_be_visible()
    page.wait_for_timeout(300)
    assert len(stream.inner_text()) > first > 0
    expect(answers(frame)).to_have_count(1)
    expect(frame.get_by_role("button", name="Stop")).to_be_hidden()
    expect(frame.locator(".delivery")).to_contain_text("Read")


def test_the_visitor_stops_the_answer(page: Page) -> None:
    frame = begin(page)
    say(frame, "Tell me everything about your lamps")
    expect(frame.locator(".message--streaming .message__bubble")).to_be_visible()

    frame.get_by_role("button", name="Stop").click()

    expect(frame.locator(".message__cut")).to_contain_text("Stopped")
    expect(frame.get_by_role("textbox", name="Message")).to_be_focused()


def test_a_person_is_asked_for_joins_writes_and_leaves(
    page: Page, browser: Browser, app: AppProcesses
) -> None:
    frame = begin(page)
    frame.get_by_role("button", name="Talk to a person").click()
    expect(frame.locator(".queue-note")).to_contain_text("in line")
    identifier = page.evaluate("window.started")
    staff = Colleague(browser, app)

    staff.post(identifier, "accept")
    expect(frame.locator("[data-part=name]")).to_contain_text("Alice")
    expect(frame.locator(".event").last).to_contain_text("joined")
    staff.post(identifier, "messages/", {"text": "Hello, **Alice** here", "client_id": "a"})
    expect(frame.locator(".message--agent strong")).to_have_text("Alice")
    staff.post(identifier, "release")

    expect(frame.locator("[data-part=name]")).to_have_text("Ada")
    expect(frame.get_by_role("button", name="Talk to a person")).to_be_visible()


def test_messages_written_too_fast_or_offline_are_sent_once(page: Page) -> None:
    frame = begin(page)
    say(frame, "First")
    say(frame, "Second")
    expect(frame.locator(".message--pending", has_text="Second")).to_contain_text("Sends in")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(2)

    page.context.set_offline(True)
    say(frame, "Third, in a tunnel")
    expect(frame.locator(".message--pending")).to_have_count(1)
    page.wait_for_timeout(4000)
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


def test_a_returning_visitor_continues_and_a_reset_forgets(page: Page) -> None:
    frame = begin(page)
    say(frame, "Remember me")
    expect(answers(frame)).to_have_count(1)
    frame.get_by_role("textbox", name="Message").fill("A draft")

    page.reload()
    page.locator("#parley .launcher").click()
    expect(chat(page).locator(".message--customer")).to_contain_text("Remember me")
    expect(chat(page).get_by_role("textbox", name="Message")).to_have_value("A draft")

    page.evaluate("Parley('reset')")
    expect(chat(page).get_by_role("button", name="Start chat")).to_be_visible()


def test_a_reset_waits_for_no_answer_of_the_server(page: Page) -> None:
    frame = begin(page)
    say(frame, "Remember me")
    expect(answers(frame)).to_have_count(1)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "DELETE":
            held.append(route)
        else:
            route.continue_()

    page.route("**/session", hold)
    with page.expect_request("**/session"):
        page.evaluate("Parley('reset')")
    expect(chat(page).get_by_role("button", name="Start chat")).to_be_visible()
    page.wait_for_timeout(500)
    held[0].continue_()
    page.wait_for_timeout(500)
    expect(chat(page).get_by_role("button", name="Start chat")).to_be_visible()


def test_an_answer_to_a_closed_chat_is_counted(page: Page) -> None:
    frame = begin(page)
    say(frame, "How long does shipping take?")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(1)
    frame.get_by_role("textbox", name="Message").press("Escape")
    launcher = page.locator("#parley .launcher")

    expect(launcher).to_have_attribute("aria-label", "Open chat, 1 unread message")
    expect(launcher).to_be_focused()
    launcher.click()
    expect(launcher).to_have_attribute("aria-label", "Close chat")
    page.wait_for_timeout(1500)
    launcher.click()
    expect(launcher).to_have_attribute("aria-label", "Open chat")


def test_a_signed_identity_brings_the_history_to_another_browser(
    page: Page, browser: Browser, app: AppProcesses, facts: dict[str, Any]
) -> None:
    identity = {
        "external_id": "nordhem-77",
        "name": "Maya",
        "signature": sign(secret=facts["widget_secret"], external_id="nordhem-77"),
    }
    page.evaluate("identity => Parley('identify', identity)", identity)
    frame = begin(page)
    say(frame, "From my laptop")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(1)

    context = browser.new_context(base_url=app.url)
    phone = context.new_page()
    phone.goto("/widget/demo/")
    phone.evaluate("identity => { Parley('identify', identity); Parley('open'); }", identity)

    expect(chat(phone).locator(".message--customer")).to_contain_text("From my laptop")
    context.close()


def test_the_phone_is_filled_and_keeps_the_focus(browser: Browser, app: AppProcesses) -> None:
    context = browser.new_context(base_url=app.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/widget/demo/")
    frame = begin(page)
    expect(frame.get_by_role("textbox", name="Message")).to_be_focused()

    assert page.locator("#parley iframe").bounding_box() == {
        "x": 0,
        "y": 0,
        "width": 390,
        "height": 844,
    }
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "parley"
    page.keyboard.press("Escape")
    expect(page.locator("#parley .launcher")).to_be_focused()
    context.close()


def test_only_allowed_sites_can_show_it(
    browser: Browser, app: AppProcesses, facts: dict[str, Any], tmp_path: Path
) -> None:
    tag = f'<script src="{app.url}/widget.js" data-widget="{facts["widget_key"]}" async></script>'
    (tmp_path / "index.html").write_text(f"<!doctype html><title>Shop</title><body>{tag}")
    with site(tmp_path) as url:
        context = browser.new_context()
        page = context.new_page()
        page.goto(url)
        page.wait_for_timeout(1500)
        assert page.locator("#parley .launcher").is_hidden()

        change(app, facts["widget_key"], allowed_origins=[url])
        page.reload()
        frame = begin(page)
        say(frame, "From the shop")
        expect(frame.locator(".message--customer[data-position]")).to_have_count(1)
        context.close()
    change(app, facts["widget_key"], allowed_origins=[])


class site:  # noqa: N801 - reads as a function
    """A site of its own origin that serves a folder."""

    def __init__(self, folder: Path) -> None:
        handler = partial(Quiet, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *reason: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    log_message: Callable[..., None] = staticmethod(lambda *args: None)


class Colleague:
    """Alice at the API, signed in by the browser."""

    def __init__(self, browser: Browser, app: AppProcesses) -> None:
        self._page = browser.new_context(base_url=app.url).new_page()
        self._page.goto("/login/")
        self._page.fill("[name=username]", "alice")
        self._page.fill("[name=password]", "alice-demo")
        self._page.press("[name=password]", "Enter")
        self._page.wait_for_url(re.compile("/conversations/"))

    def post(self, conversation: str, verb: str, body: dict[str, Any] | None = None) -> None:
        cookies = {cookie["name"]: cookie["value"] for cookie in self._page.context.cookies()}
        response = self._page.request.post(
            f"/api/v1/conversations/{conversation}/{verb}",
            data=body or {},
            headers={"X-CSRFToken": cookies["csrftoken"], "Referer": self._page.url},
        )
        assert response.ok, response.text()


def change(app: AppProcesses, key: str, **fields: Any) -> None:
    """Configure the widget as an administrator would."""
    code = (
        "from conversations.widget.models import Widget; "
        f"Widget.objects.filter(key={key!r}).update(**{fields!r})"
    )
    app.manage("shell", "-c", code)


def another_widget(app: AppProcesses) -> str:
    """Add a widget without a form; its key."""
    code = (
        "from conversations.models import Assistant, Source; "
        "from conversations.widget.models import Widget; "
        "assistant = Assistant.objects.order_by('created_at')[0]; "
        "source = Source.objects.create(kind='web_widget', name='Plain', assistant=assistant); "
        "print(Widget.objects.create(source=source).key)"
    )
    return app.manage("shell", "-v", "0", "-c", code).strip()
