"""An actor is named by its reference; only the models' fields change their name."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0010_actor'),
        ('tickets', '0003_number'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The columns, the index and the constraint keep their names: the database is left as it is.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='comment',
                    name='ticket_comment_once_per_client_id',
                ),
                migrations.AlterField(
                    model_name='change',
                    name='sender',
                    field=models.CharField(db_column='sender', help_text='The actor who did it, such as user:5.', max_length=80),
                ),
                migrations.RenameField(
                    model_name='change',
                    old_name='sender',
                    new_name='actor',
                ),
                migrations.AlterField(
                    model_name='comment',
                    name='sender',
                    field=models.CharField(db_column='sender', help_text='The actor who wrote it, such as user:5.', max_length=80),
                ),
                migrations.RenameField(
                    model_name='comment',
                    old_name='sender',
                    new_name='actor',
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='created_by',
                    field=models.CharField(help_text="The actor's reference, such as user:5.", max_length=80),
                ),
                migrations.AddConstraint(
                    model_name='comment',
                    constraint=models.UniqueConstraint(condition=models.Q(('client_id__isnull', False)), fields=('ticket', 'actor', 'client_id'), name='ticket_comment_once_per_client_id'),
                ),
            ],
        ),
    ]
