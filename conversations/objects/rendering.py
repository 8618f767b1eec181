"""Texts of messages as HTML: made when they are written, stored, and shown as they are.

What is stored bears a key of text and renderer, so an edit or a new renderer makes it anew. Short
texts without marks are made each time, which costs less than looking them up.
"""

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from threading import Lock
from typing import Any
from uuid import UUID

from channels_layer import prepared
from conversations import markdown
from conversations.models import AuthorKind, Message, Rendering

SHORT = 500
"""Code points of a text without marks that is not stored."""
RECENT = 64
"""Texts of which a process remembers the HTML, since their events are sent again."""
_recent: dict[str, str] = {}
_changing = Lock()


def html_of_each(messages: Iterable[Message]) -> dict[UUID, str]:
    """Return the texts of ``messages`` as HTML, from what is stored, by the message's id.

    What was not stored is stored, all together; where that fails the texts are shown nevertheless.
    """
    found: dict[UUID, str] = {}
    costly: dict[UUID, tuple[str, str]] = {}
    for message in messages:
        dialect = _dialect(message.kind, message.author_kind, is_of_staff=message.is_of_staff)
        if _is_cheap(message.text, dialect):
            found[message.pk] = markdown.render_plain(message.text)
        else:
            costly[message.pk] = (_key(message.text, dialect), message.text)
    return found | _stored_or_made(costly)


def html_of(message: Message) -> str:
    """Return the text of one message as HTML, as ``html_of_each`` does."""
    return html_of_each([message])[message.pk]


def prepare(message: Message) -> None:
    """Render and store the text of a message that was just written, in its transaction."""
    dialect = _dialect(message.kind, message.author_kind, is_of_staff=message.is_of_staff)
    if _is_cheap(message.text, dialect):
        return
    key = _key(message.text, dialect)
    html = _made(key, message.text)
    prepared.insert(Rendering(message_id=message.pk, key=key, html=html))
    _remember(key, html)


def _stored_or_made(texts: Mapping[UUID, tuple[str, str]]) -> dict[UUID, str]:
    """Return the HTML of (key, text) by the message's id; store what was not stored."""
    if not texts:
        return {}
    rows = Rendering.objects.filter(pk__in=list(texts)).values_list("pk", "key", "html")
    found = {pk: html for pk, key, html in rows if key == texts[pk][0]}
    missing = {pk: (key, _made(key, text)) for pk, (key, text) in texts.items() if pk not in found}
    made = [Rendering(message_id=pk, key=key, html=html) for pk, (key, html) in missing.items()]
    Rendering.keep(made)
    return found | {one.message_id: one.html for one in made}


def html_in(data: Mapping[str, Any]) -> str:
    """Return the text of a message object as HTML, for customers.

    The message may have another text by now. Chats of staff, where the customer is one of them,
    have no other reader.
    """
    text, dialect = data["text"], _dialect(data["kind"], data["author"]["kind"])
    if _is_cheap(text, dialect):
        return markdown.render_plain(text)
    key = _key(text, dialect)
    html = _recent.get(key)
    if html is None:
        stored = Rendering.objects.filter(pk=data["id"], key=key).values_list("html", flat=True)
        found = stored.first()
        html = _made(key, text) if found is None else found
        _remember(key, html)
    return html


def _remember(key: str, html: str) -> None:
    with _changing:
        _recent[key] = html
        if len(_recent) > RECENT:
            del _recent[next(iter(_recent))]


def _made(key: str, text: str) -> str:
    return _DIALECTS[key.split(maxsplit=1)[0]](text)


def _dialect(kind: str, author_kind: str, *, is_of_staff: bool = False) -> str:
    """Return how a text is read: as Markdown where a program wrote it, else as it was typed."""
    if kind == Message.Kind.SYSTEM:
        return "plain"
    if author_kind == AuthorKind.CUSTOMER:
        return "question" if is_of_staff else "plain"
    return "typed" if author_kind == AuthorKind.AGENT else "markdown"


def _is_cheap(text: str, dialect: str) -> bool:
    return not text or (dialect == "plain" and len(text) <= SHORT)


def _key(text: str, dialect: str) -> str:
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{dialect} {markdown.VERSION} {digest}"


_DIALECTS: dict[str, Callable[[str], str]] = {
    "plain": markdown.render_plain,
    "question": markdown.render_question,
    "typed": markdown.render_typed,
    "markdown": markdown.render,
}
