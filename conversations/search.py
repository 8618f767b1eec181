"""Search: conversations by name, email, phone, external id, title or messages (B3)."""

from django.db import connections
from django.db.models import Exists, OuterRef, Q, QuerySet

from conversations import search_postgres, search_sqlite
from conversations.models import Message
from conversations.models.conversation import ConversationQuerySet

MOST_WORDS = 8
LONGEST = 200
SHORTEST_INDEXED = 3


def matching(
    queryset: ConversationQuerySet, text: str, *, is_small: bool = False
) -> ConversationQuerySet:
    """Keep conversations whose details, or one message, contain every word of ``text``.

    Words are parts of words in any case. Of words in very many messages the newest 1,000 count
    (on SQLite 2,000).
    ``is_small`` says that the set is one person's, so that it is read itself rather than the
    index of everything. A search for words of one or two characters alone covers names,
    identifiers, titles and the last message.
    """
    words = words_of(text)
    if not words:
        return queryset
    if is_small:
        return queryset.filter(_named(words) | Q(Exists(_said(words))))
    if all(len(word) < SHORTEST_INDEXED for word in words):
        return queryset.filter(_named(words) | _last(words))
    connection = connections[queryset.db]
    index = search_postgres if connection.vendor == "postgresql" else search_sqlite
    return queryset.filter(pk__in=index.candidates(connection, words))


def words_of(text: str) -> list[str]:
    """Return the words to search for, in lower case, each once."""
    plain = text.replace("\x00", " ")[:LONGEST].lower()
    return list(dict.fromkeys(plain.split()))[:MOST_WORDS]


def _named(words: list[str]) -> Q:
    return _all("search_text__contains", words)


def _last(words: list[str]) -> Q:
    return _all("last_message_text__icontains", words)


def _said(words: list[str]) -> QuerySet[Message]:
    messages = Message.objects.filter(conversation=OuterRef("pk"))
    spoken = messages.exclude(kind=Message.Kind.SYSTEM)
    return spoken.filter(_all("text__icontains", words))


def _all(lookup: str, words: list[str]) -> Q:
    wanted = Q()
    for word in words:
        wanted &= Q(**{lookup: word})
    return wanted
