"""A person's own conversations are read in the order of the list."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("conversations", "0030_pairs"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(owner__isnull=False),
                fields=["owner", "-last_message_at", "-id"],
                name="conversation_owner",
            ),
        ),
    ]
