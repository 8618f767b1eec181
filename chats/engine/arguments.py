"""Arguments: checks a tool call's arguments against the tool's schema."""

import re
from dataclasses import replace

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import orjson

from chats.engine.parts import Call, Json, ToolCallDone, ToolResult
from chats.engine.ports import Tools

UNKNOWN = "It is unknown whether this took effect. Do not repeat it."
"""The model's result of a call that began and whose end is unknown."""


_NOT_KEPT = re.compile(r"[\x00\ud800-\udfff]")


def checked(done: ToolCallDone, tools: Tools) -> Call:
    """Return the call that ``done`` requests; an impossible one carries its outcome already."""
    call = Call(done.id, done.name, done.arguments, extra=done.extra)
    schema = tools.schema(done.name)
    if schema is None:
        known = ", ".join(tool["function"]["name"] for tool in tools.definitions)
        return refused(call, f"There is no tool “{done.name}”. There are: {known or 'none'}.")
    arguments = _parsed(done.arguments)
    if arguments is None:
        return refused(call, "The arguments are no JSON object. Write them again as valid JSON.")
    if not can_be_kept(arguments):
        return refused(call, "The arguments hold a null character. Write them again without it.")
    approval = tools.needs_approval(done.name)
    call = replace(call, arguments=arguments, needs_approval=approval)
    why = why_not(arguments, schema)
    return refused(call, why) if why else call


def can_be_kept(value: object) -> bool:
    """Return whether no text in ``value`` holds NUL or a lone surrogate, as databases refuse."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(text) if _NOT_KEPT.search(text):
                return False
            case dict(items):
                waiting += [*items, *items.values()]
            case list(items):
                waiting += items
    return True


def why_not(arguments: Json, schema: Json) -> str:
    """Return why ``schema`` refuses ``arguments``; empty if it does not."""
    validator = jsonschema.Draft202012Validator(schema)
    errors = sorted(validator.iter_errors(arguments), key=lambda error: str(error.json_path))
    return "; ".join(f"{error.json_path}: {error.message}"[:300] for error in errors[:3])


def refused(call: Call, why: str) -> Call:
    """Return ``call`` with the outcome ``invalid`` and the reason ``why`` for the model."""
    return replace(call, needs_approval=False, outcome=ToolResult("invalid", problem(why)))


def problem(why: str) -> str:
    """Return a failure as JSON for the model."""
    return orjson.dumps({"error": why}).decode()


def outcome(words: str) -> str:
    """Return what came of a call as JSON for the model, where only people know it."""
    return orjson.dumps({"outcome": words}).decode()


def _parsed(raw: str) -> Json | None:
    try:
        value = orjson.loads(raw or "{}")
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
