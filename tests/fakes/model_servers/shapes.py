"""Shapes: how a server writes what its model says, as the bytes of a stream."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.fakes.model_servers.script import Saying, ToolCall

Json = dict[str, Any]
Deltas = list[Json]
USAGE: Json = {
    "prompt_tokens": 120,
    "completion_tokens": 34,
    "total_tokens": 154,
    "prompt_tokens_details": {"cached_tokens": 64},
    "completion_tokens_details": {"reasoning_tokens": 12},
}
PLAIN_USAGE: Json = {"prompt_tokens": 120, "completion_tokens": 34, "total_tokens": 154}


def pieces(text: str) -> list[str]:
    """Return ``text`` as a model writes it: in tokens, each with the blank before it."""
    words = text.split(" ")
    return [words[0], *(f" {word}" for word in words[1:])] if text else []


def letters(text: str) -> list[str]:
    """Return ``text`` sign by sign."""
    return list(text)


def contents(text: str) -> Deltas:
    """Return ``text`` as deltas of content."""
    return [{"content": piece} for piece in pieces(text)]


@dataclass(frozen=True)
class Shape:
    """The form of a stream. Functions turn texts and calls into deltas."""

    first: Json | None = field(default_factory=lambda: {"role": "assistant", "content": ""})
    """The first delta, which carries the role alone."""
    thinks: Callable[[str], Deltas] | None = None
    """Deltas of the reasoning; none for a model that does not show any."""
    writes: Callable[[str], Deltas] = contents
    calls: Callable[[Sequence[ToolCall]], Deltas] | None = None
    """Deltas of tool calls; None for a server that has no tools."""
    finish_text: str | None = "stop"
    finish_calls: str | None = "tool_calls"
    is_finish_apart: bool = True
    """Whether the finish reason has a chunk of its own, not the last delta's."""
    usage: Json | None = field(default_factory=lambda: USAGE)
    usage_at: str = "own"
    """``own`` chunk without choices, the ``last`` chunk with the finish, or ``every`` chunk."""
    needs_asking_for_usage: bool = True
    top: Json = field(default_factory=lambda: {"object": "chat.completion.chunk", "created": 1})
    choice: Json = field(default_factory=lambda: {"index": 0, "logprobs": None})
    before: tuple[bytes, ...] = ()
    """Bytes in front of the first chunk, such as comments."""
    between: bytes = b""
    """Bytes in front of every other chunk."""
    newline: bytes = b"\n"
    prefix: bytes = b"data: "
    end: bytes = b"data: [DONE]\n\n"
    wraps: Callable[[Json], object] = dict
    """What stands in an event for a chunk."""
    as_json: Callable[[Saying], object] | None = None
    """A whole body in JSON in place of a stream."""

    def streamed(self, saying: Saying, body: Json) -> Iterator[bytes]:
        """Yield the bytes of the answer ``saying`` to the request ``body``, event by event."""
        if self.as_json:
            yield orjson.dumps(self.as_json(saying), option=orjson.OPT_INDENT_2)
            return
        yield from self.before
        for chunk in self._chunks(saying, has_usage=self._is_counted(body)):
            yield self.between + self._event(self.wraps(chunk))
        yield self.end.replace(b"\n", self.newline)

    def deltas(self, saying: Saying) -> Deltas:
        """Return all deltas of ``saying``."""
        found = [self.first] if self.first is not None else []
        if self.thinks and saying.reasoning:
            found += self.thinks(saying.reasoning)
        found += self.writes(saying.text) if saying.text else []
        if saying.calls and self.calls:
            found += self.calls(saying.calls)
        return found

    def _chunks(self, saying: Saying, *, has_usage: bool) -> Iterable[Json]:
        deltas = self.deltas(saying)
        finish = self.finish_calls if saying.calls else self.finish_text
        if self.is_finish_apart:
            deltas = [*deltas, {}]
        for number, delta in enumerate(deltas, start=1):
            is_last = number == len(deltas)
            chunk = self._chunk(delta, finish if is_last else None)
            if has_usage and (self.usage_at == "every" or (self.usage_at == "last" and is_last)):
                chunk["usage"] = self.usage
            yield chunk
        if has_usage and self.usage_at == "own":
            yield {"id": "chatcmpl-1", **self.top, "choices": [], "usage": self.usage}

    def _chunk(self, delta: Json, finish: str | None) -> Json:
        choice = {**self.choice, "delta": delta, "finish_reason": finish}
        return {"id": "chatcmpl-1", **self.top, "choices": [choice]}

    def _event(self, chunk: object) -> bytes:
        return self.prefix + orjson.dumps(chunk) + self.newline + self.newline

    def _is_counted(self, body: Json) -> bool:
        if self.usage is None:
            return False
        asked = (body.get("stream_options") or {}).get("include_usage")
        return bool(asked) or not self.needs_asking_for_usage
