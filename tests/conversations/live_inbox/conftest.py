"""An agent's inbox on a whole running Parley, and customers who begin conversations."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conversations.live_inbox.helpers import DESKTOP, QUESTION, Customer, sign_in
from tests.servers.parley import AppProcesses


@pytest.fixture(scope="module")
def begin(app: AppProcesses) -> Iterator[Callable[..., Customer]]:
    """A function by which a customer begins a conversation."""
    facts = app.demo()
    source = next(row["id"] for row in facts["sources"] if row["kind"] == "api")
    headers = {"Authorization": f"Bearer {facts['api_key']}"}
    with httpx.Client(base_url=f"{app.url}/api/v1/", headers=headers, timeout=20) as api:
        yield lambda text=QUESTION: Customer(api, source, text)


@pytest.fixture(scope="module")
def session(browser: Browser, app: AppProcesses) -> Any:
    """Alice's session, signed in once."""
    context = browser.new_context(base_url=app.url)
    sign_in(context, "alice")
    state = context.storage_state()
    context.close()
    return {"cookies": state["cookies"]}


@pytest.fixture
def window(browser: Browser, app: AppProcesses, session: Any) -> Iterator[BrowserContext]:
    """A window in which Alice is signed in and has written nothing yet."""
    context = browser.new_context(base_url=app.url, viewport=DESKTOP, storage_state=session)
    yield context
    context.close()


@pytest.fixture
def inbox(window: BrowserContext) -> Page:
    """Alice's inbox."""
    page = window.new_page()
    page.goto("/conversations/")
    expect(page.locator("[data-live]")).to_have_text("Live")
    return page
