"""The wire: completions and their chunks in OpenAI's form."""

from hashlib import sha1
from typing import Any

import orjson

from config.demo.model import tokens
from config.demo.model.brain import Reply
from config.demo.model.prompt import Prompt

Json = dict[str, Any]
CREATED = 1_760_000_000
DONE = b"data: [DONE]\n\n"
IMAGE_TOKENS = 85


def event(data: Json) -> bytes:
    """Return one server-sent event."""
    return b"data: " + orjson.dumps(data) + b"\n\n"


class Writer:
    """Writes one reply, as chunks or as a whole."""

    def __init__(self, prompt: Prompt, reply: Reply, most: int | None = None) -> None:
        """Write ``reply``, the answer to ``prompt``, in ``most`` tokens."""
        self._most = most
        seed = f"{prompt.model}{prompt.question}{len(prompt.results)}{prompt.characters}"
        self._digest = sha1(seed.encode(), usedforsecurity=False).hexdigest()
        self._prompt = prompt
        self._reply = reply

    @property
    def finish(self) -> str:
        """Why the reply ends."""
        is_cut = self._most is not None and len(self._all()) > self._most
        return "length" if is_cut else self._reply.finish

    def deltas(self) -> list[Json]:
        """Return the reply as deltas, a token each, as many as it may have."""
        return self._all()[: self._most]

    def _all(self) -> list[Json]:
        parts: list[Json] = [{"content": token} for token in tokens.split(self._reply.text)]
        for index, call in enumerate(self._reply.calls):
            head = {"index": index, "id": self._call_id(index), "type": "function"}
            parts.append(
                {"tool_calls": [{**head, "function": {"name": call.name, "arguments": ""}}]}
            )
            parts += [
                {"tool_calls": [{"index": index, "function": {"arguments": token}}]}
                for token in tokens.split(call.arguments)
            ]
        return parts

    def chunk(self, delta: Json, finish: str | None = None) -> Json:
        """Return a chunk that carries ``delta``."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def usage_chunk(self) -> Json:
        """Return the chunk that reports the usage."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": self.usage()}

    def completion(self) -> Json:
        """Return the whole reply as one object."""
        message: Json = {"role": "assistant", "content": self._reply.text or None}
        if self._reply.calls:
            message["tool_calls"] = [
                {
                    "id": self._call_id(index),
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for index, call in enumerate(self._reply.calls)
            ]
        choice = {"index": 0, "message": message, "finish_reason": self._reply.finish}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage()}

    def usage(self) -> Json:
        """Return what the request and the reply count in tokens."""
        prompt = self._prompt.characters // 4 + IMAGE_TOKENS * self._prompt.images + 1
        completion = len(self.deltas())
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": 0},
        }

    def _head(self, kind: str) -> Json:
        completion_id = f"chatcmpl-{self._digest[:24]}"
        return {
            "id": completion_id,
            "object": kind,
            "created": CREATED,
            "model": self._prompt.model,
        }

    def _call_id(self, index: int) -> str:
        return f"call_{self._digest[24:36]}{index}"
