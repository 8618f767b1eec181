"""Call YAML: tool calls in the few lines of YAML in which models write them."""

import re
from collections.abc import Set

from chats.engine.parts import Json
from chats.engine.reading.call_shapes import CallReader, Written
from chats.engine.reading.calls import tool_name
from chats.engine.reading.shapes import json_of

_LINE = re.compile(r"(?P<indent>[ ]*)(?:- )?(?P<key>[\w.-]+)[ ]*:[ ]*(?P<value>[^\n]*)")
_NAMES = ("name", "tool", "function", "tool_name", "action", "tool_call", "function_call")
_ARGUMENTS = frozenset({"arguments", "parameters", "args", "params", "input", "action_input"})


def begins_yaml(text: str, names: Set[str]) -> bool:
    """Return whether YAML may be a call, as far as it has come."""
    line, is_whole, _ = text.partition("\n")
    key, colon, value = line.removeprefix("- ").partition(":")
    keys = (*_NAMES, *names)
    if not colon:
        return not is_whole and any(one.startswith(key.strip()) for one in keys)
    name = value.strip(" \"'")
    if key.strip() in names or not name:
        return key.strip() in keys
    is_cut = not is_whole and any(one.startswith(name) for one in names)
    return key.strip() in _NAMES and (is_cut or name in names)


def yaml_calls(text: str, reader: CallReader) -> list[Written]:
    """Return the one call that YAML is; none if it holds anything else."""
    name = ""
    has_place = False
    arguments: Json = {}
    for line in text.strip("\n").split("\n"):
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            if line.strip():
                return []
            continue
        key, value = match["key"], match["value"].strip("\"'")
        if not name and key in reader.names:
            name = key
        elif not name and key in _NAMES:
            name = tool_name(value, reader.names)
        elif key not in _ARGUMENTS or value:
            arguments[key] = reader.typed(name, key, value)
        else:
            has_place = True
    is_call = name in reader.names and (has_place or reader.fits(name, arguments))
    return [Written(name, json_of(arguments))] if is_call else []
