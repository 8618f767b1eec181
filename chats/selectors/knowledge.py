"""Searching an assistant's knowledge."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import NotFoundError
from chats.models import Article

MOST_CANDIDATES = 200
SHORTEST_WORD = 3
ENOUGH = 0.34
"""The share of the query's words that an article must contain."""

_WORD = re.compile(r"[^\W_]+")
_TITLE_WEIGHT = 3
_EMPTY_WORDS = frozenset(
    _WORD.findall(
        "about and any are can could does for from have how into its not our please should that "
        "the their them then there these they this was were what when where which who why will "
        "with would you your"
    )
)


@dataclass(frozen=True)
class _Scored:
    """An article and how well it fits."""

    article: Article
    found: int
    score: int


def articles(assistant_id: UUID) -> QuerySet[Article]:
    """Return an assistant's articles, newest first."""
    return Article.objects.filter(assistant_id=assistant_id).order_by("-updated_at", "-id")


def articles_for(actor: Actor) -> QuerySet[Article]:
    """Return all articles, the last changed first; a visitor sees none."""
    if not isinstance(actor, Staff | Key):
        return Article.objects.none()
    return Article.objects.order_by("-updated_at", "-id")


def article_for(actor: Actor, identifier: UUID) -> Article:
    """Return one article; ``NotFoundError`` otherwise."""
    article = articles_for(actor).filter(pk=identifier).first()
    if article is None:
        raise NotFoundError
    return article


def search(assistant_id: UUID, query: str, *, limit: int = 3) -> list[Article]:
    """Return the active articles that match ``query``, best first."""
    words = _words(query)
    if not words:
        return []
    any_word = Q()
    for word in words:
        any_word |= Q(title__icontains=word) | Q(text__icontains=word)
    candidates = articles(assistant_id).filter(any_word, is_active=True)[:MOST_CANDIDATES]
    scored = [_scored(article, words) for article in candidates]
    fitting = [entry for entry in scored if entry.found >= ENOUGH * len(words)]
    fitting.sort(key=lambda entry: (-entry.score, entry.article.title))
    return [entry.article for entry in fitting[:limit]]


def _words(query: str) -> list[str]:
    """Return the query's stems: words without the ending of the plural."""
    found = dict.fromkeys(word.lower() for word in _WORD.findall(query))
    kept = [word for word in found if word not in _EMPTY_WORDS]
    long = [word for word in kept if len(word) >= SHORTEST_WORD] or kept
    return [re.sub(r"(?<=\w{3})(ies|es|s|ing|ed)$", "", word) for word in long]


def _scored(article: Article, words: list[str]) -> _Scored:
    title, text = article.title.lower(), article.text.lower()
    in_title = sum(1 for word in words if word in title)
    found = sum(1 for word in words if word in title or word in text)
    return _Scored(article, found, found + _TITLE_WEIGHT * in_title)
