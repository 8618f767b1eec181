"""Makes the index by which tickets are found."""

from django.db import migrations, models

import tickets.models.search
from tickets import search


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "number",
                    models.PositiveIntegerField(
                        db_column="rowid", primary_key=True, serialize=False
                    ),
                ),
                ("search_text", tickets.models.search.TrigramField()),
            ],
            options={"db_table": "tickets_search", "managed": False},
        ),
        migrations.RunPython(search.install, search.remove),
    ]
