"""An assistant has its own rules of approval, and a time for them."""

import conversations.models.assistant
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0031_owner_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='assistant',
            name='approval_minutes',
            field=models.PositiveSmallIntegerField(default=15, help_text="How long a call of a tool waits for a person's decision, then it expires.", validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10080)], verbose_name='minutes for an approval'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='tool_rules',
            field=models.JSONField(blank=True, default=dict, help_text="Who has to approve calls of a tool, where that differs from the tool's own.", validators=[conversations.models.assistant.validate_tool_rules], verbose_name='rules of approval'),
        ),
    ]
