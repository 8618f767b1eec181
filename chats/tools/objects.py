"""A tool as the API shows it."""

from typing import Any

from rest_framework import serializers

from chats.tools.registry import Effect, Tool

Json = dict[str, Any]


class ToolObject(serializers.Serializer[Any]):
    """Something an assistant can do."""

    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    parameters = serializers.DictField(help_text="A JSON schema.")
    effect = serializers.ChoiceField(choices=[effect.value for effect in Effect])
    needs_approval = serializers.BooleanField()
    role = serializers.CharField(help_text="Who may approve it.")


def tool_object(tool: Tool) -> Json:
    """Return a tool as it is offered."""
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "parameters": tool.parameters,
        "effect": tool.effect.value,
        "needs_approval": tool.needs_approval,
        "role": tool.role,
    }
