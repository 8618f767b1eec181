"""Schemas of strangers."""

from typing import Any

import pytest

from chats.engine import arguments
from chats.tools.mcp import schemas


def schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def nested(depth: int) -> dict[str, Any]:
    return schema(deeper=nested(depth - 1)) if depth else schema()


def doubling(number: int) -> dict[str, Any]:
    parts = {f"p{n}": {"allOf": [{"$ref": f"#/$defs/p{n + 1}"}] * 2} for n in range(number)}
    return {**schema(), "$defs": parts | {f"p{number}": {}}, "$ref": "#/$defs/p0"}


@pytest.mark.parametrize(
    "usable",
    [
        {},
        schema(number={"type": "string"}),
        {**schema(to={"$ref": "#/$defs/place"}), "$defs": {"place": {"type": "string"}}},
        {**schema(tree={"$ref": "#"}), "$schema": "https://json-schema.org/draft/2020-12/schema"},
        schema(a={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        {**schema(), "additionalProperties": False},
    ],
)
def test_takes_what_is_a_schema_of_an_object(usable: Any) -> None:
    assert schemas.fault_of(usable) == ""


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        ([], schemas.NO_SCHEMA),
        ("object", schemas.NO_SCHEMA),
        ({"type": "string"}, schemas.NO_SCHEMA),
        ({"type": "object", "properties": 3}, schemas.NO_SCHEMA),
        (schema(a={"type": "nothing"}), schemas.NO_SCHEMA),
        (schema(a={"$ref": "https://evil.example/schema"}), schemas.LEADS_AWAY),
        (schema(a={"$ref": "file:///etc/passwd"}), schemas.LEADS_AWAY),
        (schema(a={"$ref": "#/$defs/none"}), schemas.LEADS_AWAY),
        (schema(a={"$id": "http://evil.example/", "type": "string"}), schemas.LEADS_AWAY),
        (schema(a={"$dynamicRef": "#x"}), schemas.LEADS_AWAY),
        (schema(a={"items": {"not": {"$ref": "other.json"}}}), schemas.LEADS_AWAY),
        ({**schema(), "$ref": "#"}, schemas.CIRCLES),
        (
            {
                **schema(a={"$ref": "#/$defs/a"}),
                "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}},
            },
            schemas.CIRCLES,
        ),
        (doubling(20), schemas.CIRCLES),
        (nested(20), schemas.TOO_LARGE),
        (schema(a={"description": "x" * 40_000}), schemas.TOO_LARGE),
    ],
)
def test_refuses_what_leads_away_or_has_no_end(refused: Any, why: str) -> None:
    assert schemas.fault_of(refused) == why


def test_no_regular_expression_of_a_server_is_run() -> None:
    greedy = {"type": "string", "pattern": "^(a+)+$", "description": "A name."}
    given = {**schema(a=greedy), "patternProperties": {"^(a+)+$": {}}, "required": ["a"]}
    given["additionalProperties"] = False
    usable = schemas.usable(given)

    assert usable["properties"]["a"]["description"] == "A name. Pattern: ^(a+)+$"
    assert arguments.why_not({"a": "a" * 40 + "!", "aaa": 1}, usable) == ""
    assert "required" in arguments.why_not({}, usable)


def test_a_property_may_be_called_as_a_keyword_is() -> None:
    given = schema(pattern={"type": "string"}, items={"type": "integer"})

    assert schemas.usable(given) == given
    assert schemas.fault_of(given) == ""
