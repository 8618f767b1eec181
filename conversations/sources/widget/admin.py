"""Widgets and visitors' sessions, for administrators."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action

from channels_layer.admin import ReadOnlyAdmin
from conversations.sources.widget.models import VisitorToken, Widget
from conversations.sources.widget.services import widgets


@admin.register(Widget)
class WidgetAdmin(ModelAdmin):
    """Widgets: their appearance, their form, the origins that may embed them."""

    list_display = ("__str__", "key", "source", "require_identity")
    list_filter = ("require_identity",)
    list_select_related = ("source",)
    search_fields = ("brand", "key", "source__name")
    ordering = ("created_at", "id")
    readonly_fields = ("key", "script")
    actions = ("renew_secret",)
    fieldsets = (
        (None, {"fields": ("source", "brand", "key", "script")}),
        (_("Who may use it"), {"fields": ("allowed_origins", "require_identity")}),
        (_("Looks and words"), {"fields": ("accent", "position", "texts")}),
        (_("Conversations"), {"fields": ("prechat_fields", "reopen_after", "keep_page_query")}),
    )

    @admin.display(description=_("Script"))
    def script(self, widget: Widget) -> SafeString:
        """Return the tag that a site includes."""
        return format_html(
            "<code>&lt;script src=“…/widget.js” data-widget=“{}” async&gt;&lt;/script&gt;</code>",
            widget.key,
        )

    def save_model(self, request: HttpRequest, obj: Widget, form: Any, change: Any) -> None:
        """Save; show the secret of a new one, this once."""
        super().save_model(request, obj, form, change)
        if not change:
            self._show_secret(request, obj, obj.secret)

    @action(description=_("Make new secrets; the former ones prove nothing any more"))
    def renew_secret(self, request: HttpRequest, queryset: QuerySet[Widget]) -> None:
        """Replace secrets, for instance after one became known."""
        for widget in queryset.order_by("id"):
            self._show_secret(request, widget, widgets.renew_secret(widget=widget))

    def _show_secret(self, request: HttpRequest, widget: Widget, secret: str) -> None:
        text = _("The secret of %(widget)s is %(secret)s. Copy it now: it is not shown again.")
        self.message_user(request, text % {"widget": widget, "secret": secret}, messages.WARNING)


@admin.register(VisitorToken)
class VisitorTokenAdmin(ReadOnlyAdmin):
    """Browsers that may continue as a contact."""

    list_display = ("contact", "widget", "last_seen_at", "expires_at", "revoked_at")
    list_filter = ("widget", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("contact", "widget")
    search_fields = ("contact__name", "contact__email")
    ordering = ("-last_seen_at", "-id")
    exclude = ("digest", "address")
    actions = ("revoke",)

    @action(description=_("Close the selected sessions"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[VisitorToken]) -> None:
        """Revoke the tokens: these browsers begin anew."""
        widgets.revoke_tokens(tokens=queryset, at=timezone.now())
        self.message_user(request, _("The sessions are closed."))
