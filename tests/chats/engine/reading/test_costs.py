"""Costs: reading takes time in proportion to the length of what is read, whatever it is."""

import time
from collections.abc import Callable

import pytest

from tests.chats.engine.reading.streams import chunk, cut, event, read, texts

MOST = 9
"""Times the cost of a text that four times as much may cost: 4 in proportion, 16 by the square."""
TRIES = 4


def seconds(act: Callable[[], object]) -> float:
    """Return the seconds of this thread that ``act`` takes."""
    start = time.thread_time()
    act()
    return time.thread_time() - start


def is_in_proportion(once: bytes, four_times: bytes) -> bool:
    """Return whether reading four times as much costs about four times as much."""
    for _ in range(TRIES):
        small = seconds(lambda: read(once))
        if seconds(lambda: read(four_times)) < MOST * small + 0.005:
            return True
    return False


@pytest.mark.parametrize(
    ("text", "times"),
    [("\n", 400), (" \n", 400)],
    ids=repr,
)
def test_a_text_at_once(text: str, times: int) -> None:
    once, four_times = (texts("Hi there." + text * count + "end") for count in (times, 4 * times))
    assert is_in_proportion(once, four_times)


@pytest.mark.parametrize(
    ("text", "size", "times"),
    [("\n", 1, 100), ("\n\n", 2, 400)],
    ids=repr,
)
def test_a_text_in_pieces(text: str, size: int, times: int) -> None:
    once, four_times = (
        texts("Hi there.", *cut(text * count, size), "end") for count in (times, 4 * times)
    )
    assert is_in_proportion(once, four_times)


@pytest.mark.parametrize("text", ["x", "}", '"', "{", "{}"])
def test_arguments_in_pieces(text: str) -> None:
    def stream(times: int) -> bytes:
        function = {"name": "search_knowledge", "arguments": text}
        piece = event(chunk({"tool_calls": [{"index": 0, "function": function}]}))
        function["arguments"] = '{"query":"'
        return event(chunk({"tool_calls": [{"index": 0, "function": function}]})) + piece * times

    assert is_in_proportion(stream(500), stream(2000))
