"""Makes the index by which tickets are found."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from channels_layer import search
from channels_layer.search import SearchIndex


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [
        TrigramExtension(),
        search.creation(
            SearchIndex(name="ticket_search", table="tickets_ticket", column="search_text")
        ),
    ]
