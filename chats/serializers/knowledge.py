"""Serializers of tools and articles."""

from typing import Any

from rest_framework import serializers

from conversations.models import Assistant

MAX_ARTICLE = 100_000


class ToolObject(serializers.Serializer[Any]):
    """Something an assistant can do."""

    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    parameters = serializers.DictField(help_text="A JSON schema.")
    needs_approval = serializers.BooleanField()
    role = serializers.CharField(help_text="Who may approve it.")


class ArticleObject(serializers.Serializer[Any]):
    """A piece of knowledge of one assistant."""

    id = serializers.UUIDField()
    assistant = serializers.UUIDField()
    title = serializers.CharField()
    text = serializers.CharField()
    is_active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


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
