"""Assistants, articles, runs and usage, for administrators."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from channels_layer import formats
from channels_layer.admin import DeletableAdmin, LastingAdmin, ReadOnlyAdmin
from chats import tools
from chats.models import Article, ModelTrait, Run, RunStep, Summary, Titling, ToolCall, Usage
from chats.services import traits
from conversations.admin import ReadOnlyInline
from conversations.models import Assistant


class AssistantForm(forms.ModelForm):  # type: ignore[type-arg]
    """An assistant, with the tools that exist to choose from."""

    tools = forms.MultipleChoiceField(
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("What it may do beside talking."),
    )

    class Meta:
        model = Assistant
        fields = ("tools",)
        help_texts = {
            "is_active": _("Switch it off instead of deleting it: its conversations stay.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the registered tools, and unregistered ones that the assistant has."""
        super().__init__(*args, **kwargs)
        known = tools.names()
        others = [name for name in self.instance.tools if name not in known]
        self.fields["tools"].choices = [(name, _title(name)) for name in [*known, *others]]  # type: ignore[attr-defined]


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
        (_("What it may do"), {"fields": ("tools",)}),
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


class RunStepInline(ReadOnlyInline):
    """The steps of a run."""

    model = RunStep
    fields = ("number", "finish", "started_at", "finished_at", "text", "reasoning")
    ordering = ("number", "id")


class ToolCallInline(ReadOnlyInline):
    """The tool calls of a run."""

    model = ToolCall
    fields = ("name", "status", "arguments", "decider_name", "result")
    json_texts = ("result",)
    ordering = ("created_at", "number", "id")


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """Runs of assistants."""

    list_display = (
        "started_at",
        "conversation",
        "assistant",
        "status",
        "reason",
        "attempt",
        "model",
        "ended_at",
    )
    list_filter = ("status", "reason", "assistant")
    list_select_related = ("conversation", "assistant")
    search_fields = ("=id", "=conversation__id", "text")
    ordering = ("-started_at", "-id")
    inlines = (RunStepInline, ToolCallInline)


@admin.register(RunStep)
class RunStepAdmin(ReadOnlyAdmin):
    """Steps of runs."""

    list_display = ("started_at", "run", "number", "finish", "finished_at")
    list_filter = ("finish",)
    list_select_related = ("run",)
    search_fields = ("=run__id",)
    ordering = ("-started_at", "-id")


@admin.register(ToolCall)
class ToolCallAdmin(ReadOnlyAdmin):
    """Tool calls; decisions on them are made in the inbox."""

    list_display = ("created_at", "name", "status", "needs_approval", "decider_name", "run")
    json_texts = ("raw", "result")
    list_filter = ("status", "name", "needs_approval")
    list_select_related = ("run",)
    search_fields = ("name", "title", "=run__id")
    ordering = ("-created_at", "-id")


@admin.register(Usage)
class UsageAdmin(ReadOnlyAdmin):
    """Tokens and cost of model calls."""

    list_display = (
        "created_at",
        "conversation",
        "purpose",
        "model",
        "input_tokens",
        "output_tokens",
        "price",
        "is_estimated",
    )
    exclude = ("cost",)
    readonly_fields = ("price",)
    list_filter = ("purpose", "model", "is_estimated")
    list_select_related = ("conversation",)
    search_fields = ("=conversation__id",)
    ordering = ("-created_at", "-id")

    @admin.display(description=_("Cost in US dollars"), ordering="cost")
    def price(self, usage: Usage) -> str:
        """Return the cost to a hundredth of a cent; that of an unpriced model is not known."""
        return str(_("not known")) if usage.cost is None else formats.decimal(usage.cost, 4)


@admin.register(ModelTrait)
class ModelTraitAdmin(DeletableAdmin):
    """What models refused; each row is learnt by itself, and can be forgotten here."""

    list_display = ("model", "what", "base_url", "words", "learnt_at")
    list_filter = ("kind", "model")
    search_fields = ("model", "subject", "words")
    ordering = ("-learnt_at", "-id")
    actions = ("forget",)

    @admin.display(description=_("How it is asked"))
    def what(self, trait: ModelTrait) -> str:
        """Return how the model is asked because of it."""
        return trait.sentence

    @action(description=_("Forget what was learnt"), permissions=["delete"])
    def forget(self, request: HttpRequest, queryset: QuerySet[ModelTrait]) -> None:
        """Delete the chosen rows: the models are asked anew as if nothing had been refused."""
        self.log_deletions(request, queryset)
        queryset.delete()
        self.message_user(request, _("Forgotten: the models are asked anew within seconds."))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the one act that there is."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_add_permission(self, request: HttpRequest, obj: ModelTrait | None = None) -> bool:
        """Return false: the models themselves say what they refuse."""
        del request, obj
        return False

    def has_change_permission(self, request: HttpRequest, obj: ModelTrait | None = None) -> bool:
        """Return false: what a model said stays as it was said."""
        del request, obj
        return False


@admin.register(Summary)
class SummaryAdmin(ReadOnlyAdmin):
    """Summaries of the beginnings of conversations."""

    list_display = ("conversation", "position", "updated_at")
    list_select_related = ("conversation",)
    search_fields = ("text",)
    ordering = ("-updated_at", "-id")


@admin.register(Titling)
class TitlingAdmin(ReadOnlyAdmin):
    """Conversations that still lack a title."""

    list_display = ("conversation", "next_at", "attempts")
    list_select_related = ("conversation",)
    ordering = ("-id",)


def _title(name: str) -> str:
    tool = tools.find(name)
    return f"{tool.title} ({name})" if tool else name
