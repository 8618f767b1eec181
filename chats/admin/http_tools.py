"""HTTP tools, for administrators: a form for the call, a row for each of its fields."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.decorators import action
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from channels_layer.admin import DeletableAdmin
from chats import tools
from chats.admin.http_descriptions import DescriptionPages
from chats.admin.http_trials import TrialPage
from chats.models import HttpTool, HttpToolField
from chats.tools.http import checks

Approval, Effect = HttpTool.Approval, HttpTool.Effect
_ALWAYS_WRITING = (HttpTool.Method.PUT, HttpTool.Method.PATCH, HttpTool.Method.DELETE)


class HttpToolForm(forms.ModelForm):  # type: ignore[type-arg]
    """A tool: who may use it stands in the form of the assistant."""

    class Meta:
        model = HttpTool
        fields = ("name",)
        widgets = {
            "description": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            "result_paths": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let approval of a new tool follow from its effect, unless it is chosen."""
        super().__init__(*args, **kwargs)
        # The name stays, so it is asked of new tools alone.
        if "name" in self.fields:
            usual = ("", _("As its effect needs it: always where it writes"))
            self.fields["approval"] = forms.ChoiceField(
                choices=[usual, *Approval.choices],
                required=False,
                label=self.fields["approval"].label,
                help_text=self.fields["approval"].help_text,
                widget=UnfoldAdminSelectWidget,
            )

    def clean_name(self) -> str:
        """Refuse a name that a tool has already."""
        name: str = self.cleaned_data["name"]
        if name in tools.names():
            raise forms.ValidationError(_("A tool has this name already. Write another one."))
        return name

    def clean(self) -> dict[str, Any]:
        """Choose who approves where nobody did; refuse what cannot only read."""
        data: dict[str, Any] = super().clean() or {}
        is_writing = data.get("effect") == Effect.WRITING
        if "approval" in data and not data["approval"]:
            data["approval"] = Approval.ALWAYS if is_writing else Approval.NEVER
        if data.get("method") in _ALWAYS_WRITING and not is_writing:
            self.add_error("effect", _("This method changes something. Choose that it writes."))
        return data


class FieldFormSet(PaginationInlineFormSet):
    """The fields of a tool, checked together with its address and summary."""

    def clean(self) -> None:
        """Say at each row, and above all rows, what does not fit."""
        super().clean()
        forms_ = [form for form in self.forms if not self._is_gone(form)]
        if any(form.errors for form in forms_) or not self.instance.url:
            return
        rows = [form.instance for form in forms_]
        reasons = []
        for fault in checks.faults(self.instance, rows):
            if fault.number is None:
                reasons.append(fault.reason)
            else:
                forms_[fault.number].add_error(fault.where, fault.reason)
        if reasons:
            raise forms.ValidationError(reasons)

    def _is_gone(self, form: Any) -> bool:
        is_empty = form.empty_permitted and not form.has_changed()
        return is_empty or bool(getattr(form, "cleaned_data", {}).get("DELETE"))


class FieldInline(StackedInline):
    """What a call carries: arguments of the model, and what the server adds."""

    model = HttpToolField
    formset = FieldFormSet
    extra = 0
    ordering = ("id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "label", "kind"),
                    ("description",),
                    ("place", "origin", "is_required"),
                )
            },
        ),
        (
            _("Values"),
            {"fields": (("choices", "minimum", "maximum"), ("target", "fixed_value"))},
        ),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Keep the choices of a field short on the page."""
        if db_field.name == "choices":
            kwargs["widget"] = UnfoldAdminTextareaWidget(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(HttpTool)
class HttpToolAdmin(TrialPage, DescriptionPages, DeletableAdmin):
    """Tools made of calls of other systems."""

    form = HttpToolForm
    inlines = (FieldInline,)
    list_display = ("title", "name", "method", "host", "effect", "approval", "is_active")
    list_filter = ("is_active", "effect", "approval", "method")
    search_fields = ("name", "title", "url")
    ordering = ("title", "id")
    actions = ("switch_on", "switch_off")
    actions_list: Sequence[str] = ("add_from_openapi",)
    actions_detail: Sequence[str] = ("try_it",)
    fieldsets = (
        (None, {"fields": ("title", "name", "description", "is_active")}),
        (_("The call"), {"fields": ("method", "url", "body_format", "timeout", "result_paths")}),
        (
            _("What it may do"),
            {"fields": ("effect", "approval", "role", "summary", "require_identity")},
        ),
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: HttpTool | None = None
    ) -> tuple[str, ...]:
        """Return what of a tool stays: assistants name it."""
        del request
        return ("name",) if obj else ()

    @admin.display(description=_("Host"))
    def host(self, tool: HttpTool) -> str:
        """Return whom it calls."""
        return tool.host

    @action(description=_("Switch the selected tools on"))
    def switch_on(self, request: HttpRequest, queryset: QuerySet[HttpTool]) -> None:
        """Let assistants use them again."""
        self._switch(request, queryset, is_active=True)
        self.message_user(request, _("The tools are on."))

    @action(description=_("Switch the selected tools off"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[HttpTool]) -> None:
        """Let no assistant use them."""
        self._switch(request, queryset, is_active=False)
        self.message_user(request, _("The tools are off."))

    def _switch(
        self, request: HttpRequest, queryset: QuerySet[HttpTool], *, is_active: bool
    ) -> None:
        for tool in queryset.exclude(is_active=is_active).order_by("id"):
            tool.is_active = is_active
            tool.save(update_fields=["is_active"])
            self.log_change(request, tool, [{"changed": {"fields": ["is_active"]}}])
