"""Debian's Chromium, driven by Playwright."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

PATIENCE = 20_000
"""Milliseconds that a page gets to show what is expected; a busy machine is slow, not wrong."""

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these it resolves its maker's hosts at every start.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return where the browser is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def running_browser(*flags: str) -> Iterator[Browser]:
    """Run a browser without a screen; further ``flags`` as for fake sound devices."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=[*_FLAGS, *flags]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def running_profile(browser: Browser, folder: Path, **preferences: Any) -> Iterator[BrowserContext]:
    """Run the same browser with a profile of its own in ``folder``, as a person has it set up."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps({"profile": preferences}))
    context = browser.browser_type.launch_persistent_context(
        str(folder), executable_path=chromium(), headless=True, args=_FLAGS
    )
    try:
        yield context
    finally:
        context.close()
