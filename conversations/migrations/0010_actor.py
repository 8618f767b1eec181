"""An actor is named by its reference; only the models' fields change their name."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0009_source_gathers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The columns, the index and the constraint keep their names: the database is left as it is.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='message',
                    name='message_once_per_client_id',
                ),
                migrations.RemoveIndex(
                    model_name='attachment',
                    name='attachment_sender',
                ),
                migrations.AlterField(
                    model_name='attachment',
                    name='sender',
                    field=models.CharField(db_column='sender', help_text='The actor who uploaded it, as user:5.', max_length=80),
                ),
                migrations.RenameField(
                    model_name='attachment',
                    old_name='sender',
                    new_name='actor',
                ),
                migrations.AlterField(
                    model_name='message',
                    name='sender',
                    field=models.CharField(db_column='sender', help_text='The actor who wrote it, such as user:5.', max_length=80),
                ),
                migrations.RenameField(
                    model_name='message',
                    old_name='sender',
                    new_name='actor',
                ),
                migrations.AddIndex(
                    model_name='attachment',
                    index=models.Index(fields=['actor', '-created_at'], name='attachment_sender'),
                ),
                migrations.AddConstraint(
                    model_name='message',
                    constraint=models.UniqueConstraint(condition=models.Q(('client_id__isnull', False)), fields=('conversation', 'actor', 'client_id'), name='message_once_per_client_id'),
                ),
            ],
        ),
    ]
