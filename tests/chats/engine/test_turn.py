"""A turn: the model's text and tool calls, as the run keeps them."""

import pytest

from chats.engine.parts import (
    ReasoningDelta,
    Restarted,
    TextDelta,
    TextRetracted,
    ToolCallDone,
    UsageReport,
)
from chats.engine.turn import CUT, LONGEST_ID, MOST_REASONING, Turn
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


@pytest.mark.parametrize(
    ("before", "parts", "has_call", "text"),
    [
        ("", ["\n", "\n"], True, ""),
        ("", ["I look.", "\n", "\n"], True, "I look."),
        ("", [" I look.\n", "It is", " so.\n"], False, " I look.\nIt is so.\n"),
        ("I look.", ["\n\n", "\nIt is so."], False, "It is so."),
        ("", ["\n"], False, ""),
    ],
)
def test_shows_no_blanks_that_nothing_follows(
    tools: Box, journal: Recorded, before: str, parts: list[str], *, has_call: bool, text: str
) -> None:
    turn = Turn(before=before, room=100, tools=tools, journal=journal)
    for part in parts:
        turn.take(TextDelta(part))
    if has_call:
        turn.take(ToolCallDone("a", "search_knowledge", '{"query": "lamp"}'))
    assert turn.step(1).text == text
    assert journal.text == (f"\n\n{text}" if before and text else text)


def test_keeps_reasoning_apart_and_takes_back_what_was_none_of_the_answer(
    tools: Box, journal: Recorded
) -> None:
    turn = Turn(before="", room=100, tools=tools, journal=journal)
    for event in (TextDelta("secret"), TextRetracted(), ReasoningDelta("secret")):
        turn.take(event)
    for _ in range(3):
        turn.take(ReasoningDelta("x" * MOST_REASONING))
    turn.take(TextDelta("Yes."))
    step = turn.step(1)
    assert (step.text, journal.text) == ("Yes.", "Yes.")
    assert step.reasoning.startswith("secret")
    assert len(step.reasoning) == MOST_REASONING + len(CUT)
    assert "secret" not in str(step.messages())


def test_what_a_failed_attempt_thought_is_forgotten(tools: Box, journal: Recorded) -> None:
    turn = Turn(before="", room=100, tools=tools, journal=journal)
    thought = ReasoningDelta("secret " * (MOST_REASONING // 7))
    for event in (thought, UsageReport(9, 9), Restarted(), thought, TextDelta("Yes.")):
        turn.take(event)
    step = turn.step(1)
    assert (step.reasoning, step.text, step.usage) == (thought.text.strip(), "Yes.", None)
