"""The administration's navigation: tables by what one wants to do, the engine's own last."""

from collections.abc import Iterable, Mapping
from typing import Any

from axes.models import AccessBase
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from channels_layer import formats

# Title, sentence, and the tables with their icons in the theme's font.
GROUPS = (
    (
        gettext_lazy("Assistants"),
        gettext_lazy("Who answers first, and what they know."),
        {
            "conversations.assistant": "forum",
            "chats.article": "menu_book",
            "chats.modeltrait": "rule",
        },
    ),
    (
        gettext_lazy("Tools"),
        gettext_lazy("What assistants can do in other systems."),
        {
            "chats.httptool": "api",
            "chats.mcpserver": "hub",
            "chats.mcptool": "construction",
            "chats.headersecret": "vpn_key",
        },
    ),
    (
        gettext_lazy("Channels"),
        gettext_lazy("Where conversations come from."),
        {
            "conversations.source": "inbox",
            "widget.widget": "web",
            "whatsapp.sender": "call",
            "whatsapp.template": "description",
            "whatsapp.limittier": "speed",
        },
    ),
    (
        gettext_lazy("People"),
        gettext_lazy("Who works here, and who writes."),
        {"auth.user": "badge", "conversations.contact": "contacts"},
    ),
    (
        gettext_lazy("Automation"),
        gettext_lazy("Other systems that read and write."),
        {"channels_layer.apikey": "key"},
    ),
    (
        gettext_lazy("Money"),
        gettext_lazy("What the models use."),
        {"chats.budget": "savings", "chats.usage": "payments"},
    ),
    (
        gettext_lazy("System"),
        gettext_lazy("Who changed what, and who could not sign in."),
        {"admin.logentry": "history", "axes.accessattempt": "lock"},
    ),
)
# What one row and what several are called, of the tables that libraries bring.
WORDS = {
    "auth.user": (gettext_lazy("staff member"), gettext_lazy("staff")),
    "admin.logentry": (gettext_lazy("change"), gettext_lazy("changes")),
    "axes.accessattempt": (gettext_lazy("failed sign-in"), gettext_lazy("failed sign-ins")),
    "axes.accesslog": (gettext_lazy("sign-in"), gettext_lazy("sign-ins")),
    "axes.accessfailurelog": (gettext_lazy("sign-in failure"), gettext_lazy("sign-in failures")),
}
DIAGNOSTICS = gettext_lazy("Diagnostics")


def name_tables() -> None:
    """Give the tables of the libraries the words that navigation, headings and messages use."""
    for label, (one, several) in WORDS.items():
        options = apps.get_model(label)._meta
        options.verbose_name, options.verbose_name_plural = one, several


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of the sidebar and of the front page."""
    del request
    groups = [
        {
            "title": title,
            "text": text,
            "items": [_item(label, icon) for label, icon in labels.items()],
        }
        for title, text, labels in GROUPS
    ]
    items = [_item(model._meta.label_lower, "") for model in diagnostics()]
    engine = {
        "title": DIAGNOSTICS,
        "text": gettext("What Parley itself writes; to be looked at, never changed."),
        "collapsible": True,
        "separator": True,
        "items": sorted(items, key=lambda item: str(item["title"])),
    }
    return [*groups, engine]


def diagnostics() -> Iterable[type[Model]]:
    """Return the engine's own tables: all that no group names."""
    named = {label for _title, _text, labels in GROUPS for label in labels}
    every = [model for model in apps.get_models() if admin.site.is_registered(model)]
    return [model for model in every if model._meta.label_lower not in named]


def group_of(model: type[Model]) -> str:
    """Return the title of the group in which a table stands."""
    label = model._meta.label_lower
    return str(next((title for title, _text, labels in GROUPS if label in labels), DIAGNOSTICS))


def grouped(applications: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the tables that Django lists by app under the titles of the navigation."""
    groups: dict[str, dict[str, Any]] = {}
    for application in applications.values():
        for table in application["models"]:
            title = group_of(table["model"])
            whole = {**application, "name": title, "app_url": reverse("admin:index"), "models": []}
            groups.setdefault(title, whole)["models"].append(table)
    return groups


def entitled(row: object) -> str:
    """Return what a row is called; a sign-in by name and time, where the library writes code."""
    if isinstance(row, AccessBase):
        return f"{row.username or '-'}, {formats.full_moment(row.attempt_time)}"
    return str(row)


def _item(label: str, icon: str) -> dict[str, Any]:
    options = apps.get_model(label)._meta
    link = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return {"title": capfirst(str(options.verbose_name_plural)), "icon": icon, "link": link}
