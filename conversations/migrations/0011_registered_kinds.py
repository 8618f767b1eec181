import conversations.source_kinds
from django.db import migrations, models


class Migration(migrations.Migration):
    """Take the kinds of sources from their registry, so that a new one needs no migration."""

    dependencies = [
        ('conversations', '0010_actor'),
    ]

    operations = [
        migrations.AlterField(
            model_name='source',
            name='kind',
            field=models.CharField(choices=conversations.source_kinds.choices, max_length=16),
        ),
    ]
