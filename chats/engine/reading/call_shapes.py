"""Call shapes: tool calls in JSON and in Python, whatever models call their parts."""

import ast
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import repeat
from json import JSONDecoder

import orjson

from chats.engine.parts import Json
from chats.engine.reading.calls import tool_name
from chats.engine.reading.shapes import json_of, object_of, text_of

LONGEST = 64_000
"""Characters of one call that is written as text."""
_LISTS = ("tool_calls", "tool_uses", "function_calls", "calls")
_LISTS_OF_CALLS = frozenset(_LISTS)
_INNER = ("tool_call", "function_call", "function", "call")
_NAMES = ("name", "function", "tool", "tool_name", "function_name", "action", "recipient_name")
_ARGUMENTS = (
    "arguments",
    "parameters",
    "args",
    "params",
    "input",
    "action_input",
    "tool_input",
    "kwargs",
)
_PLACES = frozenset(_ARGUMENTS)
_SURE = frozenset({"arguments", "parameters", "args"})
"""What beside a name makes an object a call, whether or not there is such a tool."""
_BESIDE = frozenset({"id", "type", "index", "call_id", "tool_call_id", "content", "role"})
_THOUGHTS = ("thought", "thoughts", "thinking", "reasoning")
KEYS = frozenset({*_LISTS, *_INNER, *_NAMES, *_ARGUMENTS, *_BESIDE, *_THOUGHTS} - {"index"})
"""Keys with which a call may begin."""

_ESCAPED = re.compile(r'\[?\s*\{\s*\\"')
_KEY = re.compile(
    r"""\"(?:[^\"\\]|\\.)*+(?:\"|\Z)|'(?:[^'\\]|\\.)*+(?:'|\Z)"""
    r"|(?P<before>[{,]\s*+)(?P<key>[A-Za-z_]\w*+)\s*+:",
    re.DOTALL,
)
"""Texts, and keys without quotation marks."""
_CONSTANTS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Written:
    """A call that a model wrote; ``arguments`` is JSON or what stands in its place."""

    name: str
    arguments: str


class CallReader:
    """Finds calls in values; ``tools`` are the offered ones with the schemas of their arguments."""

    def __init__(self, tools: Mapping[str, Json], *, is_sure: bool = False) -> None:
        """Know the ``tools``; ``is_sure`` where marks of calls stand around the values."""
        self.tools = tools
        self._is_sure = is_sure

    @property
    def sure(self) -> "CallReader":
        """A reader of what marks of calls stand around."""
        return CallReader(self.tools, is_sure=True)

    @property
    def names(self) -> Set[str]:
        """The names of the tools."""
        return self.tools.keys()

    def fits(self, tool: str, arguments: object) -> bool:
        """Return whether ``arguments`` may be those of a tool, and not data that is named so."""
        schema = self.tools.get(tool, {})
        if self._is_sure or not isinstance(arguments, dict):
            return True
        if not arguments:
            return not schema.get("required")
        return "properties" not in schema or not self._properties(tool).keys().isdisjoint(arguments)

    def calls_of(self, value: object) -> list[Written]:
        """Return the calls that ``value`` is; none if any part of it is something else."""
        if isinstance(value, list):
            found = [self.calls_of(one) for one in value]
            return [call for calls in found for call in calls] if all(found) else []
        if not isinstance(value, dict) or not value:
            return []
        inner = _inner(value)
        if inner is not None:
            return self.calls_of(inner)
        return self._named(value) or self._keyed(value)

    def said_beside(self, value: object) -> str:
        """Return the answer that stands beside the calls in ``value``."""
        if isinstance(value, dict) and not _LISTS_OF_CALLS.isdisjoint(value):
            return text_of(value.get("content"))
        return ""

    def from_text(self, text: str) -> list[Written]:
        """Return the calls in ``text``: JSON values one behind the other, or Python."""
        values = values_in(text)
        if values:
            return self.calls_of(values)
        return self._python(text)

    def typed(self, tool: str, name: str, text: str) -> object:
        """Return an argument that was written without quotation marks, in the schema's type."""
        schema = self._properties(tool).get(name)
        if isinstance(schema, dict) and schema.get("type") == "string":
            return text
        try:
            value: object = orjson.loads(text)
        except orjson.JSONDecodeError:
            return {"True": True, "False": False, "None": None}.get(text, text)
        return value

    def _named(self, value: Json) -> list[Written]:
        key = next((key for key in _NAMES if text_of(value.get(key)).strip()), None)
        if key is None:
            return []
        name = tool_name(text_of(value[key]), self.names)
        place = next((one for one in _ARGUMENTS if one in value and one != key), None)
        rest = {one: value[one] for one in value if one not in {key, place} | _BESIDE}
        if name in self.names:
            if place is None and not self.fits(name, rest):
                return []
            arguments = rest if place is None else value[place]
            return [Written(name, json_of(arguments) or "{}")]
        is_call = place in _SURE and not rest and key != "action"
        if is_call and isinstance(value[place or ""], dict | str | list | None):
            return [Written(name, json_of(value[place or ""]) or "{}")]
        return []

    def _keyed(self, value: Json) -> list[Written]:
        """Return the call in an object whose only key is the tool's name."""
        (key, arguments), *more = value.items()
        if more or key not in self.names or not isinstance(arguments, dict):
            return []
        if not self.fits(key, arguments):
            return []
        return [Written(key, json_of(arguments))]

    def _python(self, text: str) -> list[Written]:
        """Return the calls in Python code that does nothing else: ``search(query="lamp")``."""
        text = text.strip()
        if "(" not in text or len(text) > LONGEST:
            return []
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return []
        found: list[Written] = []
        for statement in body:
            if not isinstance(statement, ast.Expr):
                return []
            value = statement.value
            for node in value.elts if isinstance(value, ast.List | ast.Tuple) else [value]:
                call = self._python_call(node)
                if call is None:
                    return []
                found.append(call)
        return found

    def _python_call(self, node: ast.expr) -> Written | None:
        if not isinstance(node, ast.Call):
            return None
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        name = function.id if isinstance(function, ast.Name) else name
        if name == "print" and len(node.args) == 1:
            return self._python_call(node.args[0])
        if name == "call" and isinstance(function, ast.Attribute):
            name = function.value.id if isinstance(function.value, ast.Name) else name
        given = self._given(tool_name(name, self.names), node)
        return None if given is None else Written(tool_name(name, self.names), json_of(given))

    def _given(self, tool: str, node: ast.Call) -> object:
        """Return the arguments of a call in Python, None if it is no call of the tool."""
        places = list(self._properties(tool))
        if tool not in self.names or len(node.args) > len(places):
            return None
        given = dict(zip(places, node.args, strict=False))
        given |= {one.arg: one.value for one in node.keywords if one.arg}
        is_object = len(given) == len(node.args) == 1 and isinstance(node.args[0], ast.Dict)
        try:
            pairs = {key: _literal(value) for key, value in given.items()}
        except (ValueError, TypeError, RecursionError, MemoryError):
            return None
        given_object = pairs[places[0]] if is_object else pairs
        is_typed = is_object or all(map(self._is_text, repeat(tool), places, node.args))
        return given_object if is_typed and self.fits(tool, given_object) else None

    def _is_text(self, tool: str, name: str, value: ast.expr) -> bool:
        """Return whether a text is given where the tool wants one: ``[search(1)]`` is a note."""
        wanted = object_of(self._properties(tool).get(name)).get("type")
        is_number = isinstance(value, ast.Constant) and isinstance(value.value, int | float)
        return self._is_sure or wanted != "string" or not is_number

    def _properties(self, tool: str) -> Json:
        return object_of(self.tools.get(tool, {}).get("properties"))


def _inner(value: Json) -> object:
    """Return the calls that an object only wraps, perhaps with the arguments beside the name."""
    for key in (*_LISTS, *_INNER):
        inner, beside = value.get(key), value.keys() - {key} - _BESIDE
        if not isinstance(inner, list if key in _LISTS else dict):
            continue
        if not beside:
            return inner
        if isinstance(inner, dict) and beside <= _PLACES and not inner.keys() & _PLACES:
            return {**value, key: "", **inner}
    return None


def values_in(text: str) -> list[object]:
    """Return the JSON values of which ``text`` consists, empty if it holds anything else."""
    text = text.strip()
    decoder = JSONDecoder(strict=False)
    found: list[object] = []
    place = 0
    try:
        while place < len(text):
            value, place = decoder.raw_decode(text, place)
            found.append(value)
            while place < len(text) and text[place] in " \t\r\n,;":
                place += 1
    except (ValueError, RecursionError):
        return _quoted_otherwise(text)
    return found


def first_value(text: str) -> tuple[object, int] | None:
    """Return the JSON value with which ``text`` begins and where it ends; None if there is none."""
    try:
        value, end = JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return value, end


def _literal(node: ast.expr) -> object:
    """Return the value of an argument; models write those of JSON as well."""
    if isinstance(node, ast.Name) and node.id in _CONSTANTS:
        return _CONSTANTS[node.id]
    return ast.literal_eval(node)


def _quoted_otherwise(text: str) -> list[object]:
    """Return what is an object though no JSON: single quotes, bare keys, None, or it is escaped."""
    if not text.startswith(("{", "[")) or len(text) > LONGEST:
        return []
    if _ESCAPED.match(text):
        text = text.replace('\\"', '"').replace("\\\\", "\\")
    for one in (text, _KEY.sub(_quoted_key, text)):
        try:
            return [orjson.loads(one)]
        except orjson.JSONDecodeError:
            pass
        try:
            return [_literal(ast.parse(one, mode="eval").body)]
        except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
            continue
    return []


def _quoted_key(match: re.Match[str]) -> str:
    return f'{match["before"]}"{match["key"]}":' if match["key"] else match[0]
