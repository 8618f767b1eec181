"""Runs with their steps and calls, and what models refused, for administrators."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from channels_layer import sentences
from channels_layer.admin import DeletableAdmin, ReadOnlyAdmin
from chats import summaries
from chats.models import ModelTrait, Run, RunStep, Summary, Titling, ToolCall
from conversations.admin import ReadOnlyInline


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
    exclude = ("summary",)
    readonly_fields = ("words",)
    json_texts = ("raw", "result")
    list_filter = ("status", "name", "needs_approval")
    list_select_related = ("run",)
    search_fields = ("name", "title", "=run__id")
    ordering = ("-created_at", "-id")

    @admin.display(description=_("What it will do"))
    def words(self, call: ToolCall) -> str:
        """Return what it will do, in plain words."""
        return summaries.filled(sentences.translated(call.summary), call.arguments)


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
