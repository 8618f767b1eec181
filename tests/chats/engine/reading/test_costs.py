"""Costs: reading takes time in proportion to the length of what is read, whatever it is."""

import time
from collections.abc import Callable

import pytest

from chats.engine.reading.habits import Habit
from chats.engine.reading.written_calls import WrittenCalls
from tests.chats.engine.reading.streams import chunk, event, read, texts

MOST = 9
"""Times the cost of a text that four times as much may cost: 4 in proportion, 16 by the square."""
TRIES = 4
LENGTHS = (1500, 6000)


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


TEXTS = [
    "\n",
    " \n",
    "`{ ",
    "[{",
    "{ ",
    "[search_knowledge(",
    '{"arguments":"',
    '{"name":',
    '{"name":"',
    '{"name":"a"} ',
    "```json\n{}\n```\n",
    '```json\n{"name":',
    "~~~\n",
    "<tool_call>",
    "<tool_call></tool_call>",
    "<|im_end|>",
    "<|",
    "<invoke ",
    "<|channel|>commentary to=",
    "functools[",
    "\nrequest_handoff(",
    '\nrequest_handoff(reason="x")',
    "\nrequest_handoff {",
    "\nAction: request_handoff\n",
    "\n**",
    "\n```yaml\nname: ",
    "<tool>{",
    "<search_knowledge><a>",
    "{name: ",
    '{\\"name\\":',
]
BODIES = [
    "<arg_key>a",
    "<arg_key>a</arg_key>",
    "<arg_key>a</arg_key><arg_value>",
    '<invoke name="a',
    '<invoke name="a">',
    '<parameter name="a',
    "<parameter=a>",
    "<function=a>",
    "a{}",
    "a{b:<escape>",
    '{"name":\\"',
    "[[",
    "f(",
]
"""What stands between the tags of a call."""


@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_a_text_at_once(text: str) -> None:
    once, four_times = (texts(f"Hi there.{text * (length // len(text))}end") for length in LENGTHS)
    assert is_in_proportion(once, four_times)


@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_a_text_in_pieces(text: str) -> None:
    once, four_times = (
        texts("Hi there.", *(text * (length // len(text) + 1))[: length // 4], "end")
        for length in LENGTHS
    )
    assert is_in_proportion(once, four_times)


@pytest.mark.parametrize("text", BODIES, ids=repr)
def test_a_call_between_tags(text: str) -> None:
    once, four_times = (
        texts(f"<tool_call>{text * (length // len(text))}</tool_call>") for length in LENGTHS
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


def test_the_marks_in_a_text_are_sifted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    fed: list[str] = []
    sift = WrittenCalls.feed

    def feed(written: WrittenCalls, text: str) -> str:
        fed.append(text)
        return sift(written, text)

    monkeypatch.setattr(WrittenCalls, "feed", feed)
    text = "</answer>" * 100 + "end"
    assert read(texts(text), habit=Habit.SEPARATE).text == text
    assert len(fed) < 5
