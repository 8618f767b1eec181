"""OpenAPI descriptions: what becomes a tool, what cannot, and what is refused."""

from typing import Any

import orjson
import pytest
import yaml

from chats import tools
from chats.models import HttpTool
from chats.services import http_tools
from chats.tools.http import checks, schema
from chats.tools.http.openapi import DescriptionError, Document, Operation, operations_of

SHOP: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop"},
    "servers": [{"url": "/{version}", "variables": {"version": {"default": "v1"}}}],
    "paths": {
        "/orders/{order-id}": {
            "parameters": [{"$ref": "#/components/parameters/Order"}],
            "get": {
                "operationId": "orders.get",
                "summary": "Look up an order",
                "parameters": [
                    {"name": "X-Version", "in": "header", "schema": {"type": "integer"}},
                    {"name": "Authorization", "in": "header", "schema": {"type": "string"}},
                    {"name": "session", "in": "cookie", "schema": {"type": "string"}},
                    {
                        "name": "fields[]",
                        "in": "query",
                        "schema": {"type": "array", "items": {"type": "string"}},
                    },
                ],
            },
            "post": {
                "summary": "Refund an order",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Refund"}}
                    },
                },
            },
        },
        "/files": {
            "put": {
                "requestBody": {
                    "required": True,
                    "content": {"multipart/form-data": {"schema": {"type": "object"}}},
                }
            }
        },
        "/trees": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}
                    },
                }
            }
        },
    },
    "components": {
        "parameters": {
            "Order": {
                "name": "order-id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "maxLength": 20},
            }
        },
        "schemas": {
            "Money": {
                "type": "object",
                "required": ["amount"],
                "properties": {
                    "amount": {"type": "number", "minimum": 0.5},
                    "currency": {"enum": ["SEK", "EUR"]},
                },
            },
            "Base": {"properties": {"id": {"type": "string", "readOnly": True}}},
            "Refund": {
                "allOf": [
                    {"$ref": "#/components/schemas/Base"},
                    {
                        "required": ["money", "reason"],
                        "properties": {
                            "money": {"$ref": "#/components/schemas/Money"},
                            "reason": {"type": ["string", "null"], "description": "Why\n so"},
                            "until": {"type": "string", "format": "date"},
                            "kind": {"const": "refund", "type": "string"},
                            "lines": {"type": "array", "items": {"type": "object"}},
                            "anything": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                        },
                    },
                ]
            },
            "Tree": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "children": {"$ref": "#/components/schemas/Tree"},
                },
            },
        },
    },
}
ADDRESS = "https://shop.example/docs/openapi.json"


def operations(content: dict[str, Any] = SHOP, **options: str) -> dict[str, Operation]:
    document = Document.read(orjson.dumps(content))
    return {one.key: one for one in operations_of(document, **{"address": ADDRESS, **options})}


def fields(operation: Operation) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in operation.fields}


def small(**operation: Any) -> dict[str, Any]:
    return {"openapi": "3.0.0", "paths": {"/x": {"get": operation}}}


def test_a_reading_call_has_its_parameters_as_fields() -> None:
    found = operations()["get /orders/{order-id}"]
    assert found.tool["name"] == "orders_get"
    assert found.tool["url"] == "https://shop.example/v1/orders/{order_id}"
    assert (found.tool["effect"], found.tool["approval"]) == ("reading", "never")
    named = fields(found)
    assert set(named) == {"order_id", "X_Version", "fields"}
    assert named["order_id"]["place"] == "path"
    assert (named["fields"]["target"], named["fields"]["kind"]) == ("fields[]", "list")
    assert found.left_out == ("session: it is sent as a cookie",)


def test_a_writing_call_has_the_parts_of_its_body_as_fields() -> None:
    found = operations()["post /orders/{order-id}"]
    assert (found.tool["effect"], found.tool["approval"]) == ("writing", "always")
    named = fields(found)
    assert named["money_amount"]["target"] == "money.amount"
    assert named["money_amount"]["is_required"]
    assert named["money_currency"]["choices"] == "SEK\nEUR"
    assert named["reason"]["description"] == "Why so"
    assert named["until"]["kind"] == "date"
    assert (named["kind"]["origin"], named["kind"]["fixed_value"]) == ("fixed", "refund")
    assert "id" not in named
    assert [note.split(":")[0] for note in found.left_out] == ["lines", "anything"]


def test_says_what_cannot_be_a_tool() -> None:
    found = operations()
    assert "multipart/form-data" in found["put /files"].obstacle
    server = operations(address="")["get /orders/{order-id}"]
    assert "names no server" in server.obstacle
    given = operations(address="", server="https://api.shop.example/v2/")
    url = given["get /orders/{order-id}"].tool["url"]
    assert url == "https://api.shop.example/v2/orders/{order_id}"


def test_a_circle_ends_where_it_is_too_deep() -> None:
    found = operations()["post /trees"]
    assert "children_name" in fields(found)
    assert any("too deep" in note for note in found.left_out)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "#/components/schemas/A"}, "circle"),
        ({"$ref": "other.yaml#/A"}, "another file"),
        ({"$ref": "#/nowhere"}, "leads nowhere"),
        ({"type": "object"}, "no single value"),
        ({"type": "string", "format": "binary"}, "file"),
        ({}, "does not say"),
    ],
)
def test_a_required_value_that_cannot_be_a_field_is_an_obstacle(
    schema: dict[str, Any], reason: str
) -> None:
    content = small(parameters=[{"name": "a", "in": "query", "required": True, "schema": schema}])
    content["components"] = {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}
    assert reason in operations(content)["get /x"].obstacle


def test_yaml_is_read_too() -> None:
    document = Document.read(yaml.safe_dump(SHOP).encode())
    assert len(operations_of(document, address=ADDRESS)) == 4


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no object"),
        (b"{", "no valid JSON"),
        (b"a: [", "line"),
        (b"[]", "no object"),
        (b"<html>", "no object"),
        (b'{"swagger": "2.0"}', "Swagger 2"),
        (b'{"openapi": "4.0"}', "no OpenAPI 3"),
        (b'{"openapi": "3.0.0"}', "no operations"),
        (b'{"openapi": "3.0.0", "paths": {"/x": {"trace": {}}}}', "no operation with a method"),
        (b" " * (9 * 1024 * 1024), "8 MB"),
        (b"#" * (3 * 1024 * 1024), "2 MB"),
        (b"[" * 5000, "no valid JSON"),
        (b"- " * 500_000 + b"a", "deep"),
        (b"a: " + b"[" * 2_000_000, "deep"),
        (b"a: !!python/object/apply:os.system [ls]", "line"),
    ],
)
def test_refuses_what_it_cannot_use(data: bytes, reason: str) -> None:
    with pytest.raises(DescriptionError, match=reason):
        operations_of(Document.read(data))


def test_refuses_more_operations_than_a_page_can_show() -> None:
    content = {"openapi": "3.0.0", "paths": {f"/{n}": {"get": {}} for n in range(5000)}}
    with pytest.raises(DescriptionError, match="5000 operations"):
        operations(content)


def test_aliases_that_multiply_are_not_followed_to_their_end() -> None:
    lines = ["openapi: 3.0.0", "paths:", "  /x:", "    post:", "      requestBody:"]
    lines += ["        required: true", "        content:", "          application/json:"]
    lines += ["            schema: *s9", ""]
    names = "".join(f"      p{n}: *s{{0}}\n" for n in range(9))
    levels = ["x:", "  s0: &s0 {type: string}"]
    for level in range(1, 10):
        levels += [f"  s{level}: &s{level}", "    type: object", "    properties:"]
        levels += [names.format(level - 1).rstrip()]
    document = Document.read("\n".join([*levels, *lines]).encode())
    (found,) = operations_of(document, server="https://shop.example")
    assert len(found.fields) == 0
    assert found.left_out


@pytest.mark.django_db
def test_ticked_operations_become_tools_that_fit_together() -> None:
    usable = [one for one in operations().values() if not one.obstacle]
    made = http_tools.add(operations=usable)
    again = http_tools.add(operations=usable[:1])
    assert {row.name for row in made} >= {"orders_get"}
    assert again[0].name == "orders_get_2"
    for row in HttpTool.objects.all():
        assert checks.faults(row, list(row.fields.all())) == []
        assert schema.parameters(row.fields.all())["additionalProperties"] is False
    assert set(tools.names()) >= {row.name for row in made}
