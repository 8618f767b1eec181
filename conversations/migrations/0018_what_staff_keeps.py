"""Keep what staff wrote of a contact, and tell websites from other systems."""

from typing import Any

from django.db import migrations, models


def tell_websites_apart(apps: Any, _schema_editor: Any) -> None:
    """Give the variables that visitors' websites set an origin of their own."""
    keys = apps.get_model("channels_layer", "ApiKey").objects.values("name")
    variables = apps.get_model("conversations", "Variable").objects.filter(
        origin="api", conversation__source__kind="web_widget"
    )
    variables.exclude(origin_name__in=keys).update(origin="site")


def call_them_systems(apps: Any, _schema_editor: Any) -> None:
    """Take the origin back."""
    apps.get_model("conversations", "Variable").objects.filter(origin="site").update(origin="api")


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0017_renderings"),
        ("channels_layer", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
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
        migrations.RunPython(tell_websites_apart, call_them_systems),
    ]
