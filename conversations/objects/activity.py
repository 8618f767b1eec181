"""What else happens in a conversation: titles, values, typing, viewing, its deletion."""

from typing import Any

from rest_framework import serializers

from conversations.models import Conversation
from conversations.objects.conversation import VariableObject
from handoff.objects import ActorReference, PersonReference

Json = dict[str, Any]


class DeletedConversation(serializers.Serializer[Any]):
    """A conversation that is no more."""

    id = serializers.UUIDField()


class TitleObject(serializers.Serializer[Any]):
    """The title of a conversation, and who gave it."""

    conversation = serializers.UUIDField()
    title = serializers.CharField()
    source = serializers.ChoiceField(choices=Conversation.TitleSource.choices)  # type: ignore[assignment]


class VariablesObject(serializers.Serializer[Any]):
    """All named values of a conversation."""

    variables = VariableObject(many=True)


class TypingObject(serializers.Serializer[Any]):
    """Somebody is typing."""

    conversation = serializers.UUIDField()
    actor = ActorReference()


class ViewingObject(serializers.Serializer[Any]):
    """A colleague came or went; `viewers` are all who look at it now."""

    conversation = serializers.UUIDField()
    actor = ActorReference(allow_null=True, help_text="Null for whoever begins to follow.")
    viewers = PersonReference(many=True)
