"""An actor is named by its reference; help texts alone change."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chats', '0004_reading_usage'),
    ]

    operations = [
        migrations.AlterField(
            model_name='run',
            name='cancelled_by',
            field=models.CharField(blank=True, help_text="The actor's reference.", max_length=80),
        ),
        migrations.AlterField(
            model_name='toolcall',
            name='decided_by',
            field=models.CharField(blank=True, help_text="The actor's reference.", max_length=80),
        ),
    ]
