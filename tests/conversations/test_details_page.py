"""The details of a conversation: GET /conversations/<id>/details/."""

import re

import pytest
from django.test import Client

from conversations.models import Conversation
from conversations.views.facts import browser_of, facts_of

LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"


def test_says_in_words_where_a_conversation_began(page: Client, conversation: Conversation) -> None:
    conversation.context = {
        "page": {"url": "https://shop.example/lamps?a=1", "title": "Lamps"},
        "browser": f"{LINUX} Chrome/149.0 Safari/537.36",
        "client_id": "1f7c",
        "demo": "norway",
    }
    conversation.save(update_fields=["context"])
    assert conversation.contact is not None
    conversation.contact.attributes = {"is_member": True, "last_order": {"id": 7, "paid": False}}
    conversation.contact.save(update_fields=["attributes"])
    html = page.get(f"/conversations/{conversation.pk}/details/").content.decode()
    shown = html[html.index("Chat id") : html.index('aria-label="Variables"')]
    assert re.search(r'<a\s+href="https://shop.example/lamps\?a=1"[^>]*>Lamps</a>', shown)
    for words in ("Chrome on Linux", "is member", ">Yes<", "id: 7, paid: No"):
        assert words in shown
    for raw in ("{", "True", "Mozilla", "client_id", "1f7c", "norway", "is_member"):
        assert raw not in shown


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"{LINUX} Chrome/149.0 Safari/537.36", "Chrome on Linux"),
        (f"{LINUX} Chrome/149.0 Safari/537.36 Edg/149.0", "Edge on Linux"),
        (f"{PHONE} Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0",
            "Firefox on Windows",
        ),
        ("curl/8.5.0", "curl"),
        ("Firefox on Windows", "Firefox on Windows"),
        ("Mozilla/5.0", ""),
        ("", ""),
    ],
)
def test_names_browser_and_system(agent: str, words: str) -> None:
    assert browser_of(agent) == words


@pytest.mark.parametrize(
    ("page", "value", "url"),
    [
        ({"url": "https://shop.example/"}, "shop.example", "https://shop.example/"),
        ({"url": "javascript:alert(1)", "title": "Free"}, "Free", ""),
        ({"url": "https://[", "title": "Odd"}, "Odd", ""),
    ],
)
def test_only_an_address_of_the_web_is_a_link(page: dict[str, str], value: str, url: str) -> None:
    (fact,) = facts_of({"page": page}, {})
    assert (fact.value, fact.url) == (value, url)


def test_what_is_empty_has_no_line() -> None:
    assert (
        facts_of({"page": {}, "browser": "", "a": None, "b": [], "c": {"d": ""}}, {"e": ""}) == []
    )
