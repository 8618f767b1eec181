"""Arguments: what a model wrote for a tool."""

import pytest

from chats.engine import arguments
from chats.engine.parts import ToolCallDone
from tests.chats.engine.conftest import Box


@pytest.mark.parametrize(
    "raw", [r'{"query": "lamp\u0000"}', r'{"query": "lamp", "\u0000": [1]}', r'{"query": "\ud800"}']
)
def test_gives_back_what_cannot_be_kept(tools: Box, raw: str) -> None:
    call = arguments.checked(ToolCallDone("a", "search_knowledge", raw), tools)
    assert call.outcome
    assert call.outcome.status == "invalid"
    assert call.arguments == {}


@pytest.mark.parametrize(
    ("value", "may"),
    [
        ({"a": ["b", 1, None, {"c": "é👩"}]}, True),
        ({"a": ["b", {"c": "\x00"}]}, False),
        ({"a": [{"\x00": 1}]}, False),
        (["\udc00"], False),
    ],
)
def test_checks_every_text(value: object, may: bool) -> None:  # noqa: FBT001
    assert arguments.can_be_kept(value) is may
