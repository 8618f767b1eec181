"""The filters over one's own chats, over articles and over tool calls."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from channels_layer import sentences
from channels_layer.access.actors import Actor, Staff
from channels_layer.rest import Label, ListFilter, Order, SearchFilter
from chats import tools
from chats.models import Article, ToolCall
from chats.selectors import approvals, knowledge, runs
from conversations import search
from conversations.filters import NEWEST_ACTIVITY
from conversations.models import Assistant, ConversationQuerySet
from conversations.selectors import conversations
from handoff.selectors import agents

MINE = "mine"
SHOWN = (
    (approvals.WAITING, _("Waiting")),
    (approvals.CHECK, _("To check")),
    (approvals.DECIDED, _("Decided")),
    (MINE, _("Mine")),
)
"""The tabs over the calls that concern people, but for all of them."""


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
    assistant = django_filters.UUIDFilter(
        help_text="Only what this one asked for.", field_name="run__assistant_id"
    )
    name = django_filters.CharFilter(help_text="Only calls of this tool.", max_length=64)

    @classmethod
    def rows_for(cls, actor: Actor) -> QuerySet[ToolCall]:
        """Return the tool calls that ``actor`` may see."""
        return runs.tool_calls(actor)


def _assistants() -> list[tuple[str, str]]:
    rows = Assistant.objects.order_by("name", "id").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


def _tools() -> list[tuple[str, Label]]:
    return [(tool.name, sentences.translated(tool.title)) for tool in tools.everything()]


def _people() -> list[tuple[str, Label]]:
    return [(str(agent.user_id), agent.name) for agent in agents()]


class ApprovalFilter(ListFilter):
    """Filters over the calls that concern people."""

    orders = {"urgent": Order(columns=approvals.ORDERS[approvals.WAITING])}

    show = django_filters.ChoiceFilter(
        choices=SHOWN, widget=forms.RadioSelect, method="filter_show", empty_label=None
    )
    assistant = django_filters.ChoiceFilter(
        label=_("Assistant"), choices=_assistants, field_name="run__assistant_id"
    )
    tool = django_filters.ChoiceFilter(label=_("Tool"), choices=_tools, field_name="name")
    person = django_filters.ChoiceFilter(
        label=_("Decided by"), choices=_people, method="filter_person"
    )

    @classmethod
    def rows_for(cls, actor: Actor) -> QuerySet[ToolCall]:
        """Return the calls that concern people and that ``actor`` may see."""
        return approvals.calls(actor)

    def filter_show(self, rows: QuerySet[ToolCall], name: str, value: str) -> QuerySet[ToolCall]:
        """Keep what one tab shows; the parts of the list say the rest."""
        if value != MINE or not isinstance(self.actor, Staff):
            return rows
        user, reference = self.actor.user, self.actor.reference
        place = Q(run__conversation__owner=user) | Q(run__conversation__author=user)
        return rows.filter(place | Q(decided_by=reference) | Q(checked_by=reference))

    def filter_person(self, rows: QuerySet[ToolCall], name: str, value: str) -> QuerySet[ToolCall]:
        """Keep what this person decided or checked."""
        reference = f"{Staff.prefix}{value}"
        return rows.filter(Q(decided_by=reference) | Q(checked_by=reference))
