"""Finding tickets by number, subject, person, tag or words of the description, on both databases.

PostgreSQL has a trigram index on ``search_text``; SQLite an FTS5 table of trigrams that triggers
keep in step. A migration that makes SQLite copy the table has to install them again.
"""

import re
from typing import Any

from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

from tickets.models import SearchEntry, Ticket
from tickets.models.ticket import TicketQuerySet

NEWEST = 2_000
MOST_WORDS = 8
TRIGRAM = 3
_NUMBER = re.compile(r"#?([0-9]{1,9})")

_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS ticket_search ON tickets_ticket"
    " USING gin (search_text gin_trgm_ops)",
)
_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS tickets_search USING fts5(search_text,"
    " content='tickets_ticket', content_rowid='number', tokenize='trigram')",
    "CREATE TRIGGER IF NOT EXISTS tickets_search_insert AFTER INSERT ON tickets_ticket BEGIN"
    " INSERT INTO tickets_search(rowid, search_text) VALUES (new.number, new.search_text); END",
    "CREATE TRIGGER IF NOT EXISTS tickets_search_delete AFTER DELETE ON tickets_ticket BEGIN"
    " INSERT INTO tickets_search(tickets_search, rowid, search_text)"
    " VALUES ('delete', old.number, old.search_text); END",
    "CREATE TRIGGER IF NOT EXISTS tickets_search_update AFTER UPDATE OF search_text"
    " ON tickets_ticket WHEN old.search_text IS NOT new.search_text BEGIN"
    " INSERT INTO tickets_search(tickets_search, rowid, search_text)"
    " VALUES ('delete', old.number, old.search_text);"
    " INSERT INTO tickets_search(rowid, search_text) VALUES (new.number, new.search_text); END",
    "INSERT INTO tickets_search(tickets_search) VALUES ('rebuild')",
)
_SQLITE_UNDO = (
    "DROP TRIGGER IF EXISTS tickets_search_insert",
    "DROP TRIGGER IF EXISTS tickets_search_delete",
    "DROP TRIGGER IF EXISTS tickets_search_update",
    "DROP TABLE IF EXISTS tickets_search",
)


def matching(queryset: TicketQuerySet, text: str) -> TicketQuerySet:
    """Keep tickets that contain every word of ``text``; of very many, the newest 2,000.

    ``#42`` is the ticket of that number alone, 42 also what else contains it.
    """
    words = text.lower().split()[:MOST_WORDS]
    number = _NUMBER.fullmatch(text.strip())
    if number and text.strip().startswith("#"):
        return queryset.filter(number=int(number[1]))
    if not words:
        return queryset
    long = [word for word in words if len(word) >= TRIGRAM]
    found = _hits(queryset.db, long) if long else None
    condition = Q(number__in=found) if found is not None else Q()
    for word in words:
        if len(word) < TRIGRAM:
            condition &= Q(search_text__contains=word)
    if number:
        condition |= Q(number=int(number[1]))
    return queryset.filter(condition)


def install(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the index; for migrations."""
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


def remove(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the index; for migrations."""
    is_postgresql = editor.connection.vendor == "postgresql"
    for statement in ("DROP INDEX IF EXISTS ticket_search",) if is_postgresql else _SQLITE_UNDO:
        editor.execute(statement)


def _hits(alias: str, words: list[str]) -> Any:
    """Return a subquery of the newest numbers whose text contains all ``words``."""
    if connections[alias].vendor == "sqlite":
        phrases = " ".join('"{}"'.format(word.replace('"', '""')) for word in words)
        found = SearchEntry.objects.using(alias).filter(search_text__match=phrases)
        return found.order_by("-number").values("number")[:NEWEST]
    hits = Ticket.objects.using(alias).order_by("-number").values("number")
    for word in words:
        hits = hits.filter(search_text__contains=word)
    return hits[:NEWEST]
