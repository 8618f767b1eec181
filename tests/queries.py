"""The queries of a block."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

WRITTEN = 'UPDATE "conversations_conversation"'
_STATEMENT = re.compile(
    r'\s*(?P<verb>INSERT INTO|UPDATE|DELETE FROM|SELECT\b.*?\bFROM)\s+"?(?P<table>\w+)', re.DOTALL
)
_ONE = 'WHERE "conversations_conversation"."id" = '


@contextmanager
def conversation_writes() -> Iterator[list[str]]:
    """Yield a list that holds, after the block, every UPDATE of one conversation's row in it."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    texts = [query["sql"] for query in queries]
    found += [text for text in texts if text.startswith(WRITTEN) and _ONE in text]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield a list that holds, after the block, each statement of it: its verb and its table.

    What begins and ends transactions is left out.
    """
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    for query in queries:
        match = _STATEMENT.match(query["sql"])
        if match:
            found.append(f"{match['verb'].split()[0].lower()} {match['table']}")
