"""Calls keep who found out what became of them, and when they last concerned people."""

from datetime import timedelta

import django.db.models.functions.comparison
from django.db import migrations, models
from django.db.models.functions import Now



def give_time(apps, schema_editor):
    """Let people decide on what waited before calls had an end to that, for a while from now."""
    rows = apps.get_model("chats", "ToolCall").objects.filter(status="pending", expires_at=None)
    rows.update(expires_at=Now() + timedelta(minutes=15))


class Migration(migrations.Migration):

    dependencies = [
        ('chats', '0016_mcp_servers'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='toolcall',
            name='tool_call_pending',
        ),
        migrations.RemoveIndex(
            model_name='toolcall',
            name='tool_call_decided',
        ),
        migrations.RemoveIndex(
            model_name='toolcall',
            name='tool_call_finished',
        ),
        migrations.AddField(
            model_name='toolcall',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='checked at'),
        ),
        migrations.AddField(
            model_name='toolcall',
            name='check_note',
            field=models.CharField(blank=True, max_length=500, verbose_name='check note'),
        ),
        migrations.AddField(
            model_name='toolcall',
            name='checked_by',
            field=models.CharField(blank=True, help_text='The actor who found out what became of a call with an unknown outcome.', max_length=80, verbose_name='checked by'),
        ),
        migrations.AddField(
            model_name='toolcall',
            name='checker_name',
            field=models.CharField(blank=True, max_length=200, verbose_name='checker name'),
        ),
        migrations.AddField(
            model_name='toolcall',
            name='changed_at',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('needs_approval', True), ('status', 'unknown'), ('checked_at__isnull', False), _connector='OR'), then=django.db.models.functions.comparison.Coalesce('checked_at', 'finished_at', 'decided_at', 'created_at')), default=None), help_text='When a call that concerns people last changed; empty for others.', output_field=models.DateTimeField(null=True)),
        ),
        migrations.AddIndex(
            model_name='toolcall',
            index=models.Index(condition=models.Q(('status', 'pending')), fields=['expires_at', 'id'], name='tool_call_pending'),
        ),
        migrations.AddIndex(
            model_name='toolcall',
            index=models.Index(condition=models.Q(('changed_at__isnull', False)), fields=['changed_at', 'id'], name='tool_call_changed'),
        ),
        migrations.AddIndex(
            model_name='toolcall',
            index=models.Index(condition=models.Q(('status', 'unknown')), fields=['changed_at', 'id'], name='tool_call_unclear'),
        ),
        migrations.AddIndex(
            model_name='toolcall',
            index=models.Index(condition=models.Q(('checked_at__isnull', False)), fields=['run'], name='tool_call_checked'),
        ),
        migrations.RunPython(give_time, migrations.RunPython.noop),
    ]
