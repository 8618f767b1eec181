"""Call markup: tool calls between the tags that models have for them."""

import re
from collections.abc import Set
from itertools import zip_longest

import orjson

from chats.engine.parts import Json
from chats.engine.reading.braces import Braces
from chats.engine.reading.call_shapes import CallReader, Written, first_value, values_in
from chats.engine.reading.calls import tool_name
from chats.engine.reading.shapes import json_of

SAME = str.maketrans({"\uff5c": "|", "\u2581": "_"})
"""DeepSeek's own signs in its tags, one for one."""
_SPACE = r"(?:[a-z]{1,20}:|longcat_)?"
_XML = rf"{_SPACE}(?:tool_?calls?|function_?calls?|tool[_-]use|tools|invoke)"
_PIPED = r"(?:dsml\|)?\s*(?:function_calls|tool_calls|invoke)"
_HEAD_OF_FUNCTION = r'<function[=/(:]\s*"?([\w.:-]+)"?(?:>|(?=[\s,=({\[)]))'
OPENING = re.compile(
    rf"<(?P<xml>{_XML})(?:\s[^<>]*)?>|(?P<function>{_HEAD_OF_FUNCTION})|<\|(?P<dsml>{_PIPED})(?:\s[^<>]*)?>"
    r"|<\|(?P<piped>tool_calls_section_begin|tool_calls?_begin|tool_call_start|tool_call|start_action)\|>"
    r"|(?P<pair>\[TOOL_REQUEST\]|<\|python_start\|>|<\|tools_prefix\|>|<\|action_start\|>"
    r"|<start_function_call>|<\|tool_call>|</?tool_response>|<\|observation\|>)"
    r"|<\|python_tag\|>|\[TOOL_CALLS\]"
    r"|(?:<\|start\|>\s*assistant|<\|channel\|>\s*(?:commentary|analysis))"
    r"(?=[^{]{0,80}\bto=)[^{]{0,160}?<\|message\|>",
    re.IGNORECASE,
)
"""What opens a call; in text whose signs are ``SAME``."""
PARTIAL = re.compile(
    r"(?:</?\|?[\w:|=.\-]{0,60}|</?\w[\w.:-]{0,63}\s[^<>]{0,200}"
    r"|<(?:\|dsml\|\s*)?(?:[\w:]*(?:invoke|call|calls|tool[_-]use))\s[^<>]{0,200}"
    r"|<function[=/(:]\s*\"?[\w.:-]{0,60}\"?"
    r"|\[\w{0,20}"
    r"|<\|(?:channel|start)\|>(?:(?!<\|message\|>)[^{]){0,160})\Z",
    re.IGNORECASE,
)
"""What may become an opening, as far as it has come."""
_SOFT = ("tool_code", "tool", "function", "action", "call")
_NAME = re.compile(r"<([\w.-]+)")
LEFT_OVER = re.compile(
    rf"</{_SPACE}(?:tool_?calls?|function_?calls?|tool_use|tools|invoke|function|tool|action)>"
    r"|</tool_code>|\[END_TOOL_REQUEST\]|<(?:\|python_end|tool_call|\|action_end|\|tools_suffix)\|>"
    r"|<end_function_call>|<\|(?:/tool_call|tool_calls?_end|tool_calls_section_end)\|>",
    re.IGNORECASE,
)
"""What closes a call that nothing opened."""
_PAIR_ENDS = {
    "[tool_request]": r"\[END_TOOL_REQUEST\]",
    "<|python_start|>": r"<\|python_end\|>",
    "<|tools_prefix|>": r"<\|tools_suffix\|>",
    "<|action_start|>": r"<\|action_end\|>",
    "<start_function_call>": r"<end_function_call>",
    "<|tool_call>": r"<tool_call\|>",
    "<tool_response>": r"</tool_response>",
    "</tool_response>": r"",
    "<|observation|>": r"<\|assistant\|>",
}
_RESULTS = ("tool_response>", "<|observation|>")
_PIPED_ENDS = {
    "tool_calls_section_begin": r"<\|tool_calls_section_end\|>",
    "tool_calls_begin": r"<\|tool_calls_end\|>",
    "tool_call_begin": r"<\|tool_call_end\|>",
    "tool_call_start": r"<\|tool_call_end\|>",
    "tool_call": r"<\|/tool_call\|>|</tool_call>",
    "start_action": r"<\|end_action\|>",
}
_END_OF_MESSAGE = r"<\|call\|>|<\|end\|>|<\|return\|>|(?=<\|start\|>)"
_END_OF_TURN = r"<\|e(?:om|ot)_id\|>"
_QUOTED = re.compile(r"(<escape>|<\|\"\|>)(.*?)(?:\1|\Z)", re.DOTALL)
"""How Google's models quote."""
_INVOKE = re.compile(
    r"<(?:\|dsml\|\s*|[a-z]{1,20}:)?invoke\s+name=[\"']?([^\"'<>]++)[^<>]*+>", re.IGNORECASE
)
_FUNCTION = re.compile(_HEAD_OF_FUNCTION, re.IGNORECASE)
_PARAMETER = re.compile(
    r"<(?:\|dsml\|\s*|[a-z]{1,20}:)?parameter(?:=|\s+name=)[\"']?([^\"'<> ]++)[^<>]*+>(.*?)"
    r"(?:</(?:\|dsml\|\s*|[a-z]{1,20}:)?parameter>"
    r"|(?=<(?:\|dsml\|\s*|[a-z]{1,20}:)?parameter\b)|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_PAIR = re.compile(
    r"<arg_key>([^<]*+)</arg_key>\s*+<arg_value>(.*?)(?:</arg_value>|(?=<arg_key>)|\Z)", re.DOTALL
)
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.-]*)>")
_GIVEN = re.compile(r"(?<=\s)([A-Za-z_]\w*+)\s*=\s*[\"']([^\"']*+)[\"']")
_HEAD = re.compile(r"\s*([\w.:-]+)\s*(?=<arg_key>|\Z)")
_ATTRIBUTE = re.compile(r"\bname=[\"']?([\w.:-]+)")
_ADDRESS = re.compile(r"\bto=([\w.:-]+)")
_SIGN = re.compile(r"<\|[^<>|]*\|>|\[(?:ARGS|TOOL_CALLS)\]|\[CALL_ID\]\w*|```(?:json)?")
_LEADING = re.compile(r"[\s,;]*(?:function\s+|call:)?([A-Za-z_][\w.:-]*)\s*(?=[{\[])")


def closing(opening: re.Match[str]) -> re.Pattern[str]:
    """Return what closes ``opening``."""
    is_channel = "<|message|>" in opening[0].lower()
    closed = _END_OF_MESSAGE if is_channel else _END_OF_TURN
    if name := opening["xml"]:
        closed = rf"</{re.escape(name)}>"
    elif name := opening["dsml"]:
        closed = rf"</\|{re.escape(name)}>"
    elif name := opening["piped"]:
        closed = _PIPED_ENDS[name.lower()]
    elif name := opening["pair"]:
        closed = _PAIR_ENDS[name.lower()]
    elif opening["function"]:
        closed = r"</function>"
    return re.compile(closed, re.IGNORECASE)


def soft_opening(names: Set[str]) -> str:
    """Return a pattern of what opens a call only if it is named as a tool, or is one inside."""
    either = "|".join(re.escape(name) for name in sorted({*names, *_SOFT}))
    return rf"<(?:{either})(?:\s[^<>]*)?/?>"


def name_of(opening: str) -> str:
    """Return the name of a tag."""
    match = _NAME.match(opening)
    return match[1] if match else ""


def own_call(name: str, opening: str, body: str, reader: CallReader) -> Written | None:
    """Return the call in a tag that is named as the tool, with a tag for each argument."""
    found: Json = {}
    if body.strip().startswith("{"):
        values = values_in(body)
        is_call = values and reader.fits(name, values[0])
        return Written(name, json_of(values[0])) if is_call else None
    key, place = "", 0
    for match in _TAG.finditer(body):
        if not key and not match[1] and not body[place : match.start()].strip():
            key, place = match[2], match.end()
        elif key and match[1] and match[2] == key:
            found[key] = reader.typed(name, key, body[place : match.start()].strip())
            key, place = "", match.end()
    if key or body[place:].strip():
        return None
    found |= {one[1]: reader.typed(name, one[1], one[2]) for one in _GIVEN.finditer(opening)}
    return Written(name, json_of(found)) if reader.fits(name, found) else None


def tagged_calls(text: str, reader: CallReader) -> list[Written]:
    """Return the calls in all tags of ``text``, whose signs are ``SAME``."""
    found: list[Written] = []
    place = 0
    while opening := OPENING.search(text, place):
        close = closing(opening).search(text, opening.end())
        end = close.start() if close else len(text)
        found += calls_in(opening[0], text[opening.end() : end], reader)
        place = max(end, opening.end())
    return found


def calls_in(opening: str, body: str, reader: CallReader) -> list[Written]:
    """Return the calls in ``body``, which stood behind ``opening``; signs are ``SAME``."""
    reader = reader.sure
    if opening.lower().endswith(_RESULTS):
        return []
    if address := _ADDRESS.search(opening):
        return [Written(tool_name(address[1], reader.names), body.strip() or "{}")]
    whole = opening + body
    if found := _by_heads(_INVOKE, whole, reader) or _by_heads(_FUNCTION, whole, reader):
        return found
    if pairs := _PAIR.findall(body):
        named = _HEAD.match(body)
        return [_with(tool_name(named[1] if named else "", reader.names), pairs, reader)]
    plain = _SIGN.sub(" ", _QUOTED.sub(_as_json, body))
    attribute = _ATTRIBUTE.search(opening)
    found = reader.from_text(plain)
    if attribute and not found:
        found = [Written(tool_name(attribute[1], reader.names), body.strip() or "{}")]
    return found or _led(plain, reader) or _bare_name(plain, reader)


def _by_heads(head: re.Pattern[str], text: str, reader: CallReader) -> list[Written]:
    """Return a call for each ``head``, with what stands up to the next one as its arguments."""
    heads = list(head.finditer(text))
    found = []
    for match, following in zip_longest(heads, heads[1:]):
        end = following.start() if following else len(text)
        name = tool_name(match[1], reader.names)
        body = text[match.end() : end]
        if pairs := _PARAMETER.findall(body):
            found.append(_with(name, pairs, reader))
        else:
            found.append(_with_body(name, body, reader))
    return found


def _with_body(name: str, body: str, reader: CallReader) -> Written:
    """Return the call of ``name`` whose arguments ``body`` begins with."""
    body = re.split(r"</?(?:[a-z]{1,20}:)?(?:function|invoke|\|dsml)", body, flags=re.IGNORECASE)[
        0
    ].strip()
    text = body.lstrip(",=>): \n")
    value = first_value(text) if text.startswith(("{", "[")) else None
    if value is not None:
        inner, end = value
        if isinstance(inner, list) and len(inner) == 1:
            return Written(name, json_of(inner[0]))
        return Written(name, text[:end])
    python = reader.from_text(name + body) if body.startswith("(") else []
    return python[0] if len(python) == 1 else Written(name, text or "{}")


def _with(name: str, pairs: list[tuple[str, str]], reader: CallReader) -> Written:
    arguments: Json = {
        key.strip(): reader.typed(name, key.strip(), value.strip()) for key, value in pairs
    }
    return Written(name, json_of(arguments))


def _led(body: str, reader: CallReader) -> list[Written]:
    """Return the calls of which each is a name with JSON behind it."""
    found: list[Written] = []
    place = 0
    while match := _LEADING.match(body, place):
        name = tool_name(match[1], reader.names)
        rest = body[match.end() :]
        end = Braces().feed(rest) or len(rest)
        values = values_in(rest[:end])
        if not values:
            return [*found, Written(name, rest.strip())]
        found.append(Written(name, json_of(values[0])))
        place = match.end() + end
    return found


def _as_json(match: re.Match[str]) -> str:
    return orjson.dumps(match[2]).decode()


def _bare_name(body: str, reader: CallReader) -> list[Written]:
    name = tool_name(body.strip(), reader.names)
    return [Written(name, "{}")] if name in reader.names else []
