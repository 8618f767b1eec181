"""Name the models and fields of chats for people."""

from django.db import migrations

from channels_layer.operations import SetLabels


class Migration(migrations.Migration):
    dependencies = [("chats", "0005_actor")]

    operations = [
        SetLabels(
            fields={
                "article": {
                    "assistant": "assistant",
                    "created_at": "created at",
                    "is_active": "is active",
                    "text": "text",
                    "title": "title",
                    "updated_at": "updated at",
                },
                "run": {
                    "answers_to": "answers to",
                    "assistant": "assistant",
                    "attempt": "attempt",
                    "attempts": "attempts",
                    "cancel_requested_at": "cancel requested at",
                    "cancelled_by": "cancelled by",
                    "conversation": "conversation",
                    "ended_at": "ended at",
                    "epoch": "epoch",
                    "error": "error",
                    "fence": "fence",
                    "first_token_at": "first token at",
                    "lease_until": "lease until",
                    "message_id": "message id",
                    "model": "model",
                    "next_at": "next at",
                    "reason": "reason",
                    "started_at": "started at",
                    "status": "status",
                    "text": "text",
                },
                "runstep": {
                    "finish": "finish",
                    "finished_at": "finished at",
                    "number": "number",
                    "run": "run",
                    "started_at": "started at",
                    "text": "text",
                },
                "summary": {
                    "conversation": "conversation",
                    "position": "position",
                    "text": "text",
                    "updated_at": "updated at",
                },
                "titling": {
                    "attempts": "attempts",
                    "conversation": "conversation",
                    "fence": "fence",
                    "lease_until": "lease until",
                    "next_at": "next at",
                },
                "toolcall": {
                    "arguments": "arguments",
                    "call_id": "call id",
                    "created_at": "created at",
                    "decided_at": "decided at",
                    "decided_by": "decided by",
                    "decider_name": "decider name",
                    "finished_at": "finished at",
                    "name": "name",
                    "needs_approval": "needs approval",
                    "note": "note",
                    "number": "number",
                    "raw": "raw",
                    "result": "result",
                    "run": "run",
                    "status": "status",
                    "step": "step",
                    "title": "title",
                },
                "usage": {
                    "cached_tokens": "cached tokens",
                    "conversation": "conversation",
                    "cost": "cost",
                    "created_at": "created at",
                    "input_tokens": "input tokens",
                    "is_estimated": "is estimated",
                    "model": "model",
                    "output_tokens": "output tokens",
                    "purpose": "purpose",
                    "reasoning_tokens": "reasoning tokens",
                    "run": "run",
                },
            },
            models={
                "article": ("article", "articles"),
                "run": ("run", "runs"),
                "runstep": ("run step", "run steps"),
                "summary": ("summary", "summaries"),
                "titling": ("titling", "titlings"),
                "toolcall": ("tool call", "tool calls"),
                "usage": ("usage", "usages"),
            },
        ),
    ]
