"""Serializers of tools and articles."""

from typing import Any

from rest_framework import serializers

from conversations.models import Assistant

MAX_ARTICLE = 100_000


class ArticleChange(serializers.Serializer[Any]):
    """What an article is to say."""

    title = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=MAX_ARTICLE, trim_whitespace=False)
    is_active = serializers.BooleanField(required=False)


class ArticleStart(serializers.Serializer[Any]):
    """A new article of an assistant."""

    assistant = serializers.PrimaryKeyRelatedField(
        queryset=Assistant.objects.all(), pk_field=serializers.UUIDField()
    )
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=MAX_ARTICLE, trim_whitespace=False)
