"""Assistants and their articles, for administrators."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from channels_layer.admin import DeletableAdmin, LastingAdmin
from chats.admin.tool_choice import Choice, ToolsField
from chats.models import Article
from chats.services import traits
from conversations.models import Assistant


class AssistantForm(forms.ModelForm):  # type: ignore[type-arg]
    """An assistant, with the tools that exist to choose from."""

    tools = ToolsField(required=False, help_text=_("What it may do beside talking."))

    class Meta:
        model = Assistant
        fields = ("tools",)
        help_texts = {
            "is_active": _("Switch it off instead of deleting it: its conversations stay.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show the assistant's tools with its rules."""
        super().__init__(*args, **kwargs)
        self.initial["tools"] = Choice(self.instance.tools, self.instance.tool_rules)

    def clean_tools(self) -> list[str]:
        """Return the names of the tools; the rules are the assistant's, too."""
        choice: Choice = self.cleaned_data["tools"]
        self.instance.tool_rules = dict(choice.rules)
        return list(choice.names)


@admin.register(Assistant)
class AssistantAdmin(LastingAdmin):
    """The configured AIs; answers that begin after a change follow it."""

    form = AssistantForm
    list_display = ("name", "tagline", "is_active", "model", "article_count")
    list_filter = ("is_active",)
    search_fields = ("name", "tagline")
    ordering = ("name", "id")
    fieldsets = (
        (None, {"fields": ("name", "tagline", "avatar", "is_active")}),
        (_("Instructions and greeting"), {"fields": ("instructions", "greeting")}),
        (_("What it may do"), {"fields": ("tools", "approval_minutes")}),
        (
            _("How it thinks"),
            {"fields": ("model", "temperature", "context_tokens", "model_limits")},
        ),
        (
            _("How long it may take"),
            {"fields": ("first_token_seconds", "idle_seconds", "total_seconds")},
        ),
    )

    readonly_fields = ("model_limits",)
    change_form_outer_before_template = "admin/_trial.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Lead from an assistant that answers to a new chat with it."""
        assistant = kwargs.get("obj")
        if assistant is not None and assistant.is_active:
            context["trial"] = f"{reverse('chats:chats')}?new&assistant={assistant.pk}"
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Assume HTTPS for an avatar's address without a scheme."""
        if db_field.name == "avatar":
            options["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **options)

    @admin.display(description=_("What its model refuses"))
    def model_limits(self, assistant: Assistant) -> str:
        """Return how its models are asked because of what they refused."""
        models = {assistant.model or settings.LLM_MODEL, settings.LLM_VISION_MODEL}
        rows = traits.rows(url=traits.base_url(), models=models).order_by("model", "kind", "id")
        lines = format_html_join("", "{}<br>", ((str(row),) for row in rows))
        return lines or str(_("Nothing that is known."))

    @admin.display(description=_("Articles"))
    def article_count(self, assistant: Assistant) -> int:
        """Return the number of its articles."""
        return assistant.articles.count()


@admin.register(Article)
class ArticleAdmin(DeletableAdmin):
    """Articles that assistants search."""

    list_display = ("title", "assistant", "is_active", "updated_at")
    list_filter = ("assistant", "is_active")
    list_select_related = ("assistant",)
    search_fields = ("title", "text")
    autocomplete_fields = ("assistant",)
    ordering = ("-updated_at", "-id")
    fields = ("assistant", "title", "text", "is_active")

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: Any) -> None:
        """Create or update the article through the service."""
        if not change:
            obj.created_at = timezone.now()
        obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)
