"""The search index: trigrams on PostgreSQL and on SQLite."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from channels_layer import search
from channels_layer.search import SearchIndex


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0002_attachments"),
    ]

    operations = [
        TrigramExtension(),
        search.creation(
            SearchIndex(
                name="conversation_search",
                table="conversations_conversation",
                column="search_text",
            ),
            SearchIndex(
                name="message_search",
                table="conversations_message",
                column="text",
                owner="conversation_id",
                where="{row}kind <> 'system'",
            ),
        ),
    ]
