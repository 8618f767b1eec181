"""Secret headers, for administrators: entered, replaced, and never shown again."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from channels_layer.admin import DeletableAdmin
from chats.models import HeaderSecret
from chats.models.header_secret import LONGEST_VALUE, validate_header_value


class HeaderSecretForm(forms.ModelForm):  # type: ignore[type-arg]
    """A header for one host; its value is entered and never shown."""

    value = forms.CharField(
        label=_("value"),
        required=False,
        max_length=LONGEST_VALUE,
        validators=[validate_header_value],
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("As it is sent, such as Bearer and the token; empty: unchanged."),
    )

    class Meta:
        model = HeaderSecret
        fields = ("host", "name", "value")

    def clean(self) -> dict[str, Any]:
        """Keep a value that was not entered anew; a new header needs one."""
        data: dict[str, Any] = super().clean() or {}
        if "value" not in self.errors:
            data["value"] = data.get("value") or self.instance.value
            if not data["value"]:
                self.add_error("value", _("Enter the value."))
        return data


@admin.register(HeaderSecret)
class HeaderSecretAdmin(DeletableAdmin):
    """Secret headers: each goes to exactly one host."""

    form = HeaderSecretForm
    list_display = ("host", "name", "created_at")
    search_fields = ("host", "name")
    ordering = ("host", "name", "id")
    fields = ("host", "name", "value")

    def get_readonly_fields(
        self, request: HttpRequest, obj: HeaderSecret | None = None
    ) -> tuple[str, ...]:
        """Return what of a secret stays: another host would learn a value that nobody may see."""
        del request
        return ("host",) if obj else ()
