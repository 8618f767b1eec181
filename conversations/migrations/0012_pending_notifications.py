"""Alerts that were not told yet go to the outbox of notifications; their table goes."""

from django.db import migrations


def move(apps, schema_editor):
    """Write each waiting alert as a pending notification with the same id.

    Writers wait, so that no alert is added between this and the end of the table. Who was notified
    of a waiting alert already, since its job was interrupted, is not notified once more.
    """
    alias = schema_editor.connection.alias
    waiting = apps.get_model('conversations', 'Alert').objects.using(alias).filter(done_at=None)
    pending = apps.get_model('handoff', 'PendingNotification').objects.using(alias)
    sent = apps.get_model('handoff', 'Notification').objects.using(alias)
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('LOCK TABLE conversations_alert IN ACCESS EXCLUSIVE MODE')
    for alert in waiting.order_by('created_at', 'id').iterator():
        pending.create(
            id=alert.id,
            kind=alert.kind,
            subject=f'conversation:{alert.conversation_id}',
            recipient_id=alert.user_id,
            params={'message': str(alert.message_id)},
            created_at=alert.created_at,
        )
        sent.filter(cause=f'alert:{alert.id}').update(cause=f'pending:{alert.id}')


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0011_registered_kinds'),
        ('handoff', '0004_pending_notifications'),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name='Alert'),
    ]
