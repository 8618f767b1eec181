"""Tickets are found as conversations are: by an index that has numbers of its own on SQLite."""

from django.db import migrations

from channels_layer import search
from channels_layer.search import SearchIndex

INDEX = SearchIndex(name="ticket_search", table="tickets_ticket", column="search_text")
FORMER = (
    "DROP TRIGGER IF EXISTS tickets_search_insert",
    "DROP TRIGGER IF EXISTS tickets_search_delete",
    "DROP TRIGGER IF EXISTS tickets_search_update",
    "DROP TABLE IF EXISTS tickets_search",
)


def replace(apps, schema_editor):
    """Create the index where it is missing; drop the one that databases were created with."""
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in FORMER:
                cursor.execute(statement)
    search.install(connection, [INDEX])


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0006_pending_notifications"),
    ]

    operations = [
        migrations.RunPython(replace, migrations.RunPython.noop),
    ]
