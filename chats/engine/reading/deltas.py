"""Pieces: what one JSON object of a stream adds to an answer, in whichever of the known shapes.

The shapes are those of OpenAI's chat completions as servers really send them, and beside them the
own ones of Ollama, Gemini and Anthropic, which some gateways let through.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from chats.engine.parts import Json
from chats.engine.reading.dialects import standard
from chats.engine.reading.faults import fault_in
from chats.engine.reading.shapes import number_of, object_of, objects_of, text_of

_REASONING = ("reasoning_content", "reasoning", "thinking", "reasoning_text", "thought")
_THOUGHT_TYPES = ("think", "reason", "thought")
_NO_TEXT = ("redacted", "encrypted", "tool", "function", "reference", "image", "audio")
_BESIDE = frozenset(
    {*_REASONING, "reasoning_details", "refusal", "tool_calls", "function_call", "extra_content"}
)
"""What a delta may hold beside its text."""
_OLLAMAS = frozenset({"model", "created_at", "message", "done"})
_OLLAMAS_MESSAGE = frozenset({"role", "content"})
_ANTHROPICS = frozenset({"type", "index", "delta"})
_OF_TEXT = frozenset({"type", "text"})


@dataclass(slots=True)
class Delta:
    """What one object adds; ``is_whole`` says that it holds a message rather than a part of it."""

    text: str = ""
    reasoning: str = ""
    calls: list[Json] = field(default_factory=list)
    finish: object = None
    is_known: bool = False
    is_whole: bool = False


def text_in(document: Json) -> str | None:
    """Return the text of the usual chunk, which holds at most its usage beside; None for others."""
    choices = document.get("choices")
    if choices is None:
        return _foreign_text(document)
    try:
        (choice,) = choices
        delta = choice["delta"]
        text = delta["content"]
    except (KeyError, TypeError, ValueError):
        return None
    is_more = choice.get("index") or choice.get("finish_reason") or document.get("error")
    if is_more or text.__class__ is not str or document.get("x_groq"):
        return None
    if len(delta) > 1 and _has_more(delta):
        return None
    return text_of(text)


def delta_of(document: Json) -> Delta:
    """Return what ``document`` adds to the first choice; other choices are left out.

    :raises ModelError: what the server says of the choice in place of it.
    """
    document = standard(document)
    choice = _choice(document)
    if choice is None:
        _require_none(document)
        return _foreign(document)
    _require_none(choice)
    delta = choice.get("delta")
    if isinstance(delta, dict):
        piece = _of_message(delta)
    elif isinstance(delta, str):
        piece = Delta(text_of(delta))
    elif "message" in choice:
        piece = _of_message(choice["message"])
        piece.is_whole = True
    else:
        piece = Delta(text_of(choice.get("text")))
    piece.finish = choice.get("finish_reason") or choice.get("stop_reason")
    if piece.finish and isinstance(delta, dict) and "message" in choice and not _says(piece):
        # The end of a stream that brought nothing may hold all of it.
        whole = _of_message(choice["message"])
        piece = Delta(whole.text, whole.reasoning, whole.calls, piece.finish, is_whole=True)
    piece.is_known = True
    return piece


def _has_more(delta: Json) -> bool:
    """Return whether a delta holds more than its text; many name what else it might hold."""
    for name in delta:  # noqa: SIM110 - a generator costs more than all else here
        if name in _BESIDE and delta[name]:
            return True
    return False


def _foreign_text(document: Json) -> str | None:
    """Return the text of the usual chunk of Ollama's own, or Anthropic's; None for any other."""
    text = None
    if document.get("done") is False and _OLLAMAS.issuperset(document):
        message = document.get("message")
        if message.__class__ is dict and _OLLAMAS_MESSAGE.issuperset(message):
            text = message.get("content")
    elif document.get("type") == "content_block_delta" and _ANTHROPICS.issuperset(document):
        delta = document.get("delta")
        if delta.__class__ is dict and delta.keys() == _OF_TEXT:
            text = delta["text"] if delta["type"] == "text_delta" else None
    return text_of(text) if text.__class__ is str else None


def _says(piece: Delta) -> bool:
    return bool(piece.text or piece.reasoning or piece.calls)


def _require_none(part: Json) -> None:
    """Raise the error that stands in ``part``, if one does."""
    if (part.get("error") or part.get("base_resp")) and (fault := fault_in(part)):
        raise fault


def _choice(document: Json) -> Json | None:
    """Return the first choice, an empty one for another, None where there are no choices."""
    choices = document.get("choices")
    if not choices:
        return None
    for choice in objects_of(choices):
        if not number_of(choice.get("index")):
            return choice
    return {}


def _of_message(message: object) -> Delta:
    """Return what a delta or a message holds."""
    if isinstance(message, str):
        return Delta(text_of(message))
    if not isinstance(message, dict):
        return Delta()
    texts: list[str] = []
    thoughts: list[str] = []
    for is_thought, text in _parts(message.get("content")):
        (thoughts if is_thought else texts).append(text)
    if _is_marked_thought(message):
        thoughts, texts = [*thoughts, *texts], []
    if not any(texts):
        texts.append(text_of(message.get("refusal")))
    beside = _reasoning(message)
    calls = objects_of(message.get("tool_calls"))
    calls += objects_of(message.get("function_call"))
    calls += _calls_in_parts(message.get("content"))
    return Delta("".join(texts), beside or "".join(thoughts), calls)


def _parts(content: object) -> Iterator[tuple[bool, str]]:
    """Yield whether each part of a content is a thought, and its text."""
    if isinstance(content, str):
        yield False, text_of(content)
    for part in content if isinstance(content, list) else objects_of(content):
        if isinstance(part, str):
            yield False, text_of(part)
        elif isinstance(part, dict):
            yield from _part(part)


def _part(part: Json) -> Iterator[tuple[bool, str]]:
    kind = text_of(part.get("type")).lower()
    if any(name in kind for name in _NO_TEXT):
        return
    is_thought = part.get("thought") is True or any(name in kind for name in _THOUGHT_TYPES)
    is_thought = is_thought or ("thinking" in part and "text" not in part)
    for name in ("thinking", "reasoning", "text", "refusal", "content", "summary"):
        value = part.get(name)
        if isinstance(value, dict):
            value = value.get("value")
        if isinstance(value, str):
            yield is_thought, text_of(value)
            return
        if isinstance(value, list) and value:
            for _, text in _parts(value):
                yield is_thought, text
            return


def _is_marked_thought(message: Json) -> bool:
    """Return whether Gemini says so of a delta that otherwise looks like the answer."""
    google = object_of(object_of(message.get("extra_content")).get("google"))
    return google.get("thought") is True


def _reasoning(message: Json) -> str:
    """Return the reasoning that stands beside the content; some servers send it twice."""
    for name in _REASONING:
        value = message.get(name)
        if value and (text := "".join(text for _, text in _parts(value))):
            return text
    details = message.get("reasoning_details")
    return "".join(text for _, text in _parts(details)) if details else ""


def _calls_in_parts(content: object) -> list[Json]:
    """Return the calls that Anthropic and Gemini put among the parts of a content."""
    if not isinstance(content, list):
        return []
    calls = []
    for part in objects_of(content):
        if part.get("type") == "tool_use":
            calls.append({**part, "arguments": part.get("input"), "index": None})
        elif called := object_of(part.get("functionCall")):
            calls.append({"name": called.get("name"), "arguments": called.get("args")})
    return calls


def _foreign(document: Json) -> Delta:
    """Return what an object without choices holds: of Ollama, Gemini, Anthropic, Cloudflare."""
    for candidate in objects_of(document.get("candidates"))[:1]:
        content = object_of(candidate.get("content"))
        piece = _of_message({"content": content.get("parts")})
        piece.finish = candidate.get("finishReason")
        piece.is_known = True
        return piece
    if isinstance(document.get("type"), str) and document["type"] != "message":
        return _event(document)
    message = document.get("message")
    if isinstance(message, dict) and "content" in message:
        piece = _of_message(message)
    elif "response" in document or "content" in document:
        piece = _of_message(
            {**document, "content": document.get("content", document.get("response"))}
        )
    else:
        return Delta()
    piece.is_known = True
    is_done = document.get("done")
    piece.is_whole = is_done is None
    piece.finish = document.get("stop_reason") or document.get("stopReason")
    piece.finish = piece.finish or (is_done and document.get("done_reason", "stop"))
    return piece


def _event(document: Json) -> Delta:
    """Return what one of Anthropic's own events holds."""
    delta = object_of(document.get("delta"))
    block = object_of(document.get("content_block"))
    piece = Delta(finish=delta.get("stop_reason"))
    piece.is_known = document["type"].startswith(("message", "content_block"))
    if block.get("type") == "tool_use":
        called = {"id": block.get("id"), "name": block.get("name")}
        piece.calls.append({**called, "index": document.get("index")})
    elif "partial_json" in delta:
        called = {"arguments": delta["partial_json"], "index": document.get("index")}
        piece.calls.append(called)
    else:
        for is_thought, text in _parts([delta or block]):
            if is_thought:
                piece.reasoning += text
            else:
                piece.text += text
    return piece
