"""People, their roles, and the handoffs, for administrators."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from channels_layer.admin import ReadOnlyAdmin
from channels_layer.transport import broadcast
from handoff import notifications, services
from handoff.models import Agent, Handoff, Notification, PendingNotification

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Users who can sign in; their agent's role says what they may do."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "email", "role", "is_active")
    list_filter = ("is_active", "agent__role")
    list_select_related = ("agent",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Access"), {"fields": ("is_active", "last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    @admin.display(description=_("Role"))
    def role(self, user: User) -> str:
        """Return the agent's role, if there is one."""
        agent: Agent | None = getattr(user, "agent", None)
        return agent.get_role_display() if agent else "-"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        """Save, and make open sockets check the person's rights again."""
        super().save_model(request, obj, form, change)
        transaction.on_commit(partial(broadcast.revoke, f"user:{obj.pk}"), robust=True)


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    """Groups of Django's own permissions; Parley's roles do not need them."""


@admin.register(Agent)
class AgentAdmin(ModelAdmin):
    """Agents: role, presence and capacity."""

    list_display = ("name", "role", "presence", "capacity")
    list_filter = ("role", "presence")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "user__last_name", "user__email")
    autocomplete_fields = ("user",)
    ordering = ("user__first_name", "user__last_name", "id")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Agent | None = None
    ) -> tuple[str, ...]:
        """Return the user as read-only for an agent that exists."""
        del request
        return ("user",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Agent, form: Any, change: Any) -> None:
        """Appoint the person, which also opens or closes the administration to them."""
        del request, form, change
        agent = services.appoint(
            user=obj.user, role=obj.role, presence=obj.presence, capacity=obj.capacity
        )
        obj.pk = agent.pk

    def delete_model(self, request: HttpRequest, obj: Agent) -> None:
        """Take all rights from the person."""
        del request
        services.dismiss(agent=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Agent]) -> None:
        """Take all rights from several persons."""
        for agent in queryset:
            self.delete_model(request, agent)


@admin.register(Handoff)
class HandoffAdmin(ReadOnlyAdmin):
    """Handoffs, from the request to the end."""

    list_display = ("requested_at", "conversation", "state", "agent", "reason")
    list_filter = ("state",)
    list_select_related = ("conversation", "agent")
    search_fields = ("reason", "agent__username")
    ordering = ("-requested_at", "-id")


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Notifications that people were sent."""

    list_display = ("created_at", "user", "kind_label", "title", "count", "read_at")
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("title", "user__username")
    ordering = ("-created_at", "-id")

    @admin.display(description=_("Kind"), ordering="kind")
    def kind_label(self, row: Notification) -> str:
        """Return what happened, in words."""
        return notifications.label_of(row.kind)


@admin.register(PendingNotification)
class PendingNotificationAdmin(ReadOnlyAdmin):
    """Notifications that are still to be sent."""

    list_display = ("created_at", "kind_label", "subject", "recipient", "attempts", "next_at")
    list_filter = ("kind",)
    list_select_related = ("recipient",)
    search_fields = ("=subject", "recipient__username")
    ordering = ("-created_at", "-id")

    @admin.display(description=_("Kind"), ordering="kind")
    def kind_label(self, row: PendingNotification) -> str:
        """Return what happened, in words."""
        return notifications.label_of(row.kind)
