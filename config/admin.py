"""What the libraries record, for administrators: changes made in the admin, failed sign-ins."""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from axes.utils import reset
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from channels_layer.admin import ReadOnlyAdmin

admin.site.index_title = _("Administration")


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Who changed what, here and by the API's roles."""

    list_display = ("action_time", "user", "row", "table", "what")
    fields = ("action_time", "user", "action_flag", "table", "row", "what")
    list_filter = ("action_flag",)
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "change_message", "user__username")
    ordering = ("-action_time", "-id")

    @admin.display(description=_("What was changed"), ordering="object_repr")
    def row(self, entry: LogEntry) -> str:
        """Return what the changed row was called then."""
        return entry.object_repr

    @admin.display(description=_("Table"), ordering="content_type")
    def table(self, entry: LogEntry) -> str:
        """Return what kind of row was changed."""
        model = entry.content_type and entry.content_type.model_class()
        return capfirst(str(model._meta.verbose_name)) if model else ""

    @admin.display(description=_("Change"))
    def what(self, entry: LogEntry) -> str:
        """Return what was changed, in words."""
        return str(entry.get_change_message() or entry)


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ReadOnlyAdmin):
    """Sign-ins that failed; too many from one place keep the name out for a while."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")
    fields = ("attempt_time", "username", "ip_address", "user_agent", "failures_since_start")
    ordering = ("-attempt_time", "-id")
    actions = ("let_in",)

    @action(description=_("Let the selected names try again"))
    def let_in(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Forget the failures of these names at these addresses."""
        for attempt in queryset.order_by("id"):
            reset(username=attempt.username, ip=attempt.ip_address)
        self.message_user(request, _("They may try again."))


@admin.register(AccessLog, AccessFailureLog)
class AccessLogAdmin(ReadOnlyAdmin):
    """Sign-ins, as the library that counts them writes them down."""

    list_display = ("attempt_time", "username", "ip_address")
    fields = ("attempt_time", "username", "ip_address", "user_agent", "path_info")
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time", "-id")
