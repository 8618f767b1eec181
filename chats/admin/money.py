"""Usage and budgets, for administrators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_layer import formats
from channels_layer.admin import DeletableAdmin, ReadOnlyAdmin
from chats.models import Budget, BudgetWarning, Reservation, Usage


@admin.register(Usage)
class UsageAdmin(ReadOnlyAdmin):
    """Tokens and cost of model calls."""

    list_display = (
        "created_at",
        "conversation",
        "assistant",
        "purpose",
        "model",
        "input_tokens",
        "output_tokens",
        "price",
        "is_estimated",
    )
    exclude = ("cost",)
    readonly_fields = ("price",)
    list_filter = ("purpose", "model", "is_estimated")
    list_select_related = ("conversation", "assistant")
    search_fields = ("=conversation__id",)
    ordering = ("-created_at", "-id")

    @admin.display(description=_("Cost"), ordering="cost")
    def price(self, usage: Usage) -> str:
        """Return the cost to a hundredth of a cent; that of an unpriced model is not known."""
        return str(_("not known")) if usage.cost is None else formats.money(usage.cost)


@admin.register(Budget)
class BudgetAdmin(DeletableAdmin):
    """What models may cost."""

    list_display = ("scope", "assistant", "limit", "warn_at", "is_active")
    list_filter = ("scope", "is_active")
    list_select_related = ("assistant",)
    fields = ("scope", "assistant", "limit", "warn_at", "is_active")
    ordering = ("scope", "id")
    search_fields = ("assistant__name",)

    def save_model(self, request: HttpRequest, obj: Budget, form: Any, change: bool) -> None:  # noqa: FBT001 - as Django calls it
        """Note when it was set and changed; a changed one may be warned of anew."""
        obj.updated_at = timezone.now()
        if not change:
            obj.created_at = obj.updated_at
        super().save_model(request, obj, form, change)
        obj.warnings.all().delete()


@admin.register(BudgetWarning)
class BudgetWarningAdmin(ReadOnlyAdmin):
    """Which warnings were given."""

    list_display = ("created_at", "budget", "subject")
    list_select_related = ("budget",)
    ordering = ("-created_at", "-id")


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    """What budgets hold for calls that are being made."""

    list_display = ("expires_at", "conversation", "assistant", "cost")
    list_select_related = ("conversation", "assistant")
    ordering = ("-expires_at", "-id")
