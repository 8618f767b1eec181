"""A shop on another site than Parley's, in browsers that keep more, less or nothing for frames."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conversations.sources.widget.embedded.shop import ALL_ALLOWED, NONE_ALLOWED, PAGE
from tests.conversations.sources.widget.live_frame.shop import (
    PATIENCE,
    another_widget,
    change,
    is_grave,
    site,
)
from tests.servers.browser import running_profile
from tests.servers.parley import AppProcesses


@pytest.fixture(scope="module")
def key(app: AppProcesses) -> str:
    """A widget of its own, without a form."""
    return another_widget(app)


@pytest.fixture(scope="module")
def shop(app: AppProcesses, key: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a shop: for the browser it is another site than 127.0.0.1."""
    folder = tmp_path_factory.mktemp("shop")
    for name in ("index.html", "lamps.html"):
        (folder / name).write_text(PAGE.format(url=app.url, key=key))
    with site(folder) as url:
        address = url.replace("127.0.0.1", "localhost")
        change(app, key, allowed_origins=[address])
        yield address


@pytest.fixture
def denied(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh window, in which frames of other sites get no storage."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def allowed(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A profile in which frames of other sites get a storage."""
    with running_profile(browser, tmp_path / "profile", **ALL_ALLOWED) as context:
        yield context


@pytest.fixture
def bare(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A profile in which no site gets a storage, not the shop either."""
    with running_profile(browser, tmp_path / "profile", **NONE_ALLOWED) as context:
        yield context


@pytest.fixture
def visit(shop: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the shop; any complaint of its console fails the test."""
    complaints: list[str] = []

    def visit(context: BrowserContext, path: str = "/") -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: _note(complaints, line))
        page.goto(shop + path)
        return page

    yield visit
    assert complaints == []


def _note(complaints: list[str], line: Any) -> None:
    if is_grave(line) and "favicon" not in line.location["url"]:
        complaints.append(line.text)
