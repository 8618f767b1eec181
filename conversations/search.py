"""Search: conversations by name, email, phone, external id, title or messages (B3)."""

from django.db.models import Exists, OuterRef, Q

from channels_layer import search
from channels_layer.search import Search, SearchIndex
from conversations.models import ConversationQuerySet, Message

NEWEST = "last_message_at DESC, id DESC"
NAMES = SearchIndex(
    name="conversation_search",
    table="conversations_conversation",
    column="search_text",
    newest=NEWEST,
    is_lower=True,
    pairs="conversation_pairs",
)
MESSAGES = SearchIndex(
    name="message_search",
    table="conversations_message",
    column="text",
    owner="conversation_id",
    where="{row}kind <> 'system'",
)
CONVERSATIONS = Search(
    indexes=(NAMES, MESSAGES),
    short=("last_message_text",),
    newest=NEWEST,
)


def matching(
    queryset: ConversationQuerySet, text: str, *, is_small: bool = False
) -> ConversationQuerySet:
    """Keep conversations whose details, or one message, contain every word of ``text``.

    ``is_small`` says that the set is one person's, so that it is read itself rather than the
    index of everything.
    """
    if is_small:
        return queryset.filter(_contains(search.words_of(text)))
    return search.matching(CONVERSATIONS, queryset, text)


def _contains(words: list[str]) -> Q:
    if not words:
        return Q()
    messages = Message.objects.filter(conversation=OuterRef("pk"))
    spoken = messages.exclude(kind=Message.Kind.SYSTEM)
    said = spoken.filter(search.all_words("text__icontains", words))
    return search.all_words("search_text__contains", words) | Q(Exists(said))
