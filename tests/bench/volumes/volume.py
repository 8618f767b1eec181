"""A deployment of some size: conversations and messages, written straight into the tables."""

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models

from channels_layer import search
from channels_layer.ids import new_id
from conversations.models import Contact, Conversation, Message
from conversations.search import CONVERSATIONS
from tests import factories

BATCH = 5000
VOCABULARY = 20_000
FIRST = ("Maya", "Victor", "Olivia", "Jonas", "Aisha", "Pedro", "Yuki", "Lena", "Omar", "Greta")


class Words:
    """Sentences whose words are as unevenly common as in a language."""

    def __init__(self, seed: int = 7) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same ones every time
        letters = "aeiounrstlkmdgbph"
        self.words = list(
            dict.fromkeys(
                "".join(self.chance.choices(letters, k=self.chance.randint(3, 9)))
                for _ in range(VOCABULARY)
            )
        )
        self.weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(self.words))))

    def sentence(self, number: int) -> str:
        """Return a sentence; every tenth one has an order number."""
        words = self.chance.choices(
            self.words, cum_weights=self.weights, k=self.chance.randint(5, 25)
        )
        if number % 10 == 0:
            words.insert(len(words) // 2, f"NH-{number:07d}")
        return " ".join(words)


def load(*, conversations: int, messages_each: int) -> Words:
    """Fill the tables; newest activity lies at noon, one conversation a minute before the other."""
    words = Words()
    template = factories.conversation()
    contacts = [
        Contact(
            name=f"{words.chance.choice(FIRST)} {words.words[n % len(words.words)].title()}",
            email=f"{words.words[n % len(words.words)]}{n}@customers.example",
            phone=f"+4670{n:07d}",
            created_at=factories.NOON,
        )
        for n in range(conversations // 2)
    ]
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    keys = [new_id() for _ in range(conversations)]
    is_postgres = connection.vendor == "postgresql"
    search.remove(connection, CONVERSATIONS.indexes)
    _insert(Conversation, _conversations(template, contacts, keys))
    _insert(Message, _messages(words, keys, messages_each))
    search.install(connection, CONVERSATIONS.indexes)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_postgres else "ANALYZE")
    return words


def unload() -> None:
    """Empty the tables quickly: without triggers SQLite need not read every row."""
    if connection.vendor == "sqlite":
        search.remove(connection, CONVERSATIONS.indexes)
    Message.objects.all()._raw_delete(connection.alias)
    Conversation.objects.all()._raw_delete(connection.alias)


def _conversations(
    template: Conversation, contacts: Sequence[Contact], keys: Sequence[UUID]
) -> Iterator[models.Model]:
    for number, key in enumerate(keys):
        contact = contacts[number % len(contacts)]
        at = factories.NOON - timedelta(minutes=len(keys) - number)
        yield Conversation(
            id=key,
            source=template.source,
            assistant=template.assistant,
            contact=contact,
            external_id=f"customer-{number}",
            search_text=f"customer-{number} {contact.name} {contact.email} {contact.phone}".lower(),
            turn_count=number % 14,
            control=("ai", "ai", "ai", "requested", "agent")[number % 5],
            lifecycle=("active", "ended")[number % 2],
            last_message_at=at,
            last_message_text="",
            changed_at=at,
            created_at=at,
        )


def _messages(words: Words, keys: Sequence[UUID], each: int) -> Iterator[models.Model]:
    number = 0
    for key in keys:
        for position in range(1, each + 1):
            number += 1
            yield Message(
                conversation_id=key,
                position=position,
                author_kind="customer" if position % 2 else "assistant",
                actor="system",
                text=words.sentence(number),
                created_at=factories.NOON,
            )


def _insert(model: type[models.Model], rows: Iterator[models.Model]) -> None:
    """Insert by the fields' own values, without building the statement anew each time."""
    fields = model._meta.concrete_fields
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(_values(row, fields))
            return
        marks = ", ".join(["%s"] * len(fields))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - our names
        while batch := list(itertools.islice(rows, BATCH)):
            cursor.executemany(statement, [_values(row, fields) for row in batch])


def _values(row: models.Model, fields: Sequence[Any]) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
