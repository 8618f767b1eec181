"""Two characters of what is known of a customer are found by an index, too."""

from dataclasses import replace

from django.db import migrations, transaction

from channels_layer import search
from channels_layer.search import SearchIndex

FORMER = SearchIndex(
    name="conversation_search",
    table="conversations_conversation",
    column="search_text",
    is_lower=True,
)
NAMES = replace(FORMER, pairs="conversation_pairs")


def create(apps, schema_editor):
    """Create the index of pairs; on SQLite the index of words is written anew to find them."""
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        with transaction.atomic(connection.alias):
            search.remove(connection, [FORMER])
            search.install(connection, [NAMES])
    else:
        search.install_meanwhile(connection, [NAMES])


def drop(apps, schema_editor):
    """Go back to words of three characters and more."""
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        with transaction.atomic(connection.alias):
            search.remove(connection, [NAMES])
            search.install(connection, [FORMER])
    else:
        search.remove(connection, [replace(NAMES, name="")])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("conversations", "0029_final_failures"),
    ]

    operations = [
        migrations.RunPython(create, drop),
    ]
