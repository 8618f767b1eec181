"""The inbox's list in SQL written by hand: the same columns, joins and order, 51 rows."""

from django.contrib.auth.models import User
from django.db import connection

from tests.bench.volumes.timing import Statement

LIMIT = 50
_COLUMNS = """
    c.id, c.title, c.title_source, c.source_id, s.kind, s.name, c.contact_id, k.name, k.email,
    k.phone, k.attributes, k.blocked_at, c.external_id, c.assistant_id, a.name, a.avatar,
    c.author_id, u.first_name, u.last_name, u.username, c.lifecycle, c.control, c.switch, c.epoch,
    c.owner_id, o.first_name, o.last_name, o.username, c.requested_at, c.request_reason,
    c.requested_by, c.turn_count, c.message_count, c.customer_count, c.last_message_at,
    c.last_message_text, c.last_author_kind, c.last_author_name, c.window_expires_at, c.tags,
    c.created_at, c.ended_at, c.seq, r.customer_count
"""
_FROM = """
    FROM conversations_conversation c
    JOIN conversations_source s ON s.id = c.source_id
    JOIN conversations_assistant a ON a.id = c.assistant_id
    LEFT JOIN conversations_contact k ON k.id = c.contact_id
    LEFT JOIN auth_user u ON u.id = c.author_id
    LEFT JOIN auth_user o ON o.id = c.owner_id
    LEFT JOIN conversations_readstate r ON r.conversation_id = c.id AND r.user_id = %s
"""
_NEWEST = f"ORDER BY c.last_message_at DESC, c.id DESC LIMIT {LIMIT + 1}"
_WORDS = {
    # The newest 2,000 texts count: whoever writes for SQLite has to choose a plan for it.
    "sqlite": (
        "SELECT owner FROM {table}_entry WHERE id IN (SELECT rowid FROM {table}_words"
        " WHERE {table}_words MATCH %s ORDER BY rowid DESC LIMIT 2000)"
    ),
    "postgresql": "SELECT {owner} FROM {table} WHERE {column} ILIKE %s {where}",
}
_TABLES = (
    {"table": "conversations_conversation", "owner": "id", "column": "search_text", "where": ""},
    {
        "table": "conversations_message",
        "owner": "conversation_id",
        "column": "text",
        "where": "AND kind <> 'system'",
    },
)
_SHORT = "c.search_text LIKE %s OR c.last_message_text LIKE %s"
_SHORTEST = 3


def page(user: User, where: str = "", *values: object) -> Statement:
    """Return the statement of a page of what is ``where``."""
    condition = f"WHERE {where}" if where else ""
    statement = f"SELECT {_COLUMNS} {_FROM} {condition} {_NEWEST}"
    return statement, (user.pk, *values)


def search(user: User, text: str) -> Statement:
    """Return the statement of a page of what contains all words of ``text``."""
    words = text.split()
    if not words:
        return page(user)
    if all(len(word) < _SHORTEST for word in words):
        return page(user, _SHORT, *[f"%{text}%"] * 2)
    is_postgres = connection.vendor == "postgresql"
    found, values = [], []
    for table in _TABLES:
        query = _WORDS[connection.vendor].format(**table)
        if is_postgres:
            # One condition for each word; the first is in the query already.
            query += f" AND {table['column']} ILIKE %s" * (len(words) - 1)
        values += [f"%{word}%" for word in words] if is_postgres else [_phrases(words)]
        found.append(query)
    return page(user, f"c.id IN ({' UNION '.join(found)})", *values)


def _phrases(words: list[str]) -> str:
    return " ".join(f'"{word}"' for word in words)
