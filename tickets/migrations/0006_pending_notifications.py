"""Notifications that were not sent yet go to the outbox of handoff; their table goes."""

from django.db import migrations


def move(apps, schema_editor):
    """Write each waiting one as a pending notification with the same id.

    Writers wait, so that none is added between this and the end of the table. Who was notified of
    a waiting one already, since its job was interrupted, is not notified once more.
    """
    alias = schema_editor.connection.alias
    waiting = apps.get_model('tickets', 'TicketNotification').objects.using(alias).filter(sent_at=None)
    pending = apps.get_model('handoff', 'PendingNotification').objects.using(alias)
    sent = apps.get_model('handoff', 'Notification').objects.using(alias)
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('LOCK TABLE tickets_notice IN ACCESS EXCLUSIVE MODE')
    for row in waiting.order_by('created_at', 'id').iterator():
        pending.create(
            id=row.id,
            kind=row.kind,
            subject=f'ticket:{row.ticket_id}',
            recipient_id=row.user_id,
            params={'ticket': str(row.ticket_id), 'by_name': row.by_name},
            created_at=row.created_at,
        )
        sent.filter(cause=f'ticket-notice:{row.id}').update(cause=f'pending:{row.id}')


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0005_notification'),
        ('handoff', '0004_pending_notifications'),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel(name='TicketNotification'),
    ]
