"""The demo shop of a whole running Parley, in a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.conversations.sources.widget.live_frame.shop import PATIENCE, Colleague, is_grave
from tests.journeys import client as contract
from tests.servers.parley import AppProcesses


@pytest.fixture(scope="module")
def facts(app: AppProcesses) -> dict[str, Any]:
    return app.demo()


@pytest.fixture(scope="module")
def colleague(app: AppProcesses) -> Iterator[Colleague]:
    """Alice, signed in once."""
    with contract.session(app.url, "alice") as client:
        yield Colleague(client)


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """The demo shop; any complaint of the console fails the test."""
    page = window.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if is_grave(line) else None)
    page.goto("/widget/demo/")
    page.evaluate("Parley('on', 'started', ({ conversation }) => (window.started = conversation))")
    yield page
    assert complaints == []
