import channels_layer.models
from django.db import migrations, models


class Migration(migrations.Migration):
    """Names the encoder of an event's data; the column stays, and no log is copied for it."""

    dependencies = [
        ('channels_layer', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='event',
                    name='data',
                    field=models.JSONField(encoder=channels_layer.models.StoredEncoder),
                ),
            ],
        ),
    ]
