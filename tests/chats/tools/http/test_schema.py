"""The schema of a tool's arguments, made of its fields."""

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest

from chats.engine import arguments
from chats.tools.http import schema
from tests.chats.tools.http.conftest import field

FIELDS = [
    field("order", label="Order", description="As on the invoice"),
    field("amount", kind="number", minimum=0.5, maximum=100),
    field("pieces", kind="integer", minimum=1, is_required=False),
    field("reason", kind="choice", choices="broken\nlate\n\nbroken"),
    field("day", kind="date", is_required=False),
    field("mail", kind="email", is_required=False),
    field("lines", kind="list", is_required=False, maximum=2),
    field("sure", kind="boolean", is_required=False),
    field("note", kind="long_text", is_required=False),
    field("customer", origin="contact_email"),
    field("channel", origin="fixed", fixed_value="chat"),
]
GOOD = {"order": "ORD-1", "amount": 12, "reason": "late"}


def test_is_a_schema_that_takes_nothing_else() -> None:
    found = schema.parameters(FIELDS)
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["additionalProperties"] is False
    assert found["required"] == ["order", "amount", "reason"]
    assert found["properties"]["order"]["description"] == "Order: As on the invoice"
    assert found["properties"]["reason"]["enum"] == ["broken", "late"]


def test_what_the_server_gives_is_no_argument() -> None:
    found = schema.parameters(FIELDS)
    assert not {"customer", "channel"} & set(found["properties"])
    assert arguments.why_not({**GOOD, "customer": "other@example.com"}, found)


@pytest.mark.parametrize(
    "change",
    [
        {"order": ""},
        {"order": "x" * 501},
        {"amount": 0.1},
        {"amount": "12"},
        {"pieces": 1.5},
        {"reason": "other"},
        {"day": "tomorrow"},
        {"mail": "nobody"},
        {"lines": ["a", "b", "c"]},
        {"lines": [1]},
        {"sure": "yes"},
    ],
)
def test_refuses_what_does_not_fit(change: dict[str, object]) -> None:
    assert arguments.why_not(GOOD | change, schema.parameters(FIELDS))


def test_takes_what_fits() -> None:
    whole = GOOD | {"pieces": 2, "day": "2026-11-20", "mail": "a@b.se", "lines": ["x"], "note": ""}
    assert arguments.why_not(whole, schema.parameters(FIELDS)) == ""
