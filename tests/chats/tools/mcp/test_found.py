"""What a server says of a tool: pinned, and refused."""

from typing import Any

import pytest

from chats.tools.mcp import found
from chats.tools.mcp.found import FoundTool

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}


def a_tool(**other: Any) -> FoundTool:
    whole = {"name": "one", "title": "One", "description": "Does.", "parameters": SCHEMA}
    return FoundTool(**{**whole, **other})


def test_the_pin_is_of_what_models_read_and_not_of_the_order_of_keys() -> None:
    turned = {"properties": dict(reversed(SCHEMA["properties"].items())), "type": "object"}  # type: ignore[attr-defined]

    assert a_tool().hash == a_tool(parameters=turned, title="Another title").hash
    others = [
        a_tool(name="two"),
        a_tool(description="Does. "),
        a_tool(parameters={**SCHEMA, "required": ["a"]}),
    ]
    assert len({a_tool().hash, *(other.hash for other in others)}) == 4


@pytest.mark.parametrize(
    ("tool", "why"),
    [
        (a_tool(name=""), found.NO_NAME),
        (a_tool(name="n" * 129), found.NO_NAME),
        (a_tool(name="a tool\nwith lines"), found.NO_NAME),
        (a_tool(description="x" * 9000), found.TOO_LONG),
        (a_tool(description="Does.\U000e0041\U000e0042"), found.UNSEEN),
        (a_tool(parameters={"type": "object", "title": "a\u200bb"}), found.UNSEEN),
        (a_tool(description="Does\x00"), found.UNSEEN),
    ],
)
def test_refuses_names_and_texts_that_nobody_can_judge(tool: FoundTool, why: str) -> None:
    assert [one.why for one in found.listing([tool]).refused] == [why]


def test_refuses_both_tools_of_one_name() -> None:
    listing = found.listing([a_tool(), a_tool(description="Another."), a_tool(name="two")])

    assert [one.name for one in listing.tools] == ["two"]
    assert [(one.name, one.why) for one in listing.refused] == [("one", found.TWICE)]


def test_names_for_models_are_short_and_plain() -> None:
    assert found.full_name("shop", "orders.look/up") == "shop_orders_look_up"
    assert len(found.full_name("shop", "n" * 128)) == 64
