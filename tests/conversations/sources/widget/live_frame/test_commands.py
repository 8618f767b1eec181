"""The widget in Chromium: commands of a site, on a page that allows little."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.conversations.sources.widget.live_frame.shop import Colleague, begin, change, site
from tests.servers.parley import AppProcesses

pytestmark = pytest.mark.browser

PAGE = """<!doctype html>
<title>Shop</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
  script-src 'self' {url}; frame-src {url}; require-trusted-types-for 'script'">
<script src="page.js"></script>
<script src="{url}/widget.js" data-widget="{key}" async></script>
<body>
"""
SCRIPT = """
window.Parley = function () { (Parley.q = Parley.q || []).push(arguments); };
window.early = window.Parley;
Parley("on", "started", ({ conversation }) => { window.started = conversation; });
Parley("set", { plan: "gold", orders: 3, none: null });
Parley("set", { "two words": 1, cart: { lamp: 1 }, act: () => 1 });
"""


def test_a_strict_page_tells_what_can_be_told(
    browser: Browser, app: AppProcesses, facts: dict[str, Any], tmp_path: Path, colleague: Colleague
) -> None:
    key = facts["widget_key"]
    (tmp_path / "index.html").write_text(PAGE.format(url=app.url, key=key))
    (tmp_path / "page.js").write_text(SCRIPT)
    with site(tmp_path) as url:
        change(app, key, allowed_origins=[url])
        page = browser.new_context().new_page()
        lines: list[tuple[str, str]] = []
        page.on("console", lambda line: lines.append((line.type, line.text)))
        page.on("pageerror", lambda error: lines.append(("error", str(error))))
        page.goto(url)
        expect(page.locator("#parley .launcher")).to_be_visible()
        page.evaluate("early('set', { size: 'XL' })")
        frame = begin(page)

        expect(frame.get_by_role("textbox", name="Message")).to_be_visible()
        variables = colleague.variables(page.evaluate("window.started"))
        assert variables == {"plan": "gold", "orders": "3", "size": "XL"}
        assert [text for kind, text in lines if kind == "error" and "favicon" not in text] == []
        left_out = [text.split('"')[1] for kind, text in lines if kind == "warning"]
        assert left_out == ["two words", "cart", "act"]
        page.context.close()
    change(app, key, allowed_origins=[])
