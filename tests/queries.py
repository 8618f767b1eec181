"""The queries of a block."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

WRITTEN = 'UPDATE "conversations_conversation"'
_ONE = 'WHERE "conversations_conversation"."id" = '


@contextmanager
def conversation_writes() -> Iterator[list[str]]:
    """Yield a list that holds, after the block, every UPDATE of one conversation's row in it."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    texts = [query["sql"] for query in queries]
    found += [text for text in texts if text.startswith(WRITTEN) and _ONE in text]
