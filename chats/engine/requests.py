"""Writing: the body of a request, as the model that is asked is known to take it."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from chats.engine import dialogue, quoting, schemas, textual, truncation
from chats.engine.context import BYTES_PER_TOKEN, RESERVE
from chats.engine.parts import BLANK_LINE, Json, ModelRequest
from chats.engine.traits import (
    AT_MOST,
    IMAGES,
    NO_IMAGES,
    NO_SYSTEM,
    NO_TOOLS,
    PLAIN_SCHEMAS,
    REASONED_CALLS,
    RENAMED,
    SCALE,
    SIGNED_CALLS,
    TOKENS,
    WINDOW,
    WITHOUT,
    Traits,
)

NOT_SEEN = "[An image that you cannot see; you do not know what is in it.]"
INSTRUCTIONS = "How you work. This is from your team, not from the customer."
_SHARE = 4
"""An answer may have that part of a window at least."""
_UNSIGNED = {"google": {"thought_signature": "skip_thought_signature_validator"}}
"""What stands for a signature that was not kept."""


@dataclass(frozen=True)
class Defaults:
    """What every request of a server carries: the limit of an answer, and what it calls it."""

    tokens: int
    tokens_name: str = TOKENS


def body_of(request: ModelRequest, traits: Traits, defaults: Defaults) -> Json:
    """Return the body of ``request``, without the model's name."""
    tools = _tools(request, traits)
    options = {name: value for name, value in request.options.items() if value is not None}
    body: Json = {"stream": True, "stream_options": {"include_usage": True}, **options}
    limit = body.pop(TOKENS, defaults.tokens)
    limit = int(min(limit, traits.number(AT_MOST, TOKENS) or limit))
    limit, messages = _within(_messages(request, traits), tools, limit, traits)
    if traits.has(NO_SYSTEM):
        messages = _without_system(messages)
    body["messages"] = [_called_back(message, traits) for message in dialogue.strict(messages)]
    body[traits.value(RENAMED, TOKENS) or defaults.tokens_name] = limit
    if tools:
        body["tools"] = tools
    return _lowered(_reduced(body, traits), traits)


def tokens_of(body: Json) -> int:
    """Estimate the tokens that the model reads of ``body``."""
    return truncation.tokens_of(body["messages"]) + _tokens_of_tools(body.get("tools") or ())


def _tools(request: ModelRequest, traits: Traits) -> list[Json]:
    """Return the definitions of tools, if the model takes any."""
    if traits.has(NO_TOOLS):
        return []
    if traits.has(PLAIN_SCHEMAS):
        return [schemas.plain(tool) for tool in request.tools]
    return list(request.tools)


def _messages(request: ModelRequest, traits: Traits) -> list[Json]:
    """Return the messages with words in the place of what the model does not take."""
    messages = list(request.messages)
    if traits.has(NO_TOOLS):
        messages = textual.written(messages, request.tools)
    return _seen(messages, traits)


def _seen(messages: Sequence[Json], traits: Traits) -> list[Json]:
    """Return ``messages`` with the newest images that the model sees, and words for others."""
    most = traits.number(AT_MOST, IMAGES)
    room = 0 if traits.has(NO_IMAGES) else 1000 if most is None else int(most)
    seen: list[Json] = []
    for message in reversed(messages):
        content = message.get("content")
        if not isinstance(content, list):
            seen.append(message)
            continue
        parts = []
        for part in reversed(content):
            is_image = part.get("type") == "image_url"
            parts.append(_part(part, is_seen=not is_image or room > 0))
            room -= is_image
        seen.append({**message, "content": parts[::-1]})
    return seen[::-1]


def _part(part: Json, *, is_seen: bool) -> Json:
    """Return a part as servers know it, or the words about an image that is not shown."""
    if not is_seen:
        words = str(part.get("words") or "")
        text = quoting.fenced(quoting.FILE, words) if words else NOT_SEEN
        return {"type": "text", "text": text}
    return {key: value for key, value in part.items() if key != "words"}


def _within(
    messages: list[Json], tools: Sequence[Json], limit: int, traits: Traits
) -> tuple[int, list[Json]]:
    """Return the limit of the answer and the messages, as they fit into the model's window."""
    window = traits.number(WINDOW)
    if window is None:
        return limit, messages
    scale = traits.number(SCALE) or 1.0
    room = int(window * (1 - RESERVE) / scale) - _tokens_of_tools(tools)
    spare = int((room - truncation.tokens_of(messages)) * scale)
    limit = max(min(limit, max(spare, int(window) // _SHARE)), 1)
    return limit, truncation.fitted(messages, max(room - int(limit / scale), 1))


def _tokens_of_tools(tools: Sequence[Json]) -> int:
    return len(orjson.dumps(tools)) // BYTES_PER_TOKEN if tools else 0


def _without_system(messages: Sequence[Json]) -> list[Json]:
    """Return ``messages`` with the system's words before those of the user, between tags."""
    words = [message["content"] for message in messages if message.get("role") == "system"]
    others = [message for message in messages if message.get("role") != "system"]
    if not words:
        return others
    text = f"{INSTRUCTIONS}\n{BLANK_LINE.join(words)}"
    # Its own words: defusing them would break the tags that they name.
    fenced = f"<{quoting.INSTRUCTIONS}>\n{text}\n</{quoting.INSTRUCTIONS}>"
    return [{"role": "user", "content": fenced}, *others]


def _called_back(message: Json, traits: Traits) -> Json:
    """Return a message with calls as their server wants them back."""
    if not message.get("tool_calls"):
        return message
    if traits.has(SIGNED_CALLS):
        calls = [{"extra_content": _UNSIGNED, **call} for call in message["tool_calls"]]
        message = {**message, "tool_calls": calls}
    return {**message, "reasoning_content": " "} if traits.has(REASONED_CALLS) else message


def _reduced(body: Json, traits: Traits) -> Json:
    """Return ``body`` without the parameters that the model refuses, by whichever name."""
    refused = set(traits.subjects(WITHOUT))
    if TOKENS in refused:
        refused.add(traits.value(RENAMED, TOKENS))
    if "stream" in refused:
        refused.add("stream_options")
    return {name: value for name, value in body.items() if name not in refused}


def _lowered(body: Json, traits: Traits) -> Json:
    """Return ``body`` with no number higher than the model takes."""
    for name in traits.subjects(AT_MOST):
        most, value = traits.number(AT_MOST, name), body.get(name)
        if most is not None and isinstance(value, int | float):
            body[name] = min(value, int(most) if isinstance(value, int) else most)
    return body
