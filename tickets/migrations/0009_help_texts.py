"""Help texts name what is sent, published and answered; the tables stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0008_labels"),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="seq",
            field=models.PositiveBigIntegerField(
                default=0, help_text="The event that published it.", verbose_name="seq"
            ),
        ),
    ]
