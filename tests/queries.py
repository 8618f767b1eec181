"""The queries of a block."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test.utils import CaptureQueriesContext

WRITTEN = 'UPDATE "conversations_conversation"'
_STATEMENT = re.compile(
    r'\s*(?P<verb>INSERT INTO|UPDATE|DELETE FROM|SELECT\b.*?\bFROM)\s+"?(?P<table>\w+)', re.DOTALL
)
_FRAME = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b")
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
    """Yield a list that grows by each statement of this thread in the block: verb and table.

    What begins and ends transactions and savepoints is left out.
    """
    found = _Statements()
    with connection.execute_wrapper(found.note):
        yield found


@contextmanager
def statements_elsewhere() -> Iterator[list[str]]:
    """Yield a list that grows likewise by those of every connection that is opened in the block.

    Other threads open one when they need it, and keep it.
    """
    found = _Statements()

    def listen(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
        connection.execute_wrappers.append(found.note)

    connection_created.connect(listen)
    try:
        yield found
    finally:
        connection_created.disconnect(listen)


class _Statements(list[str]):
    """What is executed, each statement as its verb and table."""

    def note(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Note a statement and execute it."""
        match = _STATEMENT.match(sql)
        if match:
            self.append(f"{match['verb'].split()[0].lower()} {match['table']}")
        elif not _FRAME.match(sql):
            self.append(sql)
        return execute(sql, *rest)
