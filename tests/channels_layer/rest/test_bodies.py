"""Bodies of requests: each has fields of its own, made from what is declared."""

from typing import Any

from rest_framework import serializers

from channels_layer.rest import Body, TextField, strict


class Part(serializers.Serializer[Any]):
    """A part of a body."""

    name = strict.CharField(max_length=3)


class Words(Body):
    """A body with a field of each sort."""

    text = TextField(max_length=5)
    client_id = strict.CharField(max_length=4, required=False, allow_null=True)
    tags = serializers.ListField(child=strict.CharField(max_length=2), required=False, default=list)
    part = Part(required=False)


def test_reads_and_refuses_what_the_fields_say() -> None:
    body = Words(data={"text": "hello", "client_id": None, "tags": ["a"], "part": {"name": "abc"}})
    assert body.is_valid()
    assert body.validated_data == {
        "text": "hello",
        "client_id": None,
        "tags": ["a"],
        "part": {"name": "abc"},
    }
    refused = Words(data={"text": "longer", "client_id": 5, "tags": ["abc"], "part": {"name": 1}})
    assert not refused.is_valid()
    assert set(refused.errors) == {"text", "client_id", "tags", "part"}


def test_no_request_sees_the_fields_of_another() -> None:
    first, second = Words(data={"text": "a"}), Words(data={"text": "b"}, partial=True)
    for name in ("text", "client_id", "tags", "part"):
        assert first.fields[name] is not second.fields[name]
        assert first.fields[name] is not Words._declared_fields[name]
        assert (first.fields[name].parent, second.fields[name].parent) == (first, second)
    lists: list[Any] = [body.fields["tags"] for body in (first, second)]
    assert lists[0].child is not lists[1].child
    assert all(field.parent is None for field in Words._declared_fields.values())


def test_what_a_subclass_leaves_out_is_left_out() -> None:
    class Short(Words):
        """A body without a part."""

        part = None  # type: ignore[assignment]

    assert list(Short(data={}).fields) == ["text", "client_id", "tags"]
