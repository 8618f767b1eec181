"""The indexes of search are created while others write, and again where that was interrupted."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from conversations import search
from conversations.models import Conversation
from tests import factories

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.slow,
]


@pytest.fixture
def _newest() -> Iterator[None]:
    """Leave the database as it is to be."""
    yield
    call_command("migrate", verbosity=0)


def found(text: str) -> set[object]:
    return set(search.matching(Conversation.objects.all(), text).values_list("pk", flat=True))


def valid(*names: str) -> set[str]:
    sql = (
        "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE indisvalid AND relname = ANY(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(names)])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.usefixtures("_newest")
def test_two_letters_are_found_after_going_back_and_forth() -> None:
    maya = factories.conversation(contact=factories.ContactFactory.create(name="Maya"))
    for target in ("0029", "0031"):
        call_command("migrate", "conversations", target, verbosity=0)
        assert found("maya") == {maya.pk}
    assert found("ya") == {maya.pk}


@pytest.mark.postgres
@pytest.mark.usefixtures("_newest")
def test_an_interrupted_creation_is_done_anew() -> None:
    names = ("conversation_pairs", "conversation_owner")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = ANY(%s::regclass[])",
            [list(names)],
        )
    call_command("migrate", "conversations", "0029", fake=True, verbosity=0)
    assert valid(*names) == set()
    call_command("migrate", "conversations", "0031", verbosity=0)
    call_command("migrate", fake=True, verbosity=0)  # what came after it was never taken back
    assert valid(*names) == set(names)
