"""Streams in tests: what a server sends, and what is read of it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chats.engine.parts import (
    Finish,
    Json,
    ModelError,
    ModelEvent,
    ReasoningDelta,
    TextDelta,
    TextRetracted,
    ToolCallDone,
    UsageReport,
)
from chats.engine.reading.habits import Habit
from chats.engine.reading.stream import StreamReader


def tool(name: str, properties: Json, required: Sequence[str] = ()) -> Json:
    """Return a tool as it is offered."""
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"type": "function", "function": {"name": name, "parameters": schema}}


TOOLS: list[Json] = [
    tool(name, {argument: {"type": "string"}})
    for name, argument in (("request_handoff", "reason"), ("search_knowledge", "query"))
]
BY_EVENT = -1
DONE = b"data: [DONE]\n\n"


@dataclass
class Answer:
    """What was read; ``seen`` is every text that a customer saw at any time."""

    text: str = ""
    seen: str = ""
    reasoning: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    usage: UsageReport | None = None
    finish: str = ""
    error: str = ""
    words: str = ""
    pieces: list[str] = field(default_factory=list)

    def take(self, event: ModelEvent) -> None:
        """Take one event as a turn does."""
        match event:
            case TextDelta(text):
                self.text += text
                self.seen += text
                self.pieces.append(text)
            case ReasoningDelta(text):
                self.reasoning += text
            case TextRetracted():
                self.text = ""
            case ToolCallDone():
                self.calls.append((event.name, event.arguments))
                self.ids.append(event.id)
            case UsageReport():
                self.usage = event
            case Finish(reason):
                self.finish = reason


def event(value: Any) -> bytes:
    """Return a server-sent event with ``value`` as JSON."""
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def chunk(delta: Any, finish: Any = None, **more: Any) -> Json:
    """Return a chunk with one choice."""
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}


def cut(text: str, size: int) -> list[str]:
    """Return ``text`` in pieces of ``size`` code points."""
    return [text[start : start + size] for start in range(0, len(text), size)]


def texts(*texts: str, finish: str = "stop") -> bytes:
    """Return a whole stream that sends ``texts``."""
    said = b"".join(event(chunk({"content": text})) for text in texts)
    return said + event(chunk({}, finish)) + DONE


def read(
    data: bytes,
    *,
    size: int = 0,
    habit: Habit = Habit.UNKNOWN,
    tools: Sequence[Json] = TOOLS,
) -> Answer:
    """Return what is read of ``data``, which comes in pieces of ``size`` bytes.

    0 is for all at once, ``BY_EVENT`` for one event after the other.
    """
    reader = StreamReader(tools, habit)
    answer = Answer()
    step = size or max(len(data), 1)
    pieces = [data[start : start + step] for start in range(0, len(data), max(step, 1))]
    if size == BY_EVENT:
        pieces = re.split(rb"(?<=\n\n)", data)
    try:
        for piece in pieces:
            for one in reader.feed(piece):
                answer.take(one)
            if reader.is_done:
                break
        for one in reader.end():
            answer.take(one)
    except ModelError as error:
        recovered = [*reader.broken(), *(answered := reader.recovered(error))]
        for one in recovered:
            answer.take(one)
        answer.error = "" if answered else error.code
        answer.words = error.detail
    return answer
