"""Events, API keys and what else the durable core stores, for administrators."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from channels_layer.access import keys
from channels_layer.models import ApiKey, CalendarLease, Event, IdempotencyRecord, TopicHead


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows that services alone write; counts none of them, since there may be millions."""

    paginator = InfinitePaginator
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Return false: services create them."""
        del request, obj
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Return false: services change them."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Return false: services delete them."""
        del request, obj
        return False


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new key: a name and what it may do."""

    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in keys.ALL_SCOPES],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("What the key may do; it cannot be changed later."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes")


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):
    """Keys: made here, shown once, revoked here, never changed."""

    form = ApiKeyForm
    list_display = ("name", "prefix", "scope_count", "created_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "prefix")
    ordering = ("-created_at", "-id")
    actions = ("revoke",)
    readonly: ClassVar = (
        "name",
        "prefix",
        "scopes",
        "created_at",
        "last_used_at",
        "revoked_at",
    )

    @admin.display(description=_("Scopes"))
    def scope_count(self, key: ApiKey) -> int:
        """Return the number of the key's scopes."""
        return len(key.scopes)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        """Ask for name and scopes; show the rest of a key that exists."""
        del request
        return self.readonly if obj else ("name", "scopes")

    def get_readonly_fields(
        self, request: HttpRequest, obj: ApiKey | None = None
    ) -> tuple[str, ...]:
        """Return all fields of a key that exists: nothing of it can be changed."""
        del request
        return self.readonly if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Return false: keys are revoked instead, so that their events keep an actor."""
        del request, obj
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: Any) -> None:
        """Issue the key and show its secret, this once."""
        if change:
            return
        data = form.cleaned_data
        key, secret = keys.issue(name=data["name"], scopes=data["scopes"], at=timezone.now())
        obj.pk, obj.prefix, obj.digest = key.pk, key.prefix, key.digest
        obj.created_at = key.created_at
        text = _("The key is %(secret)s. Copy it now: it is not shown again.")
        self.message_user(request, text % {"secret": secret}, messages.WARNING)

    @action(description=_("Revoke the selected keys"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """Revoke the chosen keys."""
        for key in queryset:
            keys.revoke(key, at=timezone.now())
        self.message_user(request, _("The keys open nothing any more."))


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The event log."""

    list_display = ("at", "topic", "seq", "type")
    list_filter = ("type",)
    search_fields = ("=topic",)
    search_help_text = _("A topic, such as conversation:<id>.")
    ordering = ("-id",)


@admin.register(TopicHead)
class TopicHeadAdmin(ReadOnlyAdmin):
    """The heads of topics."""

    list_display = ("topic", "head")
    search_fields = ("=topic",)
    ordering = ("-topic",)


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(ReadOnlyAdmin):
    """First answers to POSTs that carried a key."""

    list_display = ("created_at", "actor", "key", "status")
    search_fields = ("=key", "=actor")
    ordering = ("-created_at", "-id")


@admin.register(CalendarLease)
class CalendarLeaseAdmin(ReadOnlyAdmin):
    """Leases of the schedule: which worker runs a job."""

    list_display = ("name", "lease_until", "next_at", "attempts")
    ordering = ("name",)
