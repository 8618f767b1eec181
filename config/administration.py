"""The administration's navigation: tables by what one wants to do, the engine's own last."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

# Title, sentence, and the tables with their icons in the theme's font.
GROUPS = (
    (
        gettext_lazy("Assistants"),
        gettext_lazy("Who answers first, and what they know."),
        {"conversations.assistant": "forum", "chats.article": "menu_book"},
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
    (gettext_lazy("Money"), gettext_lazy("What the models use."), {"chats.usage": "payments"}),
    (
        gettext_lazy("System"),
        gettext_lazy("Who changed what, and who could not sign in."),
        {"admin.logentry": "history", "axes.accessattempt": "lock"},
    ),
)
TITLES = {
    "auth.user": gettext_lazy("Staff"),
    "admin.logentry": gettext_lazy("Changes"),
    "axes.accessattempt": gettext_lazy("Failed sign-ins"),
    "whatsapp.sender": gettext_lazy("WhatsApp numbers"),
    "whatsapp.template": gettext_lazy("WhatsApp templates"),
    "whatsapp.limittier": gettext_lazy("WhatsApp limits"),
    "conversations.contact": gettext_lazy("Customers"),
    "chats.usage": gettext_lazy("Tokens and cost"),
}


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
        "title": gettext("Diagnostics"),
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


def _item(label: str, icon: str) -> dict[str, Any]:
    model = apps.get_model(label)
    options = model._meta
    title = TITLES.get(label) or capfirst(options.verbose_name_plural)
    link = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return {"title": title, "icon": icon, "link": link}
