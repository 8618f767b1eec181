"""Calls: whole tool calls from the fragments in which servers send them."""

from collections.abc import Set
from dataclasses import dataclass, field
from json import JSONDecoder
from secrets import token_hex

import orjson

from chats.engine.parts import Json, ModelError, ToolCallDone
from chats.engine.reading.braces import Braces
from chats.engine.reading.shapes import json_of, name_of, number_of, object_of, text_of

MOST_ARGUMENTS = 64_000
"""Characters of all tool calls' arguments in one completion."""
MOST_EXTRA = 64_000
"""Characters of JSON that a server may put beside the calls of one completion."""
LONGEST_NAME = 128
"""Characters that are kept of the name of a tool that there is not."""
MOST_CALLS = 100
"""Tool calls in one completion."""
_PREFIX = "functions."


@dataclass
class _Fragments:
    """A tool call whose arguments still arrive."""

    index: int | None
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)
    extra: Json = field(default_factory=dict)
    is_whole: bool = False
    """Whether the arguments are a whole object already."""
    _braces: Braces = field(default_factory=Braces)

    def add(self, arguments: str) -> None:
        """Take more of the arguments."""
        self.arguments.append(arguments)
        was_closed = self._braces.is_closed
        self._braces.feed(arguments)
        if self._braces.is_closed:
            self.is_whole = not was_closed and is_object("".join(self.arguments))

    @property
    def is_complete(self) -> bool:
        """Whether it is a whole call already."""
        return bool(self.name) and self.is_whole


class CallCollector:
    """Collects the fragments of calls.

    A fragment belongs to the call of its id, else of its index, else to the last one. It begins
    another call where that one is whole and it names a tool, or where it names another tool; a
    new id alone says nothing, since some servers make one for each fragment.
    """

    def __init__(self, offered: Set[str] = frozenset()) -> None:
        """Start with none; ``offered`` are the names of the tools that the model has."""
        self._offered = offered
        self._calls: list[_Fragments] = []
        self._length = 0
        self._extra_length = 0

    @property
    def has_any(self) -> bool:
        """Whether a call has begun."""
        return bool(self._calls)

    def add(self, fragment: Json) -> None:
        """Take one fragment.

        :raises ModelError: ``too_long``.
        """
        function = object_of(fragment.get("function")) or fragment
        id_ = name_of(fragment.get("id"))
        name = name_of(function.get("name")) or text_of(fragment.get("function"))
        name = name[: 2 * LONGEST_NAME]
        arguments = json_of(function.get("arguments", function.get("parameters")))
        index = number_of(fragment.get("index"))
        extra = self._extra_of(fragment)
        if extra and self._calls and not (id_ or name or arguments):
            self._calls[-1].extra |= extra
            return
        call = self._call_of(index, id_, name, arguments)
        if call is None:
            call = _Fragments(index)
            self._calls.append(call)
        call.id = call.id or id_
        call.extra |= extra
        call.name = self._named(call, name)
        if arguments:
            call.add(arguments)
            self._length += len(arguments)
        if self._length > MOST_ARGUMENTS or len(self._calls) > MOST_CALLS:
            raise ModelError("too_long", "the tool calls of a completion do not end")

    def whole(self) -> list[ToolCallDone]:
        """Return the calls in the order in which they began."""
        if all(call.index is not None for call in self._calls):
            self._calls.sort(key=lambda call: call.index or 0)
        done: list[ToolCallDone] = []
        for call in self._calls:
            arguments = "".join(call.arguments)
            if not call.name and not arguments:
                continue
            name = tool_name(call.name, self._offered)
            id_ = call.id or new_id()
            done += [ToolCallDone(id_, name, part, call.extra) for part in _separate(arguments)]
        return done

    def _extra_of(self, fragment: Json) -> Json:
        """Return what stands beside a call, nothing if it is too much."""
        extra = object_of(fragment.get("extra_content"))
        written = json_of(extra) if extra else ""
        self._extra_length += len(written)
        if not written or self._extra_length > MOST_EXTRA:
            return {}
        return object_of(orjson.loads(written))

    def _call_of(self, index: int | None, id_: str, name: str, arguments: str) -> _Fragments | None:
        """Return the call that a fragment continues, None where it begins one."""
        found = self._candidate(index, id_)
        if found is None:
            return None
        is_same = bool(id_) and found.id == id_ and found.index == index
        is_other = bool(id_) and bool(found.id) and found.id != id_
        if found.is_complete and is_other and (name or index is None):
            return None
        if found.is_complete and name and arguments and not is_same:
            return None
        if name and found.name and name != found.name and not self._is_split(found, name):
            return None
        return found

    def _candidate(self, index: int | None, id_: str) -> _Fragments | None:
        """Return the call that a fragment may belong to: by its id, its index, or as the last."""
        for call in reversed(self._calls):
            if id_ and call.id == id_ and (index == call.index or None in {index, call.index}):
                return call
        for call in reversed(self._calls):
            if index is not None and call.index == index:
                return call
        last = self._calls[-1] if self._calls else None
        if last and index is not None and (last.index is not None or id_):
            return None
        return last

    def _named(self, call: _Fragments, name: str) -> str:
        return call.name + name if self._is_split(call, name) else call.name or name

    def _is_split(self, call: _Fragments, name: str) -> bool:
        """Return whether ``name`` is the rest of a name that came in two fragments."""
        if not call.name or not name or call.arguments or call.name in self._offered:
            return False
        both = call.name + name
        return any(one.startswith(both) for one in self._offered)


def require_bounds(calls: list[ToolCallDone]) -> None:
    """Accept the calls of a completion, of all kinds together.

    :raises ModelError: ``too_long``.
    """
    length = sum(len(call.arguments) for call in calls)
    if len(calls) > MOST_CALLS or length > MOST_ARGUMENTS:
        raise ModelError("too_long", "the tool calls of a completion do not end")


def new_id() -> str:
    """Return an id for a call that came without one; servers want it once in a whole run."""
    return f"call_{token_hex(8)}"


def tool_name(name: str, offered: Set[str]) -> str:
    """Return the name of the tool that is meant, where a server leaves its own marks on it."""
    name = name[: 2 * LONGEST_NAME].partition("<|")[0].strip()
    if name in offered:
        return name
    bare = name.removeprefix(_PREFIX).partition(":")[0].strip()
    if bare in offered:
        return bare
    alike = [one for one in offered if _folded(one) == _folded(bare)]
    return alike[0] if len(alike) == 1 else name[:LONGEST_NAME]


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")


def is_object(text: str) -> bool:
    """Return whether ``text`` is an object in JSON, as the arguments of a call are."""
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False


def _separate(arguments: str) -> list[str]:
    """Return the arguments of each call, where several came as one: ``{…}{…}``.

    The same object twice is one call, an empty one before another is none; JSON that was packed
    into a text is unpacked.
    """
    text = arguments.strip()
    if text.startswith('"'):
        text = _unpacked(text)
    if not text.startswith("{") or is_object(text):
        return [text]
    decoder, found, place = JSONDecoder(), [], 0
    try:
        while place < len(text):
            _, end = decoder.raw_decode(text, place)
            found.append(text[place:end])
            place = end
            while place < len(text) and text[place].isspace():
                place += 1
    except (ValueError, RecursionError):
        return [text]
    distinct = dict.fromkeys(found)
    if len(distinct) > 1:
        distinct.pop("{}", None)
    return list(distinct)


def _unpacked(text: str) -> str:
    try:
        inner = text_of(orjson.loads(text))
    except orjson.JSONDecodeError:
        return text
    return inner if is_object(inner) else text
