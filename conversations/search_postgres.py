"""The search index on PostgreSQL: trigrams over names and messages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

MOST_HITS = 1000

INSTALL = (
    "CREATE INDEX IF NOT EXISTS conversation_search ON conversations_conversation"
    " USING gin (search_text gin_trgm_ops)",
    "CREATE INDEX IF NOT EXISTS message_search ON conversations_message"
    " USING gin (text gin_trgm_ops) WHERE kind <> 'system'",
    # How often a word occurs decides the shorter plan; the usual sample is too small.
    "ALTER TABLE conversations_message ALTER COLUMN text SET STATISTICS 300",
    "ALTER TABLE conversations_conversation ALTER COLUMN search_text SET STATISTICS 300",
)
REMOVE = (
    "DROP INDEX IF EXISTS conversation_search",
    "DROP INDEX IF EXISTS message_search",
)

# Materialised, so that the list's own order does not tempt the planner to walk all of it.
_CANDIDATES = """
WITH named AS MATERIALIZED (
    SELECT id FROM conversations_conversation WHERE {named}
    ORDER BY last_message_at DESC, id DESC LIMIT %s
), said AS MATERIALIZED (
    SELECT conversation_id AS id FROM conversations_message
    WHERE kind <> 'system' AND {said} ORDER BY conversations_message.id DESC LIMIT %s
)
SELECT id FROM named UNION SELECT id FROM said
"""


def install(connection: Any) -> None:
    """Create the indexes; the extension ``pg_trgm`` is there."""
    with connection.cursor() as cursor:
        for statement in INSTALL:
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Drop the indexes."""
    with connection.cursor() as cursor:
        for statement in REMOVE:
            cursor.execute(statement)


def candidates(connection: Any, words: Sequence[str]) -> list[UUID]:
    """Return conversations with every word: the newest 1,000 by name, and by message."""
    patterns = [f"%{escaped(word)}%" for word in words]
    named = " AND ".join(["search_text LIKE %s"] * len(words))
    said = " AND ".join(["text ILIKE %s"] * len(words))
    statement = _CANDIDATES.format(named=named, said=said)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*patterns, MOST_HITS, *patterns, MOST_HITS])
        return [row[0] for row in cursor.fetchall()]


def escaped(word: str) -> str:
    """Escape ``word``, so that LIKE takes it literally."""
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
