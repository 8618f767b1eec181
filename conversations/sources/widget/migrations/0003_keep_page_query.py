"""Queries of page addresses are kept where a widget says so; those that are stored go."""

from django.db import migrations, models

from channels_layer.operations import AddFieldAtOnce, in_batches
from conversations.sources.widget import pages


def drop_queries(apps, schema_editor):
    conversations = apps.get_model("conversations", "Conversation").objects
    with_page = conversations.filter(context__page__url__isnull=False)

    def drop(keys):
        rows = with_page.filter(pk__in=keys).order_by("pk")
        for conversation in rows.only("id", "context").select_for_update(of=("self",)):
            page = conversation.context["page"]
            kept = pages.address(str(page["url"]))
            if kept != page["url"]:
                page["url"] = kept
                conversation.save(update_fields=["context"])

    in_batches(with_page, drop)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("conversations", "0015_help_texts"),
        ("widget", "0002_labels"),
    ]

    operations = [
        migrations.RunPython(drop_queries, migrations.RunPython.noop),
        AddFieldAtOnce(
            model_name="widget",
            name="keep_page_query",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Store what follows ? and # in the address of the page, which may be a secret."
                ),
                verbose_name="keep the query of pages",
            ),
        ),
    ]
