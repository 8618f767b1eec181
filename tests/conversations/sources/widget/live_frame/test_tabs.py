"""The widget in Chromium: one visitor in several tabs."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from conversations.sources.widget.identity import sign
from tests.conversations.sources.widget.live_frame.shop import Colleague, begin, chat, say
from tests.servers import waiting

pytestmark = pytest.mark.browser


@pytest.fixture
def another(page: Page) -> Callable[[], Page]:
    """Opens the shop in one more tab."""

    def tab() -> Page:
        made = page.context.new_page()
        made.goto("/widget/demo/")
        expect(made.locator("#parley .launcher")).to_be_visible()
        return made

    return tab


def token(page: Page, facts: dict[str, Any]) -> str | None:
    kept: str | None = page.evaluate(f"localStorage.getItem('parley:{facts['widget_key']}:token')")
    return kept


def test_a_tab_from_before_the_first_word_goes_on_with_it(
    page: Page, another: Callable[[], Page], facts: dict[str, Any]
) -> None:
    tab = another()
    frame = begin(page)
    say(frame, "From the first tab")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(1)
    first = token(page, facts)

    tab.locator("#parley .launcher").click()

    expect(chat(tab).locator(".message--customer")).to_contain_text("From the first tab")
    assert token(tab, facts) == first


def test_two_tabs_that_open_at_once_are_one_visitor(
    page: Page, another: Callable[[], Page]
) -> None:
    tab = another()
    opened: list[str] = []

    def slowly(route: Route) -> None:
        answer = route.fetch()
        opened.append(answer.json()["token"])
        waiting.work_goes_on(0.5, page=page)
        route.fulfill(response=answer)

    page.context.route("**/session", slowly)
    for one in (page, tab):
        one.evaluate("Parley('open')")
    for one in (page, tab):
        expect(chat(one).get_by_role("button", name="Start chat")).to_be_visible()

    assert len(opened) == 2
    assert len(set(opened)) == 1


def test_what_is_read_in_one_tab_is_read_in_all(
    page: Page, another: Callable[[], Page], colleague: Colleague
) -> None:
    tab = another()
    frame = begin(page)
    frame.get_by_role("button", name="Talk to a person").click()
    expect(frame.locator(".queue-note")).to_contain_text("in line")
    page.evaluate("Parley('close')")
    colleague.post(
        page.evaluate("window.started"), "messages/", {"text": "Alice here", "client_id": "a"}
    )
    launchers = [one.locator("#parley .launcher") for one in (page, tab)]
    for launcher in launchers:
        expect(launcher).to_have_attribute("aria-label", "Open chat, 1 unread message")

    launchers[0].click()

    expect(launchers[1]).to_have_attribute("aria-label", "Open chat")


def test_who_signs_in_in_one_tab_is_known_in_the_other(
    page: Page, another: Callable[[], Page], facts: dict[str, Any]
) -> None:
    frame = begin(page)
    say(frame, "Before I signed in")
    expect(frame.locator(".message--customer[data-position]")).to_have_count(1)
    tab = another()
    tab.locator("#parley .launcher").click()
    expect(chat(tab).locator(".message--customer")).to_have_count(1)
    stranger = token(page, facts)
    signature = sign(secret=facts["widget_secret"], external_id="nordhem-78")

    with tab.expect_response("**/session"):
        page.evaluate(
            "identity => Parley('identify', identity)",
            {"external_id": "nordhem-78", "signature": signature},
        )
    expect(chat(tab).locator(".message--customer")).to_contain_text("Before I signed in")
    say(chat(tab), "And after")

    expect(frame.locator(".message--customer[data-position]")).to_have_count(2)
    assert token(page, facts) != stranger
