"""The pages of a shop on another site, and what a browser keeps for the frame on them."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import FrameLocator, Page

from tests.conversations.sources.widget.live_frame.shop import chat
from tests.servers.parley import AppProcesses

PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Shop</title>"
    "<body><h1>Lamps</h1>"
    '<script src="{url}/widget.js" data-widget="{key}" async></script>'
)
ALL_ALLOWED = {"cookie_controls_mode": 0, "block_third_party_cookies": False}
NONE_ALLOWED = {"default_content_setting_values": {"cookies": 2}}
STORAGES = """async () => {
  const tried = {
    local: () => localStorage.setItem("tried", "1"),
    session: () => sessionStorage.setItem("tried", "1"),
    locks: () => navigator.locks.request("tried", async () => null),
  };
  const refused = [];
  for (const [name, attempt] of Object.entries(tried)) {
    try { await attempt(); } catch (error) { refused.push(`${name} ${error.name}`); }
  }
  return refused;
}"""
ALL_REFUSED = ["local SecurityError", "session SecurityError", "locks SecurityError"]


def open_chat(page: Page) -> FrameLocator:
    page.locator("#parley .launcher").click()
    return chat(page)


def refused_to_frame(page: Page) -> list[str]:
    """Return which storages the browser refuses to the widget's frame, and how."""
    refused: list[str] = page.frames[1].evaluate(STORAGES)
    return refused


def kept_by_page(page: Page, key: str) -> dict[str, Any]:
    """Return what the shop's own storage holds for the widget, by name."""
    kept: dict[str, Any] = page.evaluate(
        """key => Object.fromEntries(Object.entries(localStorage)
            .filter(([name]) => name.startsWith(`parley:${key}:`))
            .map(([name, value]) => [name.split(":").slice(2).join(":"), JSON.parse(value)]))""",
        key,
    )
    return kept


def pass_time(app: AppProcesses, key: str, by: timedelta) -> None:
    """Make all sessions of a widget older, as if the visitors had been away."""
    code = (
        "from datetime import timedelta; from django.db.models import F; "
        "from conversations.sources.widget.models import VisitorToken; "
        f"away = timedelta(seconds={by.total_seconds()}); "
        f"VisitorToken.objects.filter(widget__key={key!r}).update("
        "**{name: F(name) - away for name in ('created_at', 'last_seen_at', 'expires_at')})"
    )
    app.manage("shell", "-c", code)
