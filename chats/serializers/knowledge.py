"""Serializers of tools and articles."""

from typing import Any

from rest_framework import serializers

from channels_layer.rest import strict
from chats.models.knowledge import LONGEST_ARTICLE
from conversations.models import Assistant


class ArticleChange(serializers.Serializer[Any]):
    """What an article is to say."""

    title = strict.CharField(max_length=200)
    text = strict.TextField(max_length=LONGEST_ARTICLE)
    is_active = strict.BooleanField(required=False)


class ArticleStart(serializers.Serializer[Any]):
    """A new article of an assistant."""

    assistant = serializers.PrimaryKeyRelatedField(
        queryset=Assistant.objects.all(), pk_field=strict.UUIDField()
    )
    title = strict.CharField(max_length=200)
    text = strict.TextField(max_length=LONGEST_ARTICLE)
