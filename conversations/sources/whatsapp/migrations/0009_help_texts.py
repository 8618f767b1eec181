"""Help texts name what is sent, published and answered; the tables stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("whatsapp", "0008_labels"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mediafetch",
            name="sha256",
            field=models.CharField(
                blank=True, help_text="As Meta sent it.", max_length=100, verbose_name="sha256"
            ),
        ),
        migrations.AlterField(
            model_name="sender",
            name="restriction_ends_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it ends by itself, where Meta names a time.",
                null=True,
                verbose_name="restriction ends at",
            ),
        ),
    ]
