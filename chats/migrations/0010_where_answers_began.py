"""Let former answers stand above the question that came while they were written."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery

from channels_layer.operations import in_batches


def let_them_stand_where_they_began(apps: Any, _schema_editor: Any) -> None:
    """Give ``behind`` to the answers that have one; all others stand by position as they are."""
    messages = apps.get_model("conversations", "Message").objects
    runs = apps.get_model("chats", "Run").objects
    overtaken = messages.filter(
        conversation=OuterRef("conversation"),
        kind="message",
        author_kind="customer",
        position__gt=Subquery(runs.filter(pk=OuterRef(OuterRef("run_id"))).values("answers_to")),
        position__lt=OuterRef("position"),
    )
    first = Subquery(overtaken.order_by("position").values("position")[:1])
    answers = messages.filter(run_id__isnull=False, behind__isnull=True, kind="message")

    def stand(found: list[Any]) -> None:
        rows = answers.filter(pk__in=found).annotate(overtaken=first)
        changed = list(rows.filter(overtaken__isnull=False).only("pk"))
        for answer in changed:
            answer.behind = answer.overtaken - 1
        messages.bulk_update(changed, ["behind"])

    in_batches(answers, stand)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("chats", "0009_words"),
        ("conversations", "0024_help_texts"),
    ]

    operations = [
        migrations.RunPython(let_them_stand_where_they_began, migrations.RunPython.noop),
    ]
