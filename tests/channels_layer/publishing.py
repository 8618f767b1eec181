"""``python -m tests.channels_layer.publishing TIMES``: publish so often on one topic, in threads.

Runs in a process of its own with ``PARLEY_TEST_DATABASE_URL``. One in five transactions is rolled
back, and one in two publishes on a topic of its own, too.
"""

import sys
from threading import Thread

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from channels_layer.log import events  # noqa: E402
from channels_layer.log.events import EventType, Kind  # noqa: E402
from tests.event_objects import Said  # noqa: E402
from tests.factories import NOON  # noqa: E402

THREADS = 2
events.register(EventType("said", Said, Kind.DURABLE, "drill", "Words."))


def say(topic: str, index: int) -> None:
    """Publish one event."""
    events.publish(topic=topic, type="said", data={"text": str(index)}, at=NOON)


def publish(times: int, number: int) -> None:
    """Publish ``times`` events that are committed."""
    try:
        for index in range(times * 5 // 4):
            with transaction.atomic():
                say("drill:shared", index)
                if index % 2:
                    say(f"drill:{number}", index)
                transaction.set_rollback(index % 5 == 4)
    finally:
        connection.close()


def main(times: int) -> None:
    """Publish from all threads at once."""
    threads = [Thread(target=publish, args=(times, number)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(int(sys.argv[1]))
