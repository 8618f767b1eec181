"""A deployment, made by ``docs/operations.md`` alone: from ``migrate`` to an answered customer."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.conversations.sources.widget.live_frame.shop import answers, chat, say, site
from tests.servers import ports
from tests.servers.browser import PATIENCE
from tests.servers.deployment import OWNER, Deployment

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WIDE: ViewportSize = {"width": 1440, "height": 900}
QUESTION = "What is your policy for a lamp that arrived damaged?"


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Yield what the docs say to run, as soon as all of it is ready."""
    with Deployment(tmp_path_factory.mktemp("deployment")) as running:
        ports.wait_for("readiness", lambda: _is_ready(running.url), within=60, every=0.5)
        yield running


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Yield what the consoles of the pages wrote, which has to be nothing."""
    lines: list[str] = []
    yield lines
    assert lines == []


@pytest.fixture
def office(deployment: Deployment, browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """Yield the administrator's window."""
    context = browser.new_context(base_url=deployment.url, viewport=WIDE, ignore_https_errors=True)
    page = context.new_page()
    _listen(page, complaints)
    yield page
    context.close()


def test_from_nothing_to_the_first_answered_customer(
    office: Page, browser: Browser, complaints: list[str], tmp_path: Path
) -> None:
    name, password = OWNER
    office.goto("/admin/")
    office.get_by_label("Username").fill(name)
    office.get_by_label("Password").fill(password)
    office.keyboard.press("Enter")
    expect(office.get_by_role("link", name="Assistants").first).to_be_visible()

    office.goto("/admin/conversations/assistant/add/")
    office.locator("[name=name]").fill("Ada")
    office.locator("[name=instructions]").fill("You work at the order desk of a lamp shop.")
    office.get_by_role("button", name="Save", exact=True).click()
    expect(office.get_by_text("Added: Ada.")).to_be_visible()

    with site(tmp_path) as address:
        shop = address.replace("127.0.0.1", "localhost")
        (tmp_path / "index.html").write_text(_page_with(_tag_for(office, shop)))
        context = browser.new_context(viewport=WIDE, ignore_https_errors=True)
        customer = context.new_page()
        _listen(customer, complaints)
        customer.goto(shop)
        customer.locator("#parley .launcher").click()
        frame = chat(customer)
        say(frame, QUESTION)
        expect(answers(frame)).to_have_count(1)
        office.goto("/conversations/")
        office.locator("[data-row] .row").first.click()
        expect(office.locator(".message--assistant").last).to_be_visible()
        context.close()


def _is_ready(url: str) -> bool:
    try:
        # The certificate is the test's own.
        return httpx.get(f"{url}/health/ready", verify=False, timeout=30).is_success  # noqa: S501
    except httpx.HTTPError:
        return False


def _tag_for(office: Page, shop: str) -> str:
    """Make a widget for the site of the shop; return the tag that the form shows."""
    office.goto("/admin/widget/widget/add/")
    office.get_by_label("Brand").fill("Nordhem")
    office.get_by_label("Assistant", exact=True).select_option(label="Ada")
    sites = office.locator("[data-rows=allowed_origins]")
    sites.get_by_role("button", name="Add a row").click()
    sites.get_by_role("textbox").first.fill(shop)
    office.get_by_role("button", name="Save and continue editing").click()
    return office.locator("#snippet").inner_text()


def _page_with(tag: str) -> str:
    icon = '<link rel="icon" href="data:,">'
    return f"<!doctype html><title>Lamps</title>{icon}<h1>Lamps</h1>{tag}"


def _listen(page: Page, complaints: list[str]) -> None:
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda line: (
            complaints.append(f"{page.url}: {line.text}")
            if line.type in {"error", "warning"}
            else None
        ),
    )
