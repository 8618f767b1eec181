"""Makes the index by which solved or unsolved tickets are read by number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_search")]
    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["is_done", "-number"], name="ticket_number"),
        ),
    ]
