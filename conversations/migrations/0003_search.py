"""The search index: trigrams on PostgreSQL and on SQLite."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from conversations import search_postgres, search_sqlite


def install(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        search_postgres.install(connection)
    elif connection.vendor == "sqlite":
        search_sqlite.install(connection)


def remove(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        search_postgres.remove(connection)
    elif connection.vendor == "sqlite":
        search_sqlite.remove(connection)


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0002_attachments"),
    ]

    operations = [
        TrigramExtension(),
        migrations.RunPython(install, remove),
    ]
