"""Secrets in the paths of pages are hidden in what is stored, too."""

from django.db import migrations, models

from channels_layer.operations import in_batches
from conversations.sources.widget import pages


def hide_secrets(apps, schema_editor):
    conversations = apps.get_model("conversations", "Conversation").objects
    keeping = apps.get_model("widget", "Widget").objects.filter(keep_page_query=True)
    with_page = conversations.filter(context__page__url__isnull=False).exclude(
        source_id__in=keeping.values("source_id")
    )

    def hide(keys):
        rows = with_page.filter(pk__in=keys).order_by("pk")
        for conversation in rows.only("id", "context").select_for_update(of=("self",)):
            page = conversation.context["page"]
            kept = pages.address(str(page["url"]))
            if kept != page["url"]:
                page["url"] = kept
                conversation.save(update_fields=["context"])

    in_batches(with_page, hide)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("widget", "0005_opened_until"),
    ]

    operations = [
        migrations.RunPython(hide_secrets, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="widget",
            name="keep_page_query",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Store the address of the page whole, with what may be a secret in path, "
                    "? and #."
                ),
                verbose_name="keep the query of pages",
            ),
        ),
    ]
