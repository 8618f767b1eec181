"""Widgets and visitors' sessions, for administrators."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from channels_layer.admin import ReadOnlyAdmin
from channels_layer.form_parts import PartsField, RowsField
from channels_layer.form_periods import PeriodField
from conversations.admin import ChannelAdmin
from conversations.models import Assistant
from conversations.sources.widget import prechat
from conversations.sources.widget.form_rows import FieldRow, OriginRow, TextsForm
from conversations.sources.widget.models import LONGEST_REOPENING, VisitorToken, Widget
from conversations.sources.widget.services import widgets


class WidgetForm(forms.ModelForm):  # type: ignore[type-arg]
    """A widget: rows for what is a list, a field for each text."""

    assistant = forms.ModelChoiceField(
        queryset=Assistant.objects.filter(is_active=True).order_by("name", "id"),
        label=_("Assistant"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        empty_label=_("Choose an assistant"),
        help_text=_("Who answers first. Needed unless you choose a source."),
    )
    allowed_origins = RowsField(
        row=OriginRow,
        label=_("Sites that may embed it"),
        help_text=_("Parley's own pages always may."),
    )
    prechat_fields = RowsField(
        row=FieldRow,
        most=prechat.MAX_FIELDS,
        label=_("Form before the first message"),
        help_text=_("Without a field there is no form."),
    )
    texts = PartsField(
        form=TextsForm, label=_("Texts"), help_text=_("Empty: the usual words, translated.")
    )

    reopen_after = Widget._meta.get_field("reopen_after").formfield(
        form_class=PeriodField, most=LONGEST_REOPENING
    )

    class Meta:
        model = Widget
        fields = ("source",)
        help_texts = {
            "source": _("Switch it off there to stop the widget: its conversations stay.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let the source be left out, which makes a new one."""
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].required = False
            self.fields["source"].help_text = _("Empty: a new one, named after the brand.")

    def clean(self) -> dict[str, Any]:
        """Refuse a widget that nobody answers."""
        data: dict[str, Any] = super().clean() or {}
        if "source" in self.fields and not data.get("source") and not data.get("assistant"):
            self.add_error("assistant", _("Choose who answers."))
        return data


@admin.register(Widget)
class WidgetAdmin(ChannelAdmin):
    """Widgets: their appearance, their form, the origins that may embed them."""

    form = WidgetForm
    list_display = ("__str__", "key", "source", "require_identity")
    list_filter = ("require_identity",)
    list_select_related = ("source",)
    search_fields = ("brand", "key", "source__name")
    ordering = ("created_at", "id")
    readonly_fields = ("key",)
    actions = ("renew_secret",)
    change_form_outer_before_template = "admin/_snippet.html"
    appearance = (
        (_("Who may use it"), {"fields": ("allowed_origins", "require_identity")}),
        (_("Looks and words"), {"fields": ("accent", "position", "texts")}),
        (_("Conversations"), {"fields": ("prechat_fields", "reopen_after", "keep_page_query")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Widget | None = None) -> Any:
        """Ask a new widget who answers; show the source and the key of one that exists."""
        del request
        first = ("brand", "source", "key") if obj else ("brand", "assistant", "source")
        return ((None, {"fields": first}), *self.appearance)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Widget | None = None
    ) -> tuple[str, ...]:
        """Return what of a widget stays: its key and its source."""
        del request
        return ("key", "source") if obj else ("key",)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the tag that a site includes over the form of a widget that exists."""
        widget = kwargs.get("obj")
        if widget is not None:
            loader = request.build_absolute_uri(reverse("widget:loader"))
            tag = '<script src="{}" data-widget="{}" async></script>'
            context["snippet"] = tag.format(loader, widget.key)
            context["trial"] = f"{reverse('widget:demo')}?widget={widget.key}"
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Widget, form: Any, change: Any) -> None:
        """Save, with a source for a new one; show its secret, this once."""
        if not change and form.cleaned_data["source"] is None:
            assistant = form.cleaned_data["assistant"]
            obj.source = widgets.new_source(name=obj.brand, assistant=assistant)
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
