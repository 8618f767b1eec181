"""The row of each file in the table of files."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0025_labels_in_words")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="file_type",
            field=models.CharField(
                blank=True,
                default="",
                help_text=(
                    "Its row in the table of files, such as xlsx; empty if it is older than that."
                ),
                max_length=24,
                verbose_name="file type",
            ),
            preserve_default=False,
        ),
    ]
