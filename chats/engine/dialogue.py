"""The dialogue: messages in the one order and form that every server takes.

The system's words first, then the user, then by turns; results right behind their calls; nothing
empty; the user or a tool last. What the beginning is made of never depends on what comes behind it,
so that servers find it in their caches from turn to turn.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from chats.engine.parts import BLANK_LINE, Json

BEGINNING = "The conversation begins with your team's message."
"""What stands for the user where nobody but the assistant has said anything yet."""
GO_ON = "Answer what the customer wrote last."
"""What stands for the user behind a message of a colleague that is not to be answered."""
COLLEAGUE = "[human colleague"
"""How the words of a colleague begin."""
OWN = "[you]: "
"""How the assistant's own words begin where they follow those of a colleague in one message."""
NO_RESULT = "There is no result."
NO_TEXT = "…"

LONGEST_NAME = 64
_ID_LENGTH = 9
_ID = re.compile(r"[A-Za-z0-9]{9}")
_ID_WITH_NAME = re.compile(r"functions\.[\w-]{1,40}:\d{1,4}")
"""The form of some models' ids, by which their templates count the calls."""
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
_SYSTEM = frozenset({"system", "developer"})


def strict(messages: Sequence[Json]) -> list[Json]:
    """Return ``messages`` as the strictest server takes them."""
    system = [_text_of(message) for message in messages if message.get("role") in _SYSTEM]
    said: list[Json] = []
    for message in _paired([one for one in messages if one.get("role") not in _SYSTEM]):
        _append(said, message)
    if not said or said[-1]["role"] == "assistant":
        _append(said, {"role": "user", "content": GO_ON if said else BEGINNING})
    if said[0]["role"] != "user":
        said.insert(0, {"role": "user", "content": BEGINNING})
    head = BLANK_LINE.join(text for text in system if text.strip())
    return [{"role": "system", "content": head}, *said] if head else said


def name_of(name: object) -> str:
    """Return the name of a tool in the signs that servers take."""
    return _NOT_IN_NAMES.sub("_", str(name or ""))[:LONGEST_NAME] or "unknown"


def _append(said: list[Json], message: Json) -> None:
    """Add ``message``, or join it to a last one of the same role."""
    role = message["role"]
    if role != "tool" and said and said[-1]["role"] == role:
        last, content = said[-1], message["content"]
        if role == "assistant" and content and _is_colleagues(last) and not _is_colleagues(message):
            content = f"{OWN}{content}"
        said[-1] = {**last, **message, "content": _together(last["content"], content)}
        return
    if role == "user" and said and said[-1]["role"] == "tool":
        said.append({"role": "assistant", "content": NO_TEXT})
    said.append(message)


def _is_colleagues(message: Json) -> bool:
    """Return whether the last paragraphs of a message are those of a colleague."""
    text = message["content"]
    return (
        text.rfind(COLLEAGUE) > text.rfind(f"\n{OWN}") and f"\n{text}".find(f"\n{COLLEAGUE}") >= 0
    )


def _paired(messages: Sequence[Json]) -> Iterator[Json]:
    """Yield what says something, each call with its result behind it and an id of its own."""
    taken: set[str] = set()
    for index, message in enumerate(messages):
        role = message.get("role")
        if role == "assistant" and message.get("tool_calls"):
            results = _results(messages[index + 1 :])
            yield from _called(message, results, taken)
        elif role == "assistant":
            if text := _text_of(message):
                yield {"role": "assistant", "content": text}
        elif role != "tool" and (content := _content(message.get("content"))):
            yield {"role": "user", "content": content}


def _results(following: Sequence[Json]) -> dict[str, str]:
    """Return by id the results that stand right behind a message with calls."""
    results: dict[str, str] = {}
    for message in following:
        if message.get("role") != "tool":
            break
        results.setdefault(str(message.get("tool_call_id")), _text_of(message))
    return results


def _called(message: Json, results: dict[str, str], taken: set[str]) -> Iterator[Json]:
    """Yield a message with calls, and the results of all of them."""
    calls, answers = [], []
    for call in message["tool_calls"]:
        own = _own_id(str(call.get("id")), taken)
        function = call.get("function") or {}
        written = {
            "name": name_of(function.get("name")),
            "arguments": _arguments(function.get("arguments")),
        }
        kept = {"extra_content": call["extra_content"]} if call.get("extra_content") else {}
        calls.append({"id": own, "type": "function", "function": written, **kept})
        content = results.get(str(call.get("id")), "")
        result = content if content.strip() else NO_RESULT
        answers.append({"role": "tool", "tool_call_id": own, "content": result})
    yield {"role": "assistant", "content": _text_of(message), "tool_calls": calls}
    yield from answers


def _own_id(given: str, taken: set[str]) -> str:
    """Return the id ``given`` if it is free and strict servers take it, else one made from it."""
    own, number = given, 0
    while own in taken or not (_ID.fullmatch(own) or _ID_WITH_NAME.fullmatch(own)):
        digest = int.from_bytes(hashlib.sha256(f"{given} {number}".encode()).digest())
        own = "".join(_SIGNS[digest // 62**place % 62] for place in range(_ID_LENGTH))
        number += 1
    taken.add(own)
    return own


def _arguments(value: Any) -> str:
    """Return arguments as the text of a JSON object."""
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    return value if isinstance(value, str) and value.strip() else "{}"


def _text_of(message: Json) -> str:
    """Return the text of a message, empty where it is blank."""
    content = message.get("content")
    if isinstance(content, list):
        content = BLANK_LINE.join(_texts(content))
    return content if isinstance(content, str) and content.strip() else ""


def _content(content: Any) -> str | list[Json]:
    """Return what a user's message holds, without what is blank: plain text where that is all."""
    if not isinstance(content, list):
        return content if isinstance(content, str) and content.strip() else ""
    parts = [part for part in content if part.get("type") != "text" or part.get("text", "").strip()]
    if all(part.get("type") == "text" for part in parts):
        return BLANK_LINE.join(_texts(parts))
    return parts


def _texts(parts: Iterable[Json]) -> list[str]:
    texts = (part.get("text") for part in parts if part.get("type") == "text")
    return [text for text in texts if isinstance(text, str) and text.strip()]


def _together(one: str | list[Json], other: str | list[Json]) -> str | list[Json]:
    """Return the content of two messages as one."""
    if isinstance(one, str) and isinstance(other, str):
        return BLANK_LINE.join(text for text in (one, other) if text)
    return [*_parts(one), *_parts(other)]


def _parts(content: str | list[Json]) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content
