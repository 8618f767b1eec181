"""Statements that are compiled once: they read and write what Django's own do."""

from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.models.functions import Now
from django.db.models.signals import post_init
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from channels_layer import prepared, times
from channels_layer.ids import new_id
from channels_layer.models import CalendarLease, IdempotencyRecord, TopicHead
from channels_layer.prepared import Prepared, PreparedUpdate, Slot
from conversations.models import Conversation, Message, Variable
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SHOWN = Prepared(
    lambda: Conversation.objects.select_related(*Conversation.SHOWN).filter(
        pk=Slot(Conversation, "pk")
    )
)
LOCKED = Prepared(
    lambda: TopicHead.objects.select_for_update().filter(topic=Slot(TopicHead, "topic"))
)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
IN_AN_HOUR = Now() + HOUR
ABOVE = Prepared(
    lambda: TopicHead.objects.filter(
        head__gt=Slot(TopicHead, "head"), topic__contains="r"
    ).values_list("topic", "head")
)
RENAME = PreparedUpdate(
    lambda: (
        Conversation.objects.filter(
            pk__in=Conversation.objects.filter(
                pk=Slot(Conversation, "pk"), title=Slot(Conversation, "title")
            ).values("pk")
        ),
        {"title": Slot(Conversation, "title", name="new"), "created_at": Now() + HOUR},
    )
)


def fields(row: object) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_reads_the_row_and_its_relations(conversation: Conversation) -> None:
    expected = Conversation.objects.select_related(*Conversation.SHOWN).get(pk=conversation.pk)
    with CaptureQueriesContext(connection) as queries:
        found = SHOWN.first(pk=conversation.pk)
        assert found is not None
        assert fields(found) == fields(expected)
        assert found.source == expected.source
        assert (found.contact, found.owner) == (expected.contact, None)
    assert len(queries) == 1


def test_each_use_has_its_values() -> None:
    one, two = (factories.conversation() for _ in range(2))
    assert [SHOWN.first(pk=talk.pk) for talk in (one, two)] == [one, two]
    assert SHOWN.first(pk=uuid4()) is None


def test_reads_values_beside_what_is_fixed() -> None:
    TopicHead.objects.bulk_create(
        TopicHead(topic=topic, head=head) for topic, head in [("bar", 3), ("car", 1), ("lot", 4)]
    )
    assert ABOVE.rows(head=2) == [("bar", 3)]
    assert sorted(ABOVE.rows(head=0)) == [("bar", 3), ("car", 1)]


@pytest.mark.django_db(transaction=True)
def test_locks_within_a_transaction_alone() -> None:
    TopicHead.objects.create(topic="lamp", head=1)
    with pytest.raises(TransactionManagementError):
        LOCKED.first(topic="lamp")
    with transaction.atomic():
        assert LOCKED.first(topic="lamp")
    with pytest.raises(TransactionManagementError):
        LOCKED.first(topic="lamp")


@pytest.mark.django_db(transaction=True)
def test_each_thread_uses_its_own_connection(conversation: Conversation) -> None:
    found: list[Conversation | None] = []

    def read() -> None:
        found.append(SHOWN.first(pk=conversation.pk))
        connections.close_all()

    for _ in range(2):
        thread = Thread(target=read)
        thread.start()
        thread.join()
    assert found == [conversation, conversation]


def test_writes_a_row_as_django_does(conversation: Conversation) -> None:
    values = {
        "kind": "message",
        "author_kind": "agent",
        "text": "Hëllo",
        "cards": [{"kind": "location"}],
        "created_at": factories.NOON,
    }
    first = Message(id=new_id(), conversation=conversation, position=1, **values)
    second = Message(id=new_id(), conversation=conversation, position=2, **values)
    first.save(force_insert=True)
    prepared.insert(second)
    rows = [
        Message.objects.filter(pk=one.pk).values().get() | {"id": None, "position": None}
        for one in (first, second)
    ]
    assert rows[0] == rows[1]
    second.text = "Changed"
    second.save()
    assert Message.objects.get(pk=second.pk).text == "Changed"


def test_writes_a_row_once() -> None:
    first, again = (
        IdempotencyRecord(actor="key:1", key="k", fingerprint="f", created_at=factories.NOON)
        for _ in range(2)
    )
    assert [prepared.insert_new(one) for one in (first, again)] == [True, False]
    assert IdempotencyRecord.objects.get().pk == first.pk


def test_changes_what_is_named_alone(conversation: Conversation) -> None:
    conversation.title, conversation.tags, conversation.message_count = "Lamp", ["a"], 7
    prepared.update(conversation, ("title", "tags"))
    found = Conversation.objects.get(pk=conversation.pk)
    assert (found.title, found.tags, found.message_count) == ("Lamp", ["a"], 0)


def test_a_row_that_is_gone_is_not_changed(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).delete()
    with pytest.raises(DatabaseError, match="no longer there"):
        prepared.update(conversation, ["title"])


def test_changes_the_rows_of_a_query_by_its_values(conversation: Conversation) -> None:
    other = factories.conversation()
    for title in ("Lamp", "Shade"):
        before = times.now()
        assert RENAME.run(pk=conversation.pk, title=conversation.title, new=title) == 1
        conversation.refresh_from_db()
        assert conversation.title == title
        assert HOUR - MINUTE < conversation.created_at - before < HOUR + MINUTE
    assert RENAME.run(pk=conversation.pk, title="Lamp", new="Bulb") == 0
    other.refresh_from_db()
    assert other.title == ""


def test_a_value_may_be_an_expression() -> None:
    for topic in ("one", "two"):
        prepared.insert(CalendarLease(name=topic, lease_until=IN_AN_HOUR))
        row = CalendarLease.objects.get(name=topic)
        assert row.lease_until
        assert HOUR - MINUTE < row.lease_until - times.now() < HOUR + MINUTE


def test_the_database_gives_a_key_that_is_not_set(conversation: Conversation) -> None:
    prepared.insert(Variable(conversation=conversation, name="a", updated_at=factories.NOON))
    prepared.insert(Variable(conversation=conversation, name="b", updated_at=factories.NOON))
    first, second = Variable.objects.order_by("name")
    assert first.pk != second.pk


def test_replaces_all_of_a_row_but_its_key(conversation: Conversation) -> None:
    key = ("conversation", "name")
    kept = Variable.objects.create(
        conversation=conversation, name="a", value="old", origin="api", updated_at=factories.NOON
    )
    for name, value in (("a", "new"), ("b", "other")):
        row = Variable(conversation=conversation, name=name, value=value, updated_at=factories.NOON)
        prepared.insert_or_replace(row, key=key)
    rows = Variable.objects.order_by("name").values_list("pk", "value", "origin")
    assert rows[0] == (kept.pk, "new", "")
    assert rows[1][1:] == ("other", "")


BRIEF = Prepared(
    lambda: (
        Conversation.objects.select_related("source")
        .only("contact", "source__kind")
        .filter(pk=Slot(Conversation, "pk"))
    )
)


def test_what_was_left_out_is_read_when_it_is_asked_for(conversation: Conversation) -> None:
    found = BRIEF.first(pk=conversation.pk)
    assert found is not None
    assert found.get_deferred_fields() >= {"title", "lifecycle", "assistant_id"}
    assert not found._state.adding
    with CaptureQueriesContext(connection) as queries:
        assert found.source.kind == conversation.source.kind
        assert found.contact_id == conversation.contact_id
    assert len(queries) == 0
    assert found.lifecycle == conversation.lifecycle


def test_who_listens_to_new_instances_hears_of_rows(conversation: Conversation) -> None:
    heard: list[Conversation] = []

    def hear(instance: Conversation, **_signal: object) -> None:
        heard.append(instance)

    post_init.connect(hear, Conversation)
    try:
        found = SHOWN.first(pk=conversation.pk)
    finally:
        post_init.disconnect(hear, Conversation)
    assert heard == [found]
    assert SHOWN.first(pk=conversation.pk) == found
    assert len(heard) == 1


def test_writes_choices_and_texts_as_django_does(conversation: Conversation) -> None:
    values = {
        "kind": Message.Kind.NOTE,
        "text": "\u00fc\n",
        "author_kind": "agent",
        "status": "sent",
    }
    row = Message(
        conversation=conversation, position=7, actor="user:1", created_at=factories.NOON, **values
    )
    prepared.insert(row)
    stored = Message.objects.get(pk=row.pk)
    assert {name: getattr(stored, name) for name in values} == values
    stored.text, stored.kind, stored.is_public = "", "message", False
    prepared.update(stored, ("text", "kind", "is_public"))
    again = Message.objects.get(pk=row.pk)
    assert (again.text, again.kind, again.is_public) == ("", "message", False)
