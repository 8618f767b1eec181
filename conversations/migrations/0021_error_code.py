"""Why a message was not delivered gets a code; until now the words of it were compared."""

from django.db import migrations, models

LONGEST_ERROR = 200


def name_reasons(apps, schema_editor):
    """Give messages the code of the delivery that their error comes from."""
    deliveries = apps.get_model("conversations", "Delivery").objects.exclude(error="")
    messages = apps.get_model("conversations", "Message").objects
    rows = deliveries.order_by("message_id", "-part").values_list("message_id", "error", "error_code")
    for message, error, code in rows.iterator():
        found = messages.filter(pk=message, error=error[:LONGEST_ERROR])
        found.update(error_code=code or "other")


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0020_validators"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="error_code",
            field=models.CharField(blank=True, help_text="Why it was not delivered, as a code; empty for an answer that was cut short.", max_length=40, verbose_name="error code"),
        ),
        migrations.RunPython(name_reasons, migrations.RunPython.noop),
    ]
