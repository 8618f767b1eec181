"""A turn: the model's text and tool calls, as the run keeps them."""

import pytest

from chats.engine.parts import ToolCallDone
from chats.engine.turn import LONGEST_ID, Turn
from tests.chats.engine.conftest import Box, Recorded

LONG = "call-" + "x" * 200


@pytest.mark.parametrize(
    "ids", [["a", "a", "a"], ["a", "a_2", "a"], [LONG], [f"{LONG}1", f"{LONG}2", f"{LONG}3"]]
)
def test_names_each_call_once_and_shortly(tools: Box, journal: Recorded, ids: list[str]) -> None:
    turn = Turn(before="", room=100, tools=tools, journal=journal)
    for identifier in ids:
        turn.take(ToolCallDone(identifier, "search_knowledge", '{"query": "lamp"}'))
    names = [call.id for call in turn.step(1).calls]
    assert names[0] == ids[0][:LONGEST_ID]
    assert len(set(names)) == len(ids)
    assert max(len(name) for name in names) <= LONGEST_ID
