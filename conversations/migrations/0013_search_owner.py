"""What a search finds is called the owner of a text, as in every search index."""

from django.db import migrations

TABLES = ("conversations_conversation_entry", "conversations_message_entry")


def rename(apps, schema_editor):
    """Rename the column on SQLite, unless the index was created with the new name."""
    connection = schema_editor.connection
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table in TABLES:
            columns = connection.introspection.get_table_description(cursor, table)
            if "conversation" in {column.name for column in columns}:
                cursor.execute(f"ALTER TABLE {table} RENAME COLUMN conversation TO owner")


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0012_pending_notifications"),
    ]

    operations = [
        migrations.RunPython(rename, migrations.RunPython.noop),
    ]
