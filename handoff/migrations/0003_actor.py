"""An actor is named by its reference; help texts alone change."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('handoff', '0002_presence_notifications_packets'),
    ]

    operations = [
        migrations.AlterField(
            model_name='handoff',
            name='requested_by',
            field=models.CharField(help_text="The actor's reference, as user:5.", max_length=80),
        ),
    ]
