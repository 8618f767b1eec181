"""The widget on another site: nothing that fails leaves a skeleton standing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conversations.sources.widget.embedded.shop import open_chat
from tests.conversations.sources.widget.live_frame.shop import answers, say
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
APPEAR = """() => {
  const [late] = document.getAnimations().filter((one) => one.animationName === "late");
  const { delay } = late.effect.getTiming();
  late.finish();
  return delay;
}"""
"""Let what appears late appear; return after how many milliseconds it would."""


def test_a_session_that_does_not_come_is_said_after_ten_seconds(
    denied: BrowserContext, visit: Visit
) -> None:
    denied.route("**/session", lambda route: None)
    denied.clock.install()
    page = visit(denied)
    with page.expect_request("**/session"):
        frame = open_chat(page)
    refusal = frame.locator("[data-part=refusal]")
    denied.clock.run_for(9_000)
    expect(refusal).to_be_hidden()
    denied.clock.run_for(1_500)
    expect(refusal).to_contain_text("We cannot be reached")

    denied.unroute_all(behavior="ignoreErrors")
    frame.get_by_role("button", name="Try again").click()
    expect(frame.get_by_role("textbox", name="Message")).to_be_visible()


def test_a_refused_session_is_requested_again_on_request(
    denied: BrowserContext, visit: Visit
) -> None:
    page = visit(denied)
    denied.route("**/session", lambda route: route.fulfill(status=200, body="<h1>Sign in</h1>"))
    frame = open_chat(page)
    expect(frame.locator("[data-part=refusal]")).to_contain_text("does not work right now")

    denied.unroute_all()
    frame.get_by_role("button", name="Try again").click()
    expect(frame.get_by_role("textbox", name="Message")).to_be_visible()


def test_a_script_that_does_not_come_is_said_after_ten_seconds(
    denied: BrowserContext, app: AppProcesses, key: str
) -> None:
    denied.route("**/widget/session.js", lambda route: route.abort())
    page = denied.new_page()
    page.goto(f"{app.url}/widget/{key}/")
    again = page.get_by_role("link", name="Try again")
    expect(again).to_be_hidden()
    assert page.evaluate(APPEAR) == 10_000
    expect(page.locator(".widget__late")).to_be_visible()

    denied.unroute_all()
    again.click()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


def test_a_page_that_greets_late_shows_its_launcher_then(
    denied: BrowserContext, visit: Visit
) -> None:
    """It is held as by a script that computes for long: its greeting leaves after six seconds."""
    denied.add_init_script(
        """if (window === top) {
          const listen = HTMLIFrameElement.prototype.addEventListener;
          HTMLIFrameElement.prototype.addEventListener = function (name, listener) {
            listen.call(this, name, () => (window.greet = listener));
          };
        }"""
    )
    denied.clock.install()
    page = visit(denied)
    page.wait_for_function("() => window.greet")
    denied.clock.run_for(6_000)
    expect(page.frames[1].locator("[data-screen=chat]")).to_be_attached()
    page.evaluate("greet()")
    frame = open_chat(page)
    say(frame, "Remember me [demo:rate=0]")
    expect(answers(frame)).to_have_count(1)

    page.reload()
    page.wait_for_function("() => window.greet")
    page.evaluate("greet()")
    expect(open_chat(page).locator(".message--customer")).to_contain_text("Remember me")
