"""Texts of messages as HTML: made when they are written, stored, and shown as they are.

What is stored bears a key of text and renderer, so an edit or a new renderer makes it anew. Short
texts without marks are made each time, which costs less than looking them up.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from conversations import markdown
from conversations.models import AuthorKind, Message, Rendering

SHORT = 500
"""Code points of a text without marks that is not stored."""
RECENT = 64
"""Texts of which a process remembers the HTML, since their events are sent again."""


def html_of(message: Message) -> str:
    """Return the text of a message as HTML, from what is stored; it is stored if it was not."""
    is_plain = _is_plain(message.kind, message.author_kind)
    if _is_cheap(message.text, is_plain=is_plain):
        return markdown.render_plain(message.text)
    key = _key(message.text, is_plain=is_plain)
    stored = getattr(message, "rendering", None)
    if stored is not None and stored.key == key:
        return str(stored.html)
    html = _recent(message.pk, key, message.text)
    Rendering.keep(message.pk, key=key, html=html)
    return html


def prepare(message: Message) -> None:
    """Render and store the text of a message that was just written."""
    html_of(message)


def html_in(data: Mapping[str, Any]) -> str:
    """Return the text of a message object as HTML; the message may have another text by now."""
    text, is_plain = data["text"], _is_plain(data["kind"], data["author"]["kind"])
    if _is_cheap(text, is_plain=is_plain):
        return markdown.render_plain(text)
    return _recent(UUID(data["id"]), _key(text, is_plain=is_plain), text)


@lru_cache(maxsize=RECENT)
def _recent(message_id: UUID, key: str, text: str) -> str:
    stored = Rendering.objects.filter(pk=message_id, key=key).values_list("html", flat=True)
    found = stored.first()
    if found is not None:
        return found
    return markdown.render_plain(text) if key.startswith("plain") else markdown.render(text)


def _is_plain(kind: str, author_kind: str) -> bool:
    """Return whether the text is shown as it was typed: what a customer or the system says."""
    return kind == Message.Kind.SYSTEM or author_kind == AuthorKind.CUSTOMER


def _is_cheap(text: str, *, is_plain: bool) -> bool:
    return not text or (is_plain and len(text) <= SHORT)


def _key(text: str, *, is_plain: bool) -> str:
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{'plain' if is_plain else 'markdown'} {markdown.VERSION} {digest}"
