"""Name the models and fields of tickets for people."""

from django.db import migrations

from channels_layer.operations import SetLabels


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_one_search")]

    operations = [
        SetLabels(
            fields={
                "change": {
                    "actor": "actor",
                    "after": "after",
                    "author_name": "author name",
                    "before": "before",
                    "created_at": "created at",
                    "field": "field",
                    "reason": "reason",
                    "seq": "seq",
                    "ticket": "ticket",
                    "version": "version",
                },
                "comment": {
                    "actor": "actor",
                    "author_name": "author name",
                    "client_id": "client id",
                    "created_at": "created at",
                    "kind": "kind",
                    "message": "message",
                    "seq": "seq",
                    "text": "text",
                    "ticket": "ticket",
                    "user": "user",
                },
                "counter": {
                    "name": "name",
                    "value": "value",
                },
                "ticket": {
                    "assignee": "assignee",
                    "changed_at": "changed at",
                    "closed_at": "closed at",
                    "comment_count": "comment count",
                    "conversations": "conversations",
                    "created_at": "created at",
                    "created_by": "created by",
                    "created_by_name": "created by name",
                    "description": "description",
                    "due_at": "due at",
                    "due_order": "due order",
                    "first_reply_at": "first reply at",
                    "is_done": "is done",
                    "number": "number",
                    "opened_at": "opened at",
                    "priority": "priority",
                    "reopen_count": "reopen count",
                    "requester": "requester",
                    "search_text": "search text",
                    "seq": "seq",
                    "solved_at": "solved at",
                    "status": "status",
                    "subject": "subject",
                    "tags": "tags",
                    "version": "version",
                },
                "ticketconversation": {
                    "conversation": "conversation",
                    "created_at": "created at",
                    "ticket": "ticket",
                },
                "tickettag": {
                    "name": "name",
                    "ticket": "ticket",
                },
            },
            models={
                "change": ("change", "changes"),
                "comment": ("comment", "comments"),
                "counter": ("counter", "counters"),
                "ticket": ("ticket", "tickets"),
                "ticketconversation": ("ticket conversation", "ticket conversations"),
                "tickettag": ("ticket tag", "ticket tags"),
            },
        ),
    ]
