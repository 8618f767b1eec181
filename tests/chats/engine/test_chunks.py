"""Reading chunks: what a completion may hold."""

import orjson
import pytest

from chats.engine.chunks import MOST_ARGUMENTS, MOST_CALLS, ChunkReader
from chats.engine.errors import ModelError


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


def test_calls_come_to_an_end() -> None:
    reader = ChunkReader()
    for index in range(MOST_CALLS):
        reader.read(chunk("{}", index))

    with pytest.raises(ModelError) as refusal:
        reader.read(chunk("{}", MOST_CALLS))
    assert refusal.value.code == "too_long"
