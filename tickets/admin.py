"""Tickets, read-only for administrators; staff change them on their pages."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline

from channels_layer.admin import ReadOnlyAdmin
from tickets import search
from tickets.models import Change, Comment, Ticket


class ReadOnlyInline(TabularInline):
    """Rows of a ticket that services alone write."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        """Return false: services create them."""
        del request, obj
        return False

    def has_change_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        """Return false: services change them."""
        del request, obj
        return False


class CommentInline(ReadOnlyInline):
    """The ticket's comments."""

    model = Comment
    fields = ("created_at", "author_name", "kind", "text")


class ChangeInline(ReadOnlyInline):
    """The ticket's history."""

    model = Change
    fields = ("created_at", "author_name", "field", "before", "after", "reason")


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    """Every ticket with its comments and its history."""

    list_display = ("number", "subject", "status", "priority", "assignee", "changed_at")
    list_filter = ("status", "priority")
    list_select_related = ("assignee",)
    ordering = ("-changed_at", "-id")
    search_fields = ("number",)
    exclude = ("search_text", "due_order")
    inlines: ClassVar = [CommentInline, ChangeInline]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        """Search as the list of tickets does."""
        del request
        return search.matching(queryset, search_term), False
