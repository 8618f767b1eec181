"""Events, API keys and what else the durable core stores, for administrators."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from channels_layer.access import actors, keys
from channels_layer.access.actors import Actor, System
from channels_layer.errors import DomainError
from channels_layer.models import ApiKey, CalendarLease, Event, IdempotencyRecord, TopicHead


def actor_of(request: HttpRequest) -> Actor:
    """Return the acting administrator, or Parley for one without an agent's role."""
    return actors.for_user(request.user) or System()


class EditableAdmin(ModelAdmin):
    """Tables whose rows people change: says in a short sentence what was saved."""

    def response_add(self, request: Any, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """Say what was added, and lead on."""
        view = partial(super().response_add, request, obj, post_url_continue)
        return self._saying(request, _("Added: %(row)s.") % {"row": obj}, view)

    def response_change(self, request: Any, obj: Any) -> HttpResponse:
        """Say what was saved, and lead on."""
        view = partial(super().response_change, request, obj)
        return self._saying(request, _("Saved: %(row)s.") % {"row": obj}, view)

    def response_delete(self, request: Any, obj_display: str, obj_id: Any) -> HttpResponse:
        """Say what was deleted, and lead to the list."""
        view = partial(super().response_delete, request, obj_display, obj_id)
        return self._saying(request, _("Deleted: %(row)s.") % {"row": obj_display}, view)

    def message_user(self, request: Any, message: Any, *args: Any, **kwargs: Any) -> None:
        """Show a message; what was saved stands in place of Django's sentence about it."""
        super().message_user(request, getattr(request, "saved", message), *args, **kwargs)

    def _saying(self, request: Any, saved: str, view: Callable[[], HttpResponse]) -> HttpResponse:
        request.saved = saved
        try:
            return view()
        finally:
            del request.saved


class RefusalsAsMessages(EditableAdmin):
    """Shows what a service refuses as a message on the page, and undoes what came before it."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the form, or save it as a whole."""
        view = partial(super().changeform_view, request, object_id, form_url, extra_context)
        return self._answered(request, view)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, or carry an action out as a whole."""
        return self._answered(request, partial(super().changelist_view, request, extra_context))

    def _answered(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            with transaction.atomic():
                return view()
        except DomainError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows that services alone write; counts none of them, since there may be millions."""

    paginator = InfinitePaginator
    show_full_result_count = False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the row without a way to its history: what services write has none here."""
        context = {"show_history": False, **(extra_context or {})}
        response: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return response

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


class LastingAdmin(EditableAdmin):
    """Tables whose rows others name for good: one is switched off, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Return false: what came of the row has to keep it."""
        del request, obj
        return False


class DeletableAdmin(EditableAdmin):
    """Tables whose rows may be deleted; what the engine keeps for a row goes with it."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Return what goes; whether it may is asked of the row alone, not of what hangs on it."""
        found, counts, _lacking, protected = super().get_deleted_objects(objs, request)
        return found, counts, set(), protected


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
class ApiKeyAdmin(EditableAdmin):
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
