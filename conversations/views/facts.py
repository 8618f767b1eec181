"""What is known of a conversation's beginning and of its contact, as people read it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from channels_layer import formats

Json = Mapping[str, Any]

INTERNAL = frozenset({"client_id", "continues", "demo"})
"""What a conversation's context keeps for the program alone."""

BEGINNING = frozenset({"page", "browser", "referral"})
"""What has lines of its own."""

_BROWSERS = (
    ("Edge", r"\bEdg(?:A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|HeadlessChrome|CriOS)/"),
    ("Safari", r"\bVersion/.*\bSafari/"),
)
_SYSTEMS = (
    ("Windows", r"\bWindows\b"),
    ("Android", r"\bAndroid\b"),
    ("iPad", r"\biPad\b"),
    ("iPhone", r"\biPhone\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A line of the details: a name, a readable value, and the page that it leads to."""

    name: str
    value: str
    url: str = ""


def facts_of(context: Json, attributes: Json) -> list[Fact]:
    """Return the lines of a conversation's context and of its contact's attributes."""
    public = {key: value for key, value in context.items() if key not in INTERNAL | BEGINNING}
    known = [*_beginning(context), *_others(public), *_others(attributes)]
    return [fact for fact in known if fact.value]


def browser_of(agent: str) -> str:
    """Return the browser and the system that a user agent names: Chrome on Linux.

    What names no version is no user agent but a person's words, and stays as it is.
    """
    if "/" not in agent and agent.strip() != "Mozilla":
        return agent.strip()[:40]
    browser = _first(_BROWSERS, agent)
    system = _first(_SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    program = agent.strip().partition("/")[0][:40]
    return browser or system or ("" if program == "Mozilla" else program)


def _beginning(context: Json) -> Iterator[Fact]:
    """Yield what every source says of a beginning: the page, the browser, the advertisement."""
    page, referral = (_mapping(context.get(name)) for name in ("page", "referral"))
    yield _link(_("Page"), page.get("title"), page.get("url"))
    yield Fact(name=_("Browser"), value=browser_of(str(context.get("browser") or "")))
    yield _link(_("Advertisement"), referral.get("headline"), referral.get("source_url"))
    yield Fact(name=_("Product"), value=formats.readable(referral.get("product")))


def _others(values: Json) -> Iterator[Fact]:
    for key, value in values.items():
        yield Fact(name=formats.label(key), value=formats.readable(value), url=_url(value))


def _link(name: str, title: object, url: object) -> Fact:
    """Return a page by its title, else by its address without the scheme."""
    address = _url(url)
    shown = address.partition("://")[2].removesuffix("/")
    return Fact(name=name, value=formats.readable(title) or shown, url=address)


def _url(value: object) -> str:
    """Return an address of the web; anything else is none."""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        return ""
    try:
        return value if urlsplit(value).hostname else ""
    except ValueError:
        return ""


def _mapping(value: object) -> Json:
    """Return what stands in ``value``; a lone address is one too."""
    if isinstance(value, Mapping):
        return value
    return {"url": value, "title": value} if value else {}


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, agent)), "")
