"""Dialects: objects of other interfaces than chat completions, put into the form of those.

They come from gateways that let their providers' own forms through, some wrapped once more.
"""

from collections.abc import Callable

from chats.engine.parts import Json
from chats.engine.reading.shapes import object_of, objects_of, text_of

_WRAPS = ("result", "data", "output")
_WRAPPED = frozenset({"choices", "candidates", "response", "message"})
_COHERES = ("message-", "content-", "tool-")
_CONVERSES = ("contentBlockDelta", "contentBlockStart", "messageStop", "messageStart")
_TEXTS = {"output_text.delta": "content", "refusal.delta": "content"}


def standard(document: Json) -> Json:
    """Return ``document`` in the form of chat completions where it is of a known dialect."""
    if document.get("choices"):
        return document
    document = _unwrapped(document)
    read = next((read for is_known, read in _DIALECTS if is_known(document)), None)
    return read(document) if read else document


def _unwrapped(document: Json) -> Json:
    """Return what a gateway has wrapped into an object of its own."""
    for name in _WRAPS:
        inner = object_of(document.get(name))
        if not _WRAPPED.isdisjoint(inner):
            return {**document, **inner}
        if name == "output" and isinstance(inner.get("text"), str):
            return _whole({"content": inner["text"]}, inner.get("finish_reason"), document)
    return document


def _part(delta: Json, finish: object = None, **more: object) -> Json:
    return {"choices": [{"delta": delta, "finish_reason": finish}], **more}


def _whole(message: Json, finish: object, around: Json) -> Json:
    choice = {"message": message, "finish_reason": finish}
    return {"choices": [choice], "usage": around.get("usage")}


def _of_event(document: Json) -> Json:
    """Return an event of OpenAI's responses."""
    kind = document["type"].removeprefix("response.")
    response, item = object_of(document.get("response")), object_of(document.get("item"))
    if kind == "failed":
        error = response.get("error") or "the response failed"
        return {"choices": [{"delta": {}, "error": error}]}
    if kind in {"completed", "incomplete"}:
        return _part({}, _end_of(response), usage=response.get("usage"))
    call: Json | None = None
    if kind == "function_call_arguments.delta":
        call = {"function": {"arguments": document.get("delta")}}
    elif kind == "output_item.added" and item.get("type") == "function_call":
        call = {"id": item.get("call_id"), "function": {"name": item.get("name")}}
    if call:
        return _part({"tool_calls": [{**call, "index": document.get("output_index")}]})
    is_thought = "reasoning" in kind and kind.endswith(".delta")
    name = "reasoning" if is_thought else _TEXTS.get(kind)
    return _part({name: document.get("delta")} if name else {})


def _of_response(document: Json) -> Json:
    """Return a whole response of OpenAI's."""
    content: list[object] = []
    calls = []
    for item in objects_of(document.get("output")):
        if item.get("type") == "function_call":
            function = {"name": item.get("name"), "arguments": item.get("arguments")}
            calls.append({"id": item.get("call_id"), "function": function})
        elif item.get("type") == "message":
            content += objects_of(item.get("content"))
    return _whole({"content": content, "tool_calls": calls}, _end_of(document), document)


def _end_of(response: Json) -> object:
    details = object_of(response.get("incomplete_details"))
    return details.get("reason") or response.get("status") or "stop"


def _of_cohere(document: Json) -> Json:
    """Return an event of Cohere's second interface."""
    delta = object_of(document.get("delta"))
    message = dict(object_of(delta.get("message")))
    if plan := message.pop("tool_plan", None):
        message["reasoning"] = plan
    calls = objects_of(message.get("tool_calls"))
    message["tool_calls"] = [{**call, "index": document.get("index")} for call in calls]
    usage = object_of(delta.get("usage"))
    return _part(message, delta.get("finish_reason"), usage=usage.get("tokens") or usage)


def _of_converse(document: Json) -> Json:
    """Return an event of Bedrock's Converse."""
    block = object_of(document.get("contentBlockDelta")) or object_of(
        document.get("contentBlockStart")
    )
    index = block.get("contentBlockIndex")
    delta, start = object_of(block.get("delta")), object_of(block.get("start"))
    message: Json = {"content": delta.get("text")}
    if thought := object_of(delta.get("reasoningContent")):
        message["reasoning"] = thought.get("text")
    if called := object_of(start.get("toolUse")) or object_of(delta.get("toolUse")):
        function = {"name": called.get("name"), "arguments": called.get("input")}
        call = {"index": index, "id": called.get("toolUseId"), "function": function}
        message["tool_calls"] = [call]
    finish = object_of(document.get("messageStop")).get("stopReason")
    return _part(message, finish, usage=object_of(document.get("metadata")).get("usage"))


def _of_generation(document: Json) -> Json:
    """Return a token or the whole text of TGI's own interface."""
    token, text = document.get("token"), document.get("generated_text")
    end = object_of(document.get("details")).get("finish_reason")
    finish = end or ("stop" if isinstance(text, str) else None)
    if not isinstance(token, dict):
        return _whole({"content": text}, finish, document)
    return _part({"content": "" if token.get("special") else token.get("text")}, finish)


def _is_response(document: Json) -> bool:
    return document.get("object") == "response"


def _is_event(document: Json) -> bool:
    return text_of(document.get("type")).startswith("response.")


def _is_cohere(document: Json) -> bool:
    return text_of(document.get("type")).startswith(_COHERES)


def _is_converse(document: Json) -> bool:
    is_usage = "usage" in object_of(document.get("metadata"))
    return is_usage or any(isinstance(document.get(name), dict) for name in _CONVERSES)


def _is_generation(document: Json) -> bool:
    return isinstance(document.get("token"), dict) or "generated_text" in document


_DIALECTS: tuple[tuple[Callable[[Json], bool], Callable[[Json], Json]], ...] = (
    (_is_event, _of_event),
    (_is_cohere, _of_cohere),
    (_is_response, _of_response),
    (_is_converse, _of_converse),
    (_is_generation, _of_generation),
)
