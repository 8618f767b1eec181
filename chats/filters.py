"""The filters over one's own chats, over articles and over tool calls."""

import django_filters
from django.db.models import Q, QuerySet

from channels_layer.access.actors import Actor
from channels_layer.rest import ListFilter, Order, SearchFilter
from chats.models import Article, ToolCall
from chats.selectors import knowledge, runs
from conversations import search
from conversations.filters import NEWEST_ACTIVITY
from conversations.models import ConversationQuerySet
from conversations.selectors import conversations


class ChatFilter(ListFilter):
    """Filters over the actor's own chats."""

    orders = {"activity": Order(columns=NEWEST_ACTIVITY)}

    search = SearchFilter(help_text="Words of the title or text.", method="filter_search")

    @classmethod
    def rows_for(cls, actor: Actor) -> ConversationQuerySet:
        """Return the actor's own chats."""
        return conversations.chats(actor)

    def filter_search(
        self, rows: ConversationQuerySet, name: str, value: str
    ) -> ConversationQuerySet:
        """Keep chats whose title or messages contain the words."""
        return search.matching(rows, value, is_small=True)


class ArticleFilter(ListFilter):
    """Filters over what assistants know."""

    orders = {"updated": Order(columns=("-updated_at", "-id"))}

    assistant = django_filters.UUIDFilter(
        help_text="Only what this one knows.", field_name="assistant_id"
    )
    search = SearchFilter(help_text="Part of the title or text.", method="filter_search")

    @classmethod
    def rows_for(cls, actor: Actor) -> QuerySet[Article]:
        """Return the articles that ``actor`` may see."""
        return knowledge.articles_for(actor)

    def filter_search(self, rows: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        """Keep articles that contain the text."""
        return rows.filter(Q(title__icontains=value) | Q(text__icontains=value))


class ToolCallFilter(ListFilter):
    """Filters over tool calls."""

    orders = {"newest": Order(columns=("-created_at", "-id"))}

    status = django_filters.ChoiceFilter(choices=ToolCall.Status.choices)

    @classmethod
    def rows_for(cls, actor: Actor) -> QuerySet[ToolCall]:
        """Return the tool calls that ``actor`` may see."""
        return runs.tool_calls(actor)
