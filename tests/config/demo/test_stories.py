"""The demo's stories: what they say of a beginning is what a real widget sends."""

from config.demo.data import files
from conversations.views.facts import facts_of


def test_a_page_is_a_link_and_a_browser_is_named() -> None:
    begun = [raw["context"] for raw in files.table("stories")["story"] if "context" in raw]
    assert begun
    for context in begun:
        page, browser = facts_of(context, {})
        assert page.url.startswith("https://")
        assert page.value == context["page"]["title"]
        assert context["browser"].startswith("Mozilla/5.0")
        assert " on " in browser.value
