"""Chunks: from the JSON of a streamed completion to the engine's events."""

import json
from dataclasses import dataclass, field

import orjson

from chats.engine.parts import Finish, Json, ModelError, ModelEvent, ToolCallDone, UsageReport

MOST_ARGUMENTS = 64_000
"""Characters of all tool calls' arguments in one completion."""
MOST_CALLS = 100
"""Tool calls in one completion."""


@dataclass
class _Fragments:
    """A tool call whose arguments still arrive."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class ChunkReader:
    """Reads the chunks of one completion; ``end`` returns the finish after the last one."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self.finish: str | None = None
        self._usage: UsageReport | None = None
        self._calls: dict[int, _Fragments] = {}
        self._length = 0

    def read(self, data: bytes) -> str:
        """Return the text that one chunk adds, empty if none.

        :raises ModelError: ``malformed``, ``too_long``, or what an error event says.
        """
        chunk = _parse(data)
        if error := chunk.get("error"):
            raise ModelError("unavailable", str(error)[:300], is_retryable=True)
        usage = chunk.get("usage")
        if usage and isinstance(usage, dict):
            self._usage = _usage(usage)
        choices = chunk.get("choices")
        if not choices:
            return ""
        choice = choices[0]
        self.finish = choice.get("finish_reason") or self.finish
        delta = choice.get("delta") or {}
        for fragment in delta.get("tool_calls") or ():
            self._add(fragment)
        return _clean(delta.get("content"))

    def end(self) -> list[ModelEvent]:
        """Return what follows the text: tool calls, usage and the finish.

        :raises ModelError: ``cut``, if there was no finish reason.
        """
        if self.finish is None:
            raise ModelError("cut", "the stream ended without a finish reason", is_retryable=True)
        events: list[ModelEvent] = [
            ToolCallDone(call.id or f"call_{index}", call.name, "".join(call.arguments))
            for index, call in sorted(self._calls.items())
        ]
        if self._usage:
            events.append(self._usage)
        return [*events, Finish(self.finish)]

    def _add(self, fragment: Json) -> None:
        index = fragment.get("index")
        call = self._calls.setdefault(len(self._calls) if index is None else index, _Fragments())
        function = fragment.get("function") or {}
        call.id = _clean(fragment.get("id")) or call.id
        call.name = _clean(function.get("name")) or call.name
        if arguments := _clean(function.get("arguments")):
            call.arguments.append(arguments)
            self._length += len(arguments)
        if self._length > MOST_ARGUMENTS or len(self._calls) > MOST_CALLS:
            raise ModelError("too_long", "the tool calls of a completion do not end")


def _clean(text: str | None) -> str:
    """Return ``text`` without NUL, which no database keeps."""
    return (text or "").replace("\x00", "")


def _parse(data: bytes) -> Json:
    try:
        chunk = orjson.loads(data)
    except orjson.JSONDecodeError:
        chunk = _parse_leniently(data)
    if not isinstance(chunk, dict):
        raise ModelError("malformed", "a chunk is no object", is_retryable=True)
    return chunk


def _parse_leniently(data: bytes) -> object:
    """Parse what orjson refuses though it is JSON: lone surrogates, which are dropped."""
    try:
        text = json.dumps(json.loads(data), ensure_ascii=False)
        return json.loads(text.encode("utf-8", "ignore"))
    except ValueError as error:
        raise ModelError("malformed", "a chunk is no JSON", is_retryable=True) from error


def _usage(usage: Json) -> UsageReport:
    return UsageReport.reported(
        input=usage.get("prompt_tokens"),
        output=usage.get("completion_tokens"),
        cached=_detail(usage, "prompt_tokens_details", "cached_tokens"),
        reasoning=_detail(usage, "completion_tokens_details", "reasoning_tokens"),
    )


def _detail(usage: Json, group: str, name: str) -> object:
    details = usage.get(group)
    return details.get(name) if isinstance(details, dict) else None
