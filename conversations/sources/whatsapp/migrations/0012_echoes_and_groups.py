"""Who of several wrote, and what is in a webhook."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds two columns, empty for what is there."""

    dependencies = [("whatsapp", "0011_words")]

    operations = [
        migrations.AddField(
            model_name="inbound",
            name="participant",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Who of several wrote: one of a group, or a colleague outside Parley.",
                max_length=200,
                verbose_name="participant",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="webhookevent",
            name="about",
            field=models.CharField(
                blank=True,
                default="",
                help_text="What is in it, in Meta's words.",
                max_length=200,
                verbose_name="about",
            ),
            preserve_default=False,
        ),
    ]
