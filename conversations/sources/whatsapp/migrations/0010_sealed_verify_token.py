"""Verify tokens are sealed like the other secrets; those that are stored are sealed here."""

from collections.abc import Callable

from django.db import migrations, models

import channels_layer.fields
import conversations.sources.whatsapp.models

FIELD = channels_layer.fields.SealedTextField()


def seal(apps, schema_editor):
    _rewrite(apps, schema_editor, FIELD.get_prep_value)


def unseal(apps, schema_editor):
    _rewrite(apps, schema_editor, FIELD.from_db_value)


def _rewrite(apps, schema_editor, change: Callable[[str], str]) -> None:
    """Change the stored text as it is, whatever the model would make of it."""
    table = apps.get_model("whatsapp", "Sender")._meta.db_table
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f'SELECT id, verify_token FROM "{table}"')
        for id, stored in cursor.fetchall():
            changed = change(stored)
            cursor.execute(f'UPDATE "{table}" SET verify_token = %s WHERE id = %s', [changed, id])


class Migration(migrations.Migration):
    dependencies = [
        ("whatsapp", "0009_help_texts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sender",
            name="verify_token",
            field=models.TextField(verbose_name="verify token"),
        ),
        migrations.RunPython(seal, unseal),
        migrations.AlterField(
            model_name="sender",
            name="verify_token",
            field=channels_layer.fields.SealedTextField(
                default=conversations.sources.whatsapp.models.new_verify_token,
                verbose_name="verify token",
            ),
        ),
    ]
