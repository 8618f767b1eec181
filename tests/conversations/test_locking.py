"""Locking a conversation while another transaction gives it away."""

import threading

import pytest
from django.db import connection, transaction

from conversations.models import Conversation
from tests import factories
from tests.servers.waiting import until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.mark.parametrize("name", ["contact", "assistant"])
def test_who_waited_for_it_reads_what_it_has_now(name: str) -> None:
    conversation = factories.conversation()
    another = getattr(factories.conversation(), name)
    found: list[Conversation] = []

    def wait() -> None:
        with transaction.atomic():
            found.append(Conversation(pk=conversation.pk).locked())
        connection.close()

    thread = threading.Thread(target=wait)
    with transaction.atomic():
        row = conversation.locked()
        setattr(row, name, another)
        row.save(update_fields=[name])
        thread.start()
        until(_somebody_waits, within=10)
    thread.join(10)

    assert [getattr(one, name) for one in found] == [another]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])
