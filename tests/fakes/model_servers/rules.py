"""Rules: what strict servers look at in a request, and when they say no."""

import re
from collections.abc import Callable, Collection, Iterator

import orjson

from tests.fakes.model_servers.refusals import Refusal, Words, openai
from tests.fakes.model_servers.script import text_of
from tests.fakes.model_servers.shapes import Json

Rule = Callable[[Json], Refusal | None]


def sane(body: Json) -> Refusal | None:
    """Refuse what every server refuses: a broken order of calls and results, ids that repeat."""
    if not body.get("messages") or not body.get("model") or body.get("stream") is not True:
        return openai("The request lacks its model, its messages or its stream.")
    open_ids: list[str] = []
    seen: set[str] = set()
    for message in body["messages"]:
        if message["role"] == "tool":
            if message.get("tool_call_id") not in open_ids:
                return openai("A message of role 'tool' must follow its call.")
            open_ids.remove(message["tool_call_id"])
        elif open_ids:
            return openai(f"No result of the calls {open_ids}.")
        for call in message.get("tool_calls") or ():
            if call["id"] in seen:
                return openai(f"The id {call['id']} is used twice.")
            seen.add(call["id"])
            open_ids.append(call["id"])
    return None


def without(name: str, say: Callable[[], Refusal]) -> Rule:
    """Refuse a parameter."""
    return lambda body: say() if name in body else None


def only(names: Collection[str], forbid: Words) -> Rule:
    """Refuse every parameter but these."""
    return lambda body: next((forbid(one) for one in body if one not in names), None)


def at_most(name: str, most: float, say: Callable[[], Refusal]) -> Rule:
    """Refuse a parameter above ``most``."""
    return lambda body: say() if (body.get(name) or 0) > most else None


def not_empty(say: Words, words: str) -> Rule:
    """Refuse a message without any text, unless it makes calls."""

    def rule(body: Json) -> Refusal | None:
        for at, message in enumerate(body["messages"]):
            is_silent = message["role"] == "assistant" and message.get("tool_calls")
            if not is_silent and not text_of(message).strip():
                return say(words.format(at=at))
        return None

    return rule


def with_content(say: Words, words: str) -> Rule:
    """Refuse a message whose content is null or missing, even if it makes calls."""

    def rule(body: Json) -> Refusal | None:
        for at, message in enumerate(body["messages"]):
            if message.get("content") is None:
                return say(words.format(at=at))
        return None

    return rule


def alternating(say: Words, words: str) -> Rule:
    """Refuse neighbours of one role, and an assistant in front, as strict templates do."""

    def rule(body: Json) -> Refusal | None:
        expected = "user"
        for role in _spoken(body):
            if role != expected:
                return say(words)
            expected = "assistant" if role == "user" else "user"
        return None

    return rule


def user_first(say: Words, words: str) -> Rule:
    """Refuse a conversation that the assistant begins."""
    return lambda body: say(words) if next(iter(_spoken(body)), "user") != "user" else None


def one_system_in_front(say: Words, words: str) -> Rule:
    """Refuse a system message anywhere but at the very front."""
    return lambda body: (
        say(words) if any(one["role"] == "system" for one in body["messages"][1:]) else None
    )


def no_system(say: Words, words: str) -> Rule:
    """Refuse every system message, as Gemma's older templates do."""
    return lambda body: (
        say(words) if any(one["role"] == "system" for one in body["messages"]) else None
    )


def user_last(say: Words, words: str) -> Rule:
    """Refuse a conversation whose last message is the assistant's."""
    return lambda body: (
        say(words.format(role=body["messages"][-1]["role"]))
        if body["messages"][-1]["role"] not in {"user", "tool"}
        else None
    )


def ids_like(pattern: str, say: Words, words: str) -> Rule:
    """Refuse ids of calls that are not in the server's own form."""
    form = re.compile(pattern)
    return lambda body: next(
        (say(words.format(id=one)) for one in _ids(body) if not form.fullmatch(one)), None
    )


def message_fields(names: Collection[str], say: Words, words: str) -> Rule:
    """Refuse a field of a message that is not one of ``names``."""

    def rule(body: Json) -> Refusal | None:
        for at, message in enumerate(body["messages"]):
            for name in message:
                if name not in names:
                    return say(words.format(at=at, name=name, role=message["role"]))
        return None

    return rule


def no_tools(say: Words, words: str) -> Rule:
    """Refuse tools, and messages that call them."""
    return lambda body: say(words) if body.get("tools") or any(_ids(body)) else None


def tools_beside_calls(say: Words, words: str) -> Rule:
    """Refuse messages with calls or results in a request that offers no tools."""
    return lambda body: say(words) if any(_ids(body)) and not body.get("tools") else None


def schemas_without(keywords: Collection[str], say: Words, words: str) -> Rule:
    """Refuse a tool whose schema holds one of ``keywords``."""

    def rule(body: Json) -> Refusal | None:
        for at, tool in enumerate(body.get("tools") or ()):
            for key in _keys(tool["function"].get("parameters")):
                if key in keywords:
                    return say(words.format(at=at, key=key))
        return None

    return rule


def calls_with(name: str, say: Words, words: str) -> Rule:
    """Refuse a call that comes back without the field ``name`` that it was given."""

    def rule(body: Json) -> Refusal | None:
        for message in body["messages"]:
            for call in message.get("tool_calls") or ():
                if not call.get(name):
                    return say(words.format(tool=call["function"]["name"]))
        return None

    return rule


def thoughts_with_calls(say: Words, words: str) -> Rule:
    """Refuse a message with calls that comes back without its reasoning."""

    def rule(body: Json) -> Refusal | None:
        for at, message in enumerate(body["messages"]):
            if message.get("tool_calls") and "reasoning_content" not in message:
                return say(words.format(at=at))
        return None

    return rule


def window(tokens: int, say: Words, words: str, *, is_answer_counted: bool = True) -> Rule:
    """Refuse more than ``tokens``, those of the answer included if they count."""

    def rule(body: Json) -> Refusal | None:
        prompt = tokens_of(body)
        answer = body.get("max_tokens") or body.get("max_completion_tokens") or 0
        total = prompt + (answer if is_answer_counted else 0)
        if total <= tokens:
            return None
        return say(words.format(window=tokens, prompt=prompt, answer=answer, total=total))

    return rule


def tokens_of(body: Json) -> int:
    """Return the tokens of a request's messages and tools, four signs to each."""
    return len(orjson.dumps([body["messages"], body.get("tools")])) // 4


def _spoken(body: Json) -> Iterator[str]:
    """Yield the roles that alternate: without the system's, calls and their results."""
    for message in body["messages"]:
        if message["role"] in {"user", "assistant"} and not message.get("tool_calls"):
            yield message["role"]


def _ids(body: Json) -> Iterator[str]:
    for message in body["messages"]:
        if "tool_call_id" in message:
            yield message["tool_call_id"]
        yield from (call["id"] for call in message.get("tool_calls") or ())


def _keys(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            yield from _keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _keys(value)
