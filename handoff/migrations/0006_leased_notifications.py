"""Give pending notifications a lease and attempts; those that wait are due since they began."""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def make_due(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("handoff", "PendingNotification").objects
    rows.using(schema_editor.connection.alias).update(next_at=F("created_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('handoff', '0005_labels'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='pendingnotification',
            name='notification_pending',
        ),
        migrations.AddField(
            model_name='pendingnotification',
            name='attempts',
            field=models.PositiveIntegerField(default=0, verbose_name='attempts'),
        ),
        migrations.AddField(
            model_name='pendingnotification',
            name='fence',
            field=models.BigIntegerField(default=0, help_text='Raised by every claim; fences off zombies', verbose_name='fence'),
        ),
        migrations.AddField(
            model_name='pendingnotification',
            name='lease_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='lease until'),
        ),
        migrations.AddField(
            model_name='pendingnotification',
            name='next_at',
            field=models.DateTimeField(blank=True, db_index=True, help_text='When the sweeper hints at the row again', null=True, verbose_name='next at'),
        ),
        migrations.RunPython(make_due, migrations.RunPython.noop, elidable=True),
    ]
