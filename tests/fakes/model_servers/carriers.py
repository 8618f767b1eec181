"""Carriers: the fields and tags in which servers put reasoning and tool calls."""

from collections.abc import Callable, Sequence
from zlib import crc32

import orjson

from tests.fakes.model_servers.script import ToolCall
from tests.fakes.model_servers.shapes import Deltas, Json, letters, pieces

Thinking = Callable[[str], Deltas]
Calling = Callable[[Sequence[ToolCall]], Deltas]


def in_field(name: str, **extra: object) -> Thinking:
    """Reasoning in a field of the delta, beside which the content is as in ``extra``."""
    return lambda text: [{name: piece, **extra} for piece in pieces(text)]


def in_object(name: str) -> Thinking:
    """Reasoning in a field of the delta whose value is an object with the text."""
    return lambda text: [{name: {"text": piece}} for piece in pieces(text)]


def in_details(text: str) -> Deltas:
    """Reasoning twice: as a text, and as a list of details."""
    return [
        {
            "content": "",
            "reasoning": piece,
            "reasoning_details": [{"type": "reasoning.text", "text": piece, "index": 0}],
        }
        for piece in pieces(text)
    ]


def in_thinking_parts(text: str) -> Deltas:
    """Reasoning as parts of the content, as Mistral writes it."""
    return [
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": piece}]}]}
        for piece in pieces(text)
    ]


def in_summary_parts(text: str) -> Deltas:
    """Reasoning as parts of the content, as Databricks writes it."""
    return [
        {"content": [{"type": "reasoning", "summary": [{"type": "summary_text", "text": piece}]}]}
        for piece in pieces(text)
    ]


def in_tags(opening: str, closing: str, *, is_split: bool = False) -> Thinking:
    """Reasoning in the content, between two tags; split sign by sign if ``is_split``."""
    cut = letters if is_split else pieces
    return lambda text: [{"content": piece} for piece in cut(f"{opening}{text}{closing}")]


def _written(call: ToolCall) -> str:
    return orjson.dumps(call.arguments).decode()


def _numbered(calls: Sequence[ToolCall], form: str) -> list[tuple[int, str, ToolCall]]:
    """Number the calls; their ids hang on what they ask for, so none comes twice in a run."""
    return [
        (at, form.format(crc32(_written(call).encode()) % 9000), call)
        for at, call in enumerate(calls)
    ]


def in_fragments(form: str = "call_{:024d}", *, has_index: bool = True) -> Calling:
    """Calls in fragments: first the id and the name, then the arguments in pieces."""

    def deltas(calls: Sequence[ToolCall]) -> Deltas:
        found: Deltas = []
        for at, own, call in _numbered(calls, form):
            index = {"index": at} if has_index else {}
            function: Json = {"name": call.name, "arguments": ""}
            found.append(_calls({**index, "id": own, "type": "function", "function": function}))
            found += [
                _calls({**index, "function": {"arguments": piece}})
                for piece in pieces(_written(call).replace(":", ": "))
            ]
        return found

    return deltas


def whole(
    form: str = "call_{:024d}", *, index: int | None = None, extra: Json | None = None
) -> Calling:
    """Calls each whole in a delta of its own; all with the same ``index`` if one is given."""

    def deltas(calls: Sequence[ToolCall]) -> Deltas:
        return [
            _calls({"index": at if index is None else index, **_one(own, call), **(extra or {})})
            for at, own, call in _numbered(calls, form)
        ]

    return deltas


def together(form: str = "call_{:024d}", *, has_index: bool = True) -> Calling:
    """All calls in one delta."""

    def deltas(calls: Sequence[ToolCall]) -> Deltas:
        found = [
            {**({"index": at} if has_index else {}), **_one(own, call)}
            for at, own, call in _numbered(calls, form)
        ]
        return [{"role": "assistant", "content": None, "tool_calls": found}]

    return deltas


def with_an_id_in_each_fragment(form: str = "", *, later: str | None = None) -> Calling:
    """Fragments of index 0 that repeat the id, or have ``later`` in its place.

    Without a ``form`` the ids are numbers, which begin with 0 in every answer.
    """

    def deltas(calls: Sequence[ToolCall]) -> Deltas:
        found: Deltas = []
        for at, drawn, call in _numbered(calls, form):
            own = drawn or str(at)
            head = {"index": 0, "id": own, "type": "function"}
            found.append(_calls({**head, "function": {"name": call.name, "arguments": ""}}))
            rest = {**head, "id": own if later is None else later}
            found += [
                _calls({**rest, "function": {"name": None, "arguments": piece}})
                for piece in pieces(_written(call).replace(":", ": "))
            ]
        return found

    return deltas


def as_objects(calls: Sequence[ToolCall]) -> Deltas:
    """Calls whose arguments are an object, whose ids are numbers and who stand in no list."""
    return [
        {
            "tool_calls": {
                "index": at,
                "id": at + 1,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
        }
        for at, call in enumerate(calls)
    ]


def as_text(write: Callable[[Sequence[ToolCall]], str], *, is_split: bool = False) -> Calling:
    """Calls as a text in a line of its own of the content, split sign by sign if ``is_split``."""
    cut = letters if is_split else pieces
    return lambda calls: [{"content": piece} for piece in cut(f"\n{write(calls)}")]


def _one(own: str, call: ToolCall) -> Json:
    return {
        "id": own,
        "type": "function",
        "function": {"name": call.name, "arguments": _written(call)},
    }


def _calls(*calls: Json) -> Json:
    return {"tool_calls": list(calls)}
