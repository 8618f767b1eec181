"""The widget in Chromium: many conversations, a session that ends, a slow server."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, WebSocketRoute, expect

from tests.conversations.sources.widget.live_frame.shop import (
    Colleague,
    another_widget,
    change,
    say,
)
from tests.conversations.sources.widget.live_frame.visitor import (
    Calls,
    close_sessions,
    delete,
    delete_silently,
)
from tests.servers import waiting
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

ORDER = {"name": "order", "label": "Order", "type": "text", "required": True}


@pytest.fixture
def key(app: AppProcesses) -> str:
    """A widget of its own, without a form."""
    return another_widget(app)


@pytest.fixture
def alone(browser: Browser, app: AppProcesses, key: str) -> Iterator[Page]:
    """The widget as a page of its own."""
    context = browser.new_context(base_url=app.url)
    page = context.new_page()
    page.goto(f"/widget/{key}/")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    yield page
    context.close()


def test_an_old_conversation_is_followed_once_it_is_open(
    alone: Page, key: str, colleague: Colleague
) -> None:
    calls = Calls(alone, key)
    for number in range(12):
        calls.begin(f"Number {number}")
    alone.reload()
    alone.get_by_role("button", name="Your conversations").click()
    with alone.expect_request("**/messages?*") as requested:
        alone.locator(".past").last.click()
    expect(alone.locator(".message--customer")).to_contain_text("Number")
    oldest = requested.value.url.split("/")[-2]

    colleague.post(oldest, "messages/", {"text": "Alice here", "client_id": "a"})

    expect(alone.locator(".message--agent")).to_contain_text("Alice here")


def test_an_event_that_the_widget_does_not_know_changes_nothing(
    alone: Page, key: str, colleague: Colleague
) -> None:
    identifier = Calls(alone, key).begin("Is anybody there?")
    sockets: list[WebSocketRoute] = []

    def join(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    alone.route_web_socket("**/ws/v1/visitor/", join)
    alone.reload()
    colleague.post(identifier, "messages/", {"text": "Alice here", "client_id": "a"})
    expect(alone.locator("[data-part=name]")).to_contain_text("Alice")

    unknown = {"v": 1, "type": "conversation.pinned", "topic": f"conversation:{identifier}"}
    for data in ({"id": identifier, "lifecycle": "ended"}, {"text": "Where is my lamp?"}):
        sockets[-1].send(json.dumps({**unknown, "data": data}))
    colleague.post(identifier, "release")

    expect(alone.locator("[data-part=name]")).to_have_text("Ada")
    expect(alone.locator("[data-part=over]")).to_be_hidden()
    alone.get_by_role("button", name="Your conversations").click()
    expect(alone.locator(".past")).to_have_count(1)


def test_the_open_list_follows_what_changes(
    alone: Page, app: AppProcesses, key: str, colleague: Colleague
) -> None:
    calls = Calls(alone, key)
    older, newer = calls.begin("Is anybody there?"), calls.begin("And my lamp?")
    for identifier in (older, newer):
        colleague.post(identifier, "join")
        colleague.post(identifier, "accept")
    alone.reload()
    to_list = alone.get_by_role("button", name="Your conversations")
    to_list.click()
    alone.locator(f"[data-conversation='{newer}'] .past").click()
    to_list.click()
    alone.locator(f"[data-conversation='{older}'] .past").focus()

    colleague.post(older, "messages/", {"text": "Alice here", "client_id": "b"})
    first = alone.locator(".past").first
    expect(first).to_contain_text("Alice here")
    expect(first.locator(".past__state")).to_have_text("Alice Moreau")
    expect(first.locator(".count")).to_have_text("1")
    expect(first).to_be_focused()
    colleague.post(older, "end")
    expect(first.locator(".past__state")).to_have_text("Ended")

    colleague.pause(newer)
    colleague.post(newer, "messages/", {"text": "Alice there", "client_id": "c"})
    expect(first).to_contain_text("Alice there")
    expect(alone.locator("[data-part=name]")).to_have_text("Ada")

    delete(app, newer)
    expect(alone.locator(".past")).to_have_count(1)
    delete_silently(app, older)
    expect(alone.get_by_role("textbox", name="Message")).to_be_visible()


def test_a_closed_session_is_opened_again_however_long_the_server_is_away(
    alone: Page, app: AppProcesses, key: str
) -> None:
    lost: list[Route] = []

    def lose(route: Route) -> None:
        lost.append(route)
        route.abort()

    alone.route("**/session", lose)
    close_sessions(app, key)
    banner = alone.locator("[data-part=banner]")
    expect(banner).to_contain_text("No connection")
    assert lost

    alone.unroute_all()
    expect(banner).to_have_text("Back.", timeout=20_000)


def test_a_session_that_is_opened_again_leaves_one_where_one_was(alone: Page, key: str) -> None:
    calls = Calls(alone, key)
    older = calls.begin("Is anybody there?")
    calls.begin("And my lamp?")
    sockets: list[WebSocketRoute] = []

    def join(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    def refuse() -> None:
        with alone.expect_response("**/session"):
            sockets[-1].close(code=4401)

    alone.route_web_socket("**/ws/v1/visitor/", join)
    alone.reload()
    alone.get_by_role("button", name="Your conversations").click()
    expect(alone.locator(".past")).to_have_count(2)
    refuse()
    alone.locator(f"[data-conversation='{older}'] .past").click()
    expect(alone.locator(".message--customer")).to_contain_text("Is anybody there?")
    refuse()
    expect(alone.locator(".message--customer")).to_contain_text("Is anybody there?")
    say(alone, "Still here")
    expect(alone.locator(".message--customer[data-position]")).to_have_count(2)

    alone.get_by_role("button", name="Menu").click()
    alone.get_by_role("menuitem", name="New conversation").click()
    refuse()
    say(alone, "Something else")
    expect(alone.locator(".message--customer[data-position]")).to_have_count(1)


def test_what_is_written_before_a_form_had_to_be_filled_in_is_said_after_it(
    browser: Browser, app: AppProcesses, key: str
) -> None:
    change(app, key, prechat_fields=[ORDER])
    context = browser.new_context(base_url=app.url)
    page = context.new_page()
    page.goto(f"/widget/{key}/")
    page.get_by_label("Order").fill("1042")
    page.get_by_role("button", name="Start chat").click()
    say(page, "First")
    expect(page.locator(".message--customer[data-position]")).to_have_count(1)
    context.set_offline(True)
    say(page, "In a tunnel")
    expect(page.locator(".message--pending")).to_contain_text("In a tunnel")
    close_sessions(app, key)
    context.set_offline(False)

    page.get_by_label("Order").fill("1043")
    page.get_by_role("button", name="Start chat").click()

    expect(page.locator(".message--customer[data-position]")).to_have_count(1)
    expect(page.locator(".message--customer")).to_contain_text("In a tunnel")
    context.close()


def test_a_message_may_find_out_first_that_the_token_is_gone(
    alone: Page, app: AppProcesses, key: str
) -> None:
    Calls(alone, key).begin("Hello")
    alone.reload()
    held: list[tuple[Route, APIResponse]] = []
    say(alone, "First")
    expect(alone.locator(".message--customer[data-position]")).to_have_count(2)
    alone.route("**/session", lambda route: held.append((route, route.fetch())), times=1)
    close_sessions(app, key)
    late, answer = waiting.until(lambda: held, page=alone)[0]
    assert answer.status == 401

    with alone.expect_response(lambda answer: answer.status == 401):
        say(alone, "Second")
    late.fulfill(response=answer)

    expect(alone.locator(".message--customer[data-position]")).to_have_count(1)
    expect(alone.locator(".message--customer")).to_contain_text("Second")


def test_a_message_that_leaves_between_two_sessions_goes_to_a_conversation_of_the_second(
    alone: Page, app: AppProcesses, key: str
) -> None:
    Calls(alone, key).begin("Hello")
    alone.reload()
    expect(alone.locator(".message--customer[data-position]")).to_have_count(1)
    opened: list[tuple[Route, APIResponse]] = []
    refused: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        answer = route.fetch()
        if answer.ok:
            opened.append((route, answer))
        else:
            route.fulfill(response=answer)

    alone.route("**/session", hold)
    alone.route("**/messages", lambda route: refused.append((route, route.fetch())), times=1)
    close_sessions(app, key)
    waiting.until(lambda: opened, page=alone)
    say(alone, "Is my lamp lost?")
    late, answer = waiting.until(lambda: refused, page=alone)[0]
    assert answer.status == 401
    for route, session in opened:
        route.fulfill(response=session)
    expect(alone.locator(".message--customer[data-position]")).to_have_count(0)

    late.fulfill(response=answer)

    expect(alone.locator(".message--customer[data-position]")).to_contain_text("Is my lamp lost?")


def test_a_page_that_comes_late_overrides_nothing_newer(
    alone: Page, key: str, colleague: Colleague
) -> None:
    identifier = Calls(alone, key).begin("Is anybody there?")
    held: list[tuple[Route, APIResponse]] = []
    alone.route("**/messages?*", lambda route: held.append((route, route.fetch())))
    alone.reload()
    expect(alone.locator("[data-part=name]")).to_have_text("Ada")
    route, answer = waiting.until(lambda: held, page=alone)[0]

    colleague.post(identifier, "messages/", {"text": "Alice here", "client_id": "a"})
    expect(alone.locator(".message--agent")).to_contain_text("Alice here")
    route.fulfill(response=answer)

    expect(alone.locator(".message--customer")).to_contain_text("Is anybody there?")
    expect(alone.locator("[data-part=name]")).to_contain_text("Alice")
