"""Tools in words: for models that take no definitions of tools but can read and write.

What such a model writes between the tags is read as a call, like every call written as text.
"""

from collections.abc import Sequence

import orjson

from chats.engine import quoting
from chats.engine.parts import BLANK_LINE, Json

ORDER = (
    "You can use the tools that are listed between the tags <tools>. To use one, write nothing but "
    "its name and its arguments as JSON between tags, in this form, and wait for the result:\n"
    '<tool_call>\n{"name": "…", "arguments": {…}}\n</tool_call>'
)


def written(messages: Sequence[Json], tools: Sequence[Json]) -> list[Json]:
    """Return ``messages`` with calls and results as text, and with the ``tools`` described."""
    names = {
        call["id"]: call["function"]["name"]
        for message in messages
        for call in message.get("tool_calls") or ()
    }
    said = [_in_words(message, names) for message in messages]
    return _introduced(said, tools) if tools else said


def _in_words(message: Json, names: dict[str, str]) -> Json:
    if message.get("tool_calls"):
        calls = [_call(call) for call in message["tool_calls"]]
        texts = [message.get("content") or "", *calls]
        return {"role": "assistant", "content": "\n".join(text for text in texts if text)}
    if message.get("role") == "tool":
        name = names.get(message.get("tool_call_id", ""), "")
        text = f"{name}: {message.get('content') or ''}"
        return {"role": "user", "content": quoting.fenced(quoting.TOOL_RESULT, text)}
    return message


def _call(call: Json) -> str:
    function = call["function"]
    try:
        arguments = orjson.loads(function.get("arguments") or "{}")
    except orjson.JSONDecodeError:
        arguments = {}
    said = orjson.dumps({"name": function["name"], "arguments": arguments}).decode()
    return f"<tool_call>\n{said}\n</tool_call>"


def _introduced(messages: Sequence[Json], tools: Sequence[Json]) -> list[Json]:
    listed = "\n".join(orjson.dumps(tool["function"]).decode() for tool in tools)
    order = f"{ORDER}\n<tools>\n{listed}\n</tools>"
    if messages and messages[0].get("role") == "system":
        first = messages[0]
        content = f"{first['content']}{BLANK_LINE}{order}"
        return [{**first, "content": content}, *messages[1:]]
    return [{"role": "system", "content": order}, *messages]
