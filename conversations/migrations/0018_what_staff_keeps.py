"""Keep what staff wrote of a contact, and tell websites from other systems."""

from typing import Any

from django.db import migrations, models

from channels_layer.operations import AddFieldAtOnce, in_batches


def tell_websites_apart(apps: Any, _schema_editor: Any) -> None:
    """Give the variables that visitors' websites set an origin of their own."""
    keys = apps.get_model("channels_layer", "ApiKey").objects.values("name")
    variables = apps.get_model("conversations", "Variable").objects.filter(
        origin="api", conversation__source__kind="web_widget"
    )

    def tell(found: list[Any]) -> None:
        variables.filter(pk__in=found).update(origin="site")

    in_batches(variables.exclude(origin_name__in=keys), tell)


def call_them_systems(apps: Any, _schema_editor: Any) -> None:
    """Take the origin back."""
    variables = apps.get_model("conversations", "Variable").objects

    def tell(found: list[Any]) -> None:
        variables.filter(pk__in=found).update(origin="api")

    in_batches(variables.filter(origin="site"), tell)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("conversations", "0017_renderings"),
        ("channels_layer", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(tell_websites_apart, call_them_systems),
        AddFieldAtOnce(
            model_name="contact",
            name="kept_fields",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="The details that staff wrote: no source fills or changes them.",
                verbose_name="kept fields",
            ),
        ),
        migrations.AlterField(
            model_name="variable",
            name="origin",
            field=models.CharField(
                choices=[
                    ("form", "Pre-chat form"),
                    ("site", "Website"),
                    ("extracted", "Extracted"),
                    ("afterwards", "After the conversation"),
                    ("person", "Person"),
                    ("api", "API"),
                ],
                max_length=12,
                verbose_name="origin",
            ),
        ),
    ]
