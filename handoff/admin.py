"""People with their roles, the handoffs and the notifications, for administrators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget

from channels_layer.admin import ReadOnlyAdmin, RefusalsAsMessages, actor_of
from handoff import administrators, notifications, services
from handoff.models import Agent, Handoff, Notification, PendingNotification

admin.site.unregister(User)
# Rights come from roles alone; groups of Django's own permissions would give none.
admin.site.unregister(Group)

ROLE_HELP = _(
    "Agents answer customers, supervisors lead them, administrators configure Parley as well."
)


class PasswordState(forms.Widget):
    """Says whether a password is set and leads to where it is changed."""

    template_name = "admin/_password.html"
    read_only = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Show the state of the stored password, nothing of what is stored."""
        del name, renderer
        is_set = bool(value) and is_password_usable(value)
        context = {"is_set": is_set, "id": (attrs or {}).get("id", "")}
        return render_to_string(self.template_name, context)

    def id_for_label(self, id_: str | None) -> str:
        """Return no id: there is nothing to type into."""
        del id_
        return ""


class PersonStart(UserCreationForm):
    """A new person: account, name, password and role in one."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Agent.Role.choices,
        initial=Agent.Role.AGENT,
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=ROLE_HELP,
    )

    def clean_role(self) -> str:
        """Return the role; who is added without one is an agent."""
        return self.cleaned_data["role"] or Agent.Role.AGENT.value


class PersonChange(UserChangeForm):
    """A person: account, name, role, and whether they may sign in."""

    role = forms.ChoiceField(
        label=_("Role"), required=False, widget=UnfoldAdminSelectWidget, help_text=ROLE_HELP
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the roles, and none; show whether there is a password."""
        super().__init__(*args, **kwargs)
        self.fields["password"] = forms.Field(
            label=_("Password"), required=False, disabled=True, widget=PasswordState
        )
        none = ("", _("No role: sees nothing of the support desk"))
        self.fields["role"].choices = [*Agent.Role.choices, none]
        self.fields["role"].initial = role_of(self.instance)
        if "is_active" in self.fields:
            self.fields["is_active"].label = _("May sign in")
            self.fields["is_active"].help_text = _(
                "Switch this off instead of deleting: what the person wrote keeps its author."
            )

    def clean(self) -> dict[str, Any]:
        """Refuse to take the rights of the last administrator, at the field that would."""
        data: dict[str, Any] = super().clean() or {}
        loses = "" if data.get("role") == Agent.Role.ADMINISTRATOR else "role"
        loses = loses if data.get("is_active") else "is_active"
        if loses and administrators.is_last(self.instance):
            self.add_error(loses, str(administrators.LastAdministratorError.detail))
        return data


@admin.register(User)
class PersonAdmin(RefusalsAsMessages, BaseUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """People who can sign in, each with the role that says what they may do."""

    form = PersonChange
    add_form = PersonStart
    # The theme's own says that more can be set afterwards; here the form is whole.
    add_form_template = "admin/change_form.html"
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "email", "role", "is_active")
    list_filter = ("is_active", "agent__role")
    list_select_related = ("agent",)
    ordering = ("first_name", "last_name", "id")
    actions = ("let_in", "keep_out")
    fieldsets = (
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Account"), {"fields": ("username", "password", "is_active")}),
        (_("Rights"), {"fields": ("role",)}),
        (_("Known since"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Account"), {"fields": ("username", "password1", "password2")}),
        (_("Rights"), {"fields": ("role",)}),
    )
    readonly_fields = ("last_login", "date_joined")

    @admin.display(description=_("Role"), ordering="agent__role")
    def role(self, user: User) -> str:
        """Return the person's role, in words."""
        role = role_of(user)
        return str(Agent.Role(role).label) if role else str(_("No role"))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return false: people are kept out instead, so that what they did keeps an author."""
        del request, obj
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        """Save the account, then let the services decide on role and sign-in.

        Agents are locked before the account is written, as the services do.
        """
        is_active = obj.is_active
        if change:
            administrators.locked(obj.pk)
            obj.is_active = form.initial["is_active"]
        super().save_model(request, obj, form, change)
        by = actor_of(request)
        if role := form.cleaned_data["role"]:
            services.appoint(user=obj, role=role, by=by)
        elif role_of(obj):
            services.dismiss(agent=obj.agent, by=by)
        services.set_active(user=obj, is_active=is_active, by=by)

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, *add: Any
    ) -> Any:
        """Leave out what the services write into the history themselves."""
        if isinstance(form, PersonChange):
            recorded = {"role", "is_active"}
            form.changed_data = [name for name in form.changed_data if name not in recorded]
        return super().construct_change_message(request, form, formsets, *add)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Record what was changed of the account, if anything was."""
        return super().log_change(request, obj, message) if message else None

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Set a password; open sockets of the former sessions check their rights."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST":
            services.check_sockets(user_id=int(id))
        return response

    @action(description=_("Let the selected people sign in"))
    def let_in(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let several people sign in again."""
        self._set_active(request, queryset, is_active=True)

    @action(description=_("Keep the selected people from signing in"))
    def keep_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Keep several people from signing in, and end their sessions."""
        self._set_active(request, queryset, is_active=False)

    @transaction.atomic
    def _set_active(
        self, request: HttpRequest, queryset: QuerySet[User], *, is_active: bool
    ) -> None:
        for user in queryset.order_by("id"):
            services.set_active(user=user, is_active=is_active, by=actor_of(request))


def role_of(user: User) -> str:
    """Return the role of a user, or an empty text."""
    agent: Agent | None = getattr(user, "agent", None)
    return agent.role if agent else ""


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
