"""Numbers of tickets: unique and without gaps, however many are raised at once."""

from django.db import connection

from tickets.models import Counter

NAME = "ticket"


def following() -> int:
    """Return the next number; the counter stays locked until the transaction ends.

    A transaction that fails returns its number.
    """
    table = connection.ops.quote_name(Counter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, value) VALUES (%s, 1)"  # noqa: S608 - our own table
            f" ON CONFLICT (name) DO UPDATE SET value = {table}.value + 1 RETURNING value",
            [NAME],
        )
        return int(cursor.fetchone()[0])
