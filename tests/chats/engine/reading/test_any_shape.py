"""Any shape: whatever a server sends ends in an answer or in an error of the model's."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.chats.engine.reading.streams import DONE, TOOLS, chunk, event, read

CALL = {"index": 0, "id": "a", "type": "function", "function": {"name": "find", "arguments": "{}"}}
STREAM: list[Any] = [
    chunk({"role": "assistant", "content": "", "reasoning_content": "hm"}),
    chunk({"content": "<think>so</think>Hello "}),
    chunk({"content": [{"type": "text", "text": "you."}], "reasoning_details": [{"text": "x"}]}),
    chunk({"tool_calls": [CALL], "function_call": {"name": "find", "arguments": "{}"}}),
    {"choices": [{"message": {"content": "x", "extra_content": {"google": {"thought": True}}}}]},
    {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "x"}, "index": 1},
    {"candidates": [{"content": {"parts": [{"text": "x", "functionCall": {"name": "f"}}]}}]},
    {"message": {"content": "x", "tool_calls": [CALL]}, "done": True, "eval_count": 3},
    {"error": {"message": "no", "code": 400, "metadata": {"raw": "x"}}},
    chunk({}, "stop", usage={"prompt_tokens": 1, "prompt_tokens_details": {"cached_tokens": 1}}),
    {"choices": [], "usage": {"input_tokens": 1, "cache_read_input_tokens": 2}, "x_groq": {}},
]
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
names = st.sampled_from(["text", "type", "id", "index", "name", "content", "function", "message"])
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of everything in ``value``."""
    if not isinstance(value, dict | list):
        return [path]
    found = [path] if path else []
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        found += places(one, (*path, key))
    return found


PLACES = [(number, path) for number, one in enumerate(STREAM) for path in places(one)]


def replaced(number: int, path: tuple[Any, ...], value: Any) -> list[Any]:
    """Return the stream with ``value`` at one place."""
    stream = deepcopy(STREAM)
    target = stream[number]
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return stream


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(PLACES),
    anything,
    st.integers(1, 200),
    st.sampled_from(["list", "body", "events"]),
)
def test_anything_at_any_place(
    place: tuple[int, tuple[Any, ...]], value: Any, size: int, shape: str
) -> None:
    number, path = place
    stream = replaced(number, path, value)
    first = [number, *(one for one in range(len(stream)) if one != number)]
    order = [stream[one] for one in first if one == number or "error" not in stream[one]]
    data = b"".join(map(event, order)) + DONE
    if shape != "events":
        data = json.dumps(order if shape == "list" else order[0], indent=2).encode()
    read(data, size=size)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"data:",
                b"\r",
                b"\n",
                b"{",
                b"}",
                b'"',
                b"[",
                b"]",
                b" ",
                b"x",
                b"\xef\xbb\xbf",
                b"event: error",
                b"1",
                b"[DONE]",
                b"\xff",
            ]
        ),
        max_size=40,
    ),
    st.integers(1, 9),
)
def test_any_bytes(parts: list[bytes], size: int) -> None:
    read(b"".join(parts), size=size)


MARKS = [
    "<think>",
    "</think>",
    "<tool_call>",
    "</tool_call>",
    "```",
    "```json\n",
    "\n",
    "`",
    "{",
    "}",
    '{"name": "request_handoff", "arguments": {"reason": "x"}}',
    "<|channel|>",
    "analysis",
    "<|message|>",
    "final",
    "commentary to=functions.search_knowledge ",
    "<|end|>",
    "[TOOL_CALLS]",
    "Hello. ",
    "[",
    "]",
    "<function=search_knowledge>",
    "</function>",
    "request_handoff(",
    ")",
    "<\uff5ctool\u2581calls\u2581begin\uff5c>",
    "functools",
    "<|im_end|>",
    " ",
    '{"name": "',
    "'",
    "\\",
    "<arg_key>",
    "\n\n",
    "~~~\n",
    "**",
    "Action: ",
    "Tool call:\n",
    "request_handoff",
    '(reason="x")',
    '{"reason": "x"}',
    "[TOOL_REQUEST]",
    "<tool>",
    "</tool>",
    "<search_knowledge>",
]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=14), st.integers(1, 12))
def test_a_text_is_read_alike_however_it_is_cut(marks: list[str], size: int) -> None:
    text = "".join(marks)
    data = b"".join(
        event(chunk({"content": text[n : n + size]})) for n in range(0, len(text), size)
    )
    whole = read(event(chunk({"content": text})) + event(chunk({}, "stop")) + DONE)
    cut = read(data + event(chunk({}, "stop")) + DONE, tools=TOOLS)
    assert (cut.text, cut.calls, cut.error) == (whole.text, whole.calls, whole.error)


def test_a_very_deep_chunk() -> None:
    deep = "[" * 900 + "]" * 900
    for name in ("content", "reasoning", "tool_calls", "reasoning_details"):
        read(f'data: {{"choices":[{{"delta":{{"{name}":{deep}}}}}]}}\n\n'.encode() + DONE)
        read(f'{{"error":{deep.replace("[", "[" * 5).replace("]", "]" * 5)}}}'.encode())
