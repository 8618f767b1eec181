"""The table: how many statements each frequent act makes, on SQLite and on PostgreSQL.

An act is one call as in production, through the view, the socket or what its task calls, with all
middleware and with what its process does after the commit. It is counted the second time, when its
statements are compiled. What begins and ends transactions and savepoints is not counted.
"""

from collections.abc import Sequence

from django.db import connection

STATEMENTS = {
    "message of the staff": (11, 11),
    "message of the staff with `Idempotency-Key`": (13, 13),
    "message of the staff that takes the floor": (20, 20),
    "message of a customer over REST": (9, 9),
    "message of a customer over REST with `Idempotency-Key`": (11, 11),
    "message of a visitor in the widget": (13, 13),
    "hint at an answer that is not due yet": (2, 2),
    "opening of a run, until the model is asked": (18, 18),
    "flush of a chunk": (0, 0),
    "keep of one run": (2, 2),
    "keep of three runs": (6, 6),
    "end of a run": (14, 14),
    "page of the list, filtered or not, at any depth": (3, 4),
    "page of the list, searched by words": (3, 6),
    "page of the list, searched by a common word": (3, 7),
    "page of the list, searched by two letters": (5, 5),
    "page of the list, searched and nothing found": (3, 5),
    "newest messages of a thread over REST": (5, 5),
    "newest messages of a thread in the widget": (5, 5),
    "page of the inbox with an open thread, as HTML": (23, 24),
    "socket follows a thread, some events behind": (5, 5),
    "socket follows a thread, nothing behind": (4, 4),
    "accept": (15, 15),
    "webhook of WhatsApp, stored and answered": (2, 2),
    "webhook of WhatsApp, its message taken in": (27, 27),
    "delivery of a message to WhatsApp": (20, 20),
}


def compare(name: str, made: Sequence[str]) -> None:
    """Assert that the act ``name`` makes as many statements as the table says."""
    declared = STATEMENTS[name][connection.vendor != "sqlite"]
    lines = "\n".join(made)
    assert len(made) == declared, f"{name}: {len(made)} statements, not {declared}:\n{lines}"
