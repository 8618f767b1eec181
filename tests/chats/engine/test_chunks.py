"""Reading chunks: what a completion may hold."""

import orjson
import pytest

from chats.engine.chunks import MOST_ARGUMENTS, MOST_CALLS, ChunkReader
from chats.engine.parts import ModelError, ToolCallDone


def chunk(arguments: str, index: int = 0) -> bytes:
    call = {"index": index, "function": {"name": "search_knowledge", "arguments": arguments}}
    return orjson.dumps({"choices": [{"delta": {"tool_calls": [call]}}]})


def test_arguments_come_to_an_end() -> None:
    reader = ChunkReader()
    piece = "x" * 1000
    for _ in range(MOST_ARGUMENTS // len(piece)):
        reader.read(chunk(piece))

    with pytest.raises(ModelError) as refusal:
        reader.read(chunk("x"))
    assert refusal.value.code == "too_long"


def test_drops_what_no_database_keeps() -> None:
    reader = ChunkReader()
    function = {"name": "search\x00_knowledge", "arguments": "{}\x00"}
    call = {"index": 0, "id": "a\x00", "function": function}
    choice = {"delta": {"tool_calls": [call]}, "finish_reason": "tool_calls"}
    reader.read(orjson.dumps({"choices": [choice]}))
    assert reader.end()[0] == ToolCallDone("a", "search_knowledge", "{}")


def test_calls_come_to_an_end() -> None:
    reader = ChunkReader()
    for index in range(MOST_CALLS):
        reader.read(chunk("{}", index))

    with pytest.raises(ModelError) as refusal:
        reader.read(chunk("{}", MOST_CALLS))
    assert refusal.value.code == "too_long"
