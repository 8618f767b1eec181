"""The shop's assistants, their articles, and the sources of its customers."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chats import tools
from chats.models import Article
from config.demo.data import files, whatsapp
from conversations.models import Assistant, Source
from conversations.sources.api import KIND as API
from conversations.sources.test_chat import KIND as TEST_CHAT
from conversations.sources.whatsapp import KIND as WHATSAPP
from conversations.sources.whatsapp.models import Sender
from conversations.sources.widget import KIND as WEB_WIDGET
from conversations.sources.widget.models import Widget

SOURCES = {
    WEB_WIDGET: "Nordhem shop",
    TEST_CHAT: "Test chats",
    API: "Order system",
    WHATSAPP: whatsapp.NAME,
}
TEXTS = {
    "teaser": "Questions about an order? I can look it up.",
    "prechat_text": "So that we can find your order and reach you.",
}
FORM = [
    {"name": "name", "label": "Your name", "type": "text", "required": False},
    {"name": "email", "label": "Email", "type": "email", "required": False},
    {
        "name": "reason",
        "label": "What is it about?",
        "type": "dropdown",
        "required": False,
        "options": ["A delivery", "A return or refund", "Care or repair", "Something else"],
    },
]


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The loaded assistants and sources, by name and kind."""

    assistants: dict[str, Assistant]
    sources: dict[str, Source]
    widget: Widget
    sender: Sender


@transaction.atomic
def load(*, origin: str, at: datetime) -> Shop:
    """Create what is missing; what a person changed stays changed."""
    assistants = _assistants()
    _articles(assistants, at=at)
    sources = {
        kind: _source(kind, name, next(iter(assistants.values()))) for kind, name in SOURCES.items()
    }
    widget = _widget(sources[WEB_WIDGET], origin=origin)
    sender = whatsapp.load(sources[WHATSAPP], origin=origin, at=at)
    return Shop(assistants=assistants, sources=sources, widget=widget, sender=sender)


def _assistants() -> dict[str, Assistant]:
    """Return the assistants in the file's order; the first one has every tool, new ones too."""
    found = {}
    for entry in files.table("assistants")["assistant"]:
        wanted = tools.names() if entry["tools"] == "all" else entry["tools"]
        assistant, _ = Assistant.objects.get_or_create(
            name=entry["name"], defaults={**entry, "tools": wanted}
        )
        missing = [name for name in wanted if name not in assistant.tools]
        if entry["tools"] == "all" and missing:
            assistant.tools = [*assistant.tools, *missing]
            assistant.save(update_fields=["tools"])
        found[assistant.name] = assistant
    return found


def _articles(assistants: dict[str, Assistant], *, at: datetime) -> None:
    """Write each assistant's articles once: to those that have none."""
    for assistant in assistants.values():
        if assistant.articles.exists():
            continue
        Article.objects.bulk_create(
            Article(
                assistant=assistant,
                title=article.title,
                text=article.text,
                created_at=at,
                updated_at=at,
            )
            for article in files.articles()
            if assistant.name in article.assistants
        )


def _source(kind: str, name: str, assistant: Assistant) -> Source:
    source = Source.objects.filter(kind=kind).order_by("created_at", "id").first()
    return source or Source.objects.create(kind=kind, name=name, assistant=assistant)


def _widget(source: Source, *, origin: str) -> Widget:
    widget, _ = Widget.objects.get_or_create(
        source=source,
        defaults={
            "brand": "Nordhem",
            "prechat_fields": FORM,
            "allowed_origins": [origin],
            "texts": TEXTS,
        },
    )
    if origin not in widget.allowed_origins:
        widget.allowed_origins = [*widget.allowed_origins, origin]
        widget.save(update_fields=["allowed_origins"])
    return widget
