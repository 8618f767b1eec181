"""A person's own conversations are read in the order of the list."""

from django.conf import settings
from django.db import migrations, models

from channels_layer.operations import AddIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("conversations", "0030_pairs"),
    ]

    operations = [
        AddIndexMeanwhile(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(owner__isnull=False),
                fields=["owner", "-last_message_at", "-id"],
                name="conversation_owner",
            ),
        ),
    ]
