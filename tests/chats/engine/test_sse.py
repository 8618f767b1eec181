"""Server-sent events, cut anywhere."""

import pytest

from chats.engine.chunks import ChunkReader
from chats.engine.parts import ModelError
from chats.engine.sse import SseReader

STREAM = b": hello\r\n\r\ndata: one\n\ndata:two\r\ndata: three\r\n\r\nevent: x\ndata: [DONE]\n\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_reads_pieces_of_any_size(size: int) -> None:
    reader = SseReader()
    found = []
    for start in range(0, len(STREAM), size):
        found += reader.feed(STREAM[start : start + size])
    assert found == [b"one", b"two\nthree", b"[DONE]"]


def test_gives_a_last_event_that_nothing_closed() -> None:
    reader = SseReader()
    assert reader.feed(b"data: end") == []
    assert reader.rest() == [b"end"]


def test_joins_the_fragments_of_calls() -> None:
    reader = ChunkReader()
    reader.read(
        b'{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":'
        b'{"name":"find","arguments":"{\\"q\\""}}]}}]}'
    )
    reader.read(
        b'{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":": 1}"}}]},'
        b'"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":2,'
        b'"prompt_tokens_details":{"cached_tokens":3}}}'
    )
    call, usage, finish = reader.end()
    assert call.arguments == '{"q": 1}'  # type: ignore[union-attr]
    assert usage.cached == 3  # type: ignore[union-attr]
    assert finish.reason == "tool_calls"  # type: ignore[union-attr]


def test_drops_what_no_database_takes() -> None:
    reader = ChunkReader()
    assert reader.read(b'{"choices":[{"delta":{"content":"a\\u0000b\\ud800c"}}]}') == "abc"


def test_refuses_an_end_without_a_finish_reason() -> None:
    reader = ChunkReader()
    reader.read(b'{"choices":[{"delta":{"content":"a"}}]}')
    with pytest.raises(ModelError):
        reader.end()
