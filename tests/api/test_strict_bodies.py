"""Bodies: every field takes its own JSON type, and a text says something."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.test import APIClient

from chats.serializers.knowledge import ArticleChange
from conversations.serializers.messages import CustomerWords
from handoff.serializers import ReadChange
from tests.api.clients import V1
from tickets.serializers import TicketChange

OTHERS: dict[type[serializers.Field[Any, Any, Any, Any]], list[Any]] = {
    serializers.CharField: [0, 1.5, True, [], {}],
    serializers.BooleanField: [0, 1, "true", "on", [], {}],
    serializers.IntegerField: [True, "1", 1.5, [], {}],
    serializers.FloatField: [True, "1", [], {}],
    serializers.UUIDField: [0, True, [], {}],
    serializers.DateTimeField: [0, True, [], {}],
    serializers.ChoiceField: [0, True, [], {}],
    serializers.PrimaryKeyRelatedField: [0, True, [], {}],
}
"""What is no value of a field, by the kind of field."""
INVISIBLE = [" ", "\n\t", "\u00a0\u3000", "\u200b", "\ufeff\u2060", "\u3164"]


def bodies() -> Iterator[type[serializers.Serializer[Any]]]:
    """Yield the serializers of all requests."""
    todo = list(serializers.Serializer.__subclasses__())
    while todo:
        found = todo.pop()
        todo += found.__subclasses__()
        if ".serializers" in found.__module__ and not found.__module__.startswith("rest_framework"):
            yield found


def leaves(field: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a body that hold one value, with their names."""
    if isinstance(field, serializers.Serializer):
        for key, inner in field.fields.items():
            yield from leaves(inner, f"{name}.{key}")
    elif isinstance(field, serializers.ListField | serializers.DictField):
        yield from leaves(field.child, f"{name}[]")
    else:
        yield name, field


def test_no_field_takes_another_type(db: None) -> None:
    taken = []
    for body in bodies():
        for name, field in leaves(body(), body.__name__):
            for value in next((OTHERS[kind] for kind in OTHERS if isinstance(field, kind)), []):
                try:
                    field.run_validation(value)
                except serializers.ValidationError:
                    continue
                taken.append((name, value))
    assert taken == []


@pytest.mark.parametrize("text", INVISIBLE)
def test_a_text_of_nothing_visible_is_empty(text: str) -> None:
    body = CustomerWords(data={"text": text})
    assert body.is_valid()
    assert body.validated_data["text"] == ""
    assert not ArticleChange(data={"title": "Returns", "text": text}).is_valid()


def test_visible_text_keeps_its_spaces() -> None:
    body = CustomerWords(data={"text": "  a\u200b b\n"})

    assert body.is_valid()
    assert body.validated_data["text"] == "  a\u200b b\n"


def test_a_whole_number_may_be_none_where_that_means_something() -> None:
    assert TicketChange(data={"assignee": None, "requester": None, "version": 3}).is_valid()
    assert ReadChange(data={}).is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("contacts/{contact}/", {"phone": 0}, "phone"),
        ("conversations/{conversation}/variables/", {"name": "a", "value": 0}, "value"),
        ("conversations/{conversation}/messages/", {"text": " \n"}, "text"),
        ("tickets/", {"subject": 0}, "subject"),
    ],
)
def test_refusals_name_the_field(
    api: APIClient, conversation: Any, path: str, body: dict[str, Any], field: str
) -> None:
    named = {"contact": conversation.contact_id, "conversation": conversation.pk}
    method = {"contacts": "patch", "variables": "put"}
    verb = next((one for part, one in method.items() if part in path), "post")

    response = getattr(api, verb)(f"{V1}/{path.format(**named)}", body)

    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]
