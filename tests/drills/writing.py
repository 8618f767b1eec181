"""One of several processes that write to one database: ``python -m tests.drills.writing TIMES``.

``… read`` reads instead, in one transaction that lasts until standard input ends. Runs with
``PARLEY_TEST_DATABASE_URL``. Prints the faults, one per line.
"""

import sys
import time
from threading import Thread

import django

django.setup()

from django.db import DatabaseError, connection, transaction  # noqa: E402

from channels_layer.log import events  # noqa: E402
from channels_layer.log.events import EventType, Kind  # noqa: E402
from channels_layer.models import Event  # noqa: E402
from tests.event_objects import Said  # noqa: E402
from tests.factories import NOON  # noqa: E402

THREADS = 2
TOPIC = "drill:shared"
events.register(EventType("said", Said, Kind.DURABLE, "drill", "Words."))


def write(times: int) -> None:
    """Publish, each in a transaction that reads before it writes."""
    try:
        for index in range(times):
            try:
                with transaction.atomic():
                    events.head(TOPIC)
                    events.publish(topic=TOPIC, type="said", data={"text": str(index)}, at=NOON)
            except DatabaseError as fault:
                sys.stdout.write(f"{fault}\n")
    finally:
        connection.close()


def read() -> None:
    """Hold one view of the database; what it shows must not change meanwhile."""
    ended = Thread(target=sys.stdin.read)
    # Django's transactions would begin as writers.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        first = Event.objects.count()
        sys.stdout.write("reading\n")
        sys.stdout.flush()
        ended.start()
        while ended.is_alive():
            if Event.objects.count() != first:
                sys.stdout.write("The view of a transaction has changed.\n")
            time.sleep(0.05)
        cursor.execute("COMMIT")


def main(*arguments: str) -> None:
    """Write in some threads, or read."""
    if arguments[0] == "read":
        read()
        return
    threads = [Thread(target=write, args=[int(arguments[0]) // THREADS]) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
