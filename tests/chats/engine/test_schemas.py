"""Schemas: those of tools' arguments in their plainest form."""

from typing import Any

import pytest

from chats.engine import schemas

TEXT = {"type": "string"}
LAMP = {"type": "object", "properties": {"name": TEXT}, "required": ["name"]}


def plain(schema: Any) -> Any:
    """Return the plainest form of ``schema``."""
    tool = {"type": "function", "function": {"name": "x", "parameters": schema}}
    return schemas.plain(tool)["function"]["parameters"]


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": ["null", "integer"], "maximum": 3}, {"type": "integer"}),
        ({"anyOf": [{"type": "null"}, LAMP]}, LAMP),
        ({"$ref": "#/$defs/A"}, LAMP),
        ({"$ref": "#/$defs/nothing", "description": "A lamp."}, {**TEXT, "description": "A lamp."}),
        ({"$ref": "#/$defs/B"}, LAMP),
        ({"allOf": [{"$ref": "#/$defs/A"}]}, LAMP),
        (
            {"allOf": [LAMP, {"properties": {"size": TEXT}, "required": ["size"]}]},
            {**LAMP, "properties": {"name": TEXT, "size": TEXT}, "required": ["name", "size"]},
        ),
        ({"type": "array"}, {"type": "array", "items": TEXT}),
        ({"type": "array", "items": {"$ref": "#/$defs/A"}}, {"type": "array", "items": LAMP}),
        ({"type": "string", "enum": ["a", None]}, {**TEXT, "enum": ["a"]}),
        ({"const": "a"}, {**TEXT, "enum": ["a"]}),
        (
            {"type": "integer", "enum": [1, 2], "description": "How many."},
            {"type": "integer", "description": "How many. One of: 1, 2."},
        ),
        (7, TEXT),
    ],
)
def test_is_plain_and_means_the_same(schema: Any, wanted: Any) -> None:
    definitions = {"A": LAMP, "B": {"$ref": "#/$defs/A"}, "C": {"$ref": "#/$defs/C"}}
    whole = {"type": "object", "properties": {"a": schema}, "$defs": definitions}
    assert plain(whole) == {"type": "object", "properties": {"a": wanted}}


@pytest.mark.parametrize("part", [{"$ref": "#"}, {"$ref": "#/$defs/C"}])
def test_what_refers_to_itself_comes_to_an_end(part: Any) -> None:
    whole = {"type": "object", "properties": {"a": part}, "$defs": {"C": {"$ref": "#/$defs/C"}}}
    assert plain(whole)["type"] == "object"
