"""Help texts name what is sent, published and answered; the tables stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0014_labels"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assistant",
            name="instructions",
            field=models.TextField(
                blank=True,
                help_text="Who the assistant is and how it answers, for the model.",
                verbose_name="instructions",
            ),
        ),
    ]
