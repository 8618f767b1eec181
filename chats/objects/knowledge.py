"""A piece of knowledge of one assistant."""

from typing import Any

from rest_framework import serializers

from channels_layer import times
from chats.models import Article

Json = dict[str, Any]
HIDDEN: Json = {"title": "", "text": ""}
"""What a key that may write articles and not read them gets to see instead."""


class ArticleObject(serializers.Serializer[Any]):
    """A piece of knowledge of one assistant."""

    id = serializers.UUIDField()
    assistant = serializers.UUIDField()
    title = serializers.CharField()
    text = serializers.CharField()
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def article_object(article: Article) -> Json:
    """Return a piece of knowledge."""
    return {
        "id": str(article.pk),
        "assistant": str(article.assistant_id),
        "title": article.title,
        "text": article.text,
        "is_active": article.is_active,
        "created_at": times.iso(article.created_at),
        "updated_at": times.iso(article.updated_at),
    }
