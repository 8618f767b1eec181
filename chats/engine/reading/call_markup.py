"""Call markup: tool calls between the tags that models have for them."""

import re
from itertools import zip_longest

from chats.engine.parts import Json
from chats.engine.reading.call_shapes import CallReader, Written, first_value
from chats.engine.reading.calls import tool_name
from chats.engine.reading.shapes import json_of

SAME = str.maketrans({"\uff5c": "|", "\u2581": "_"})
"""DeepSeek's own signs in its tags, one for one."""
_XML = r"(?:minimax:|antml:|longcat_)?(?:tool_?calls?|function_?calls?|tool[_-]use|tools|invoke)"
_PIPED = r"(?:dsml\|)?\s*(?:function_calls|tool_calls|invoke)"
_HEAD_OF_FUNCTION = r'<function[=/(:]\s*"?([\w.:-]+)"?(?:>|(?=[\s,=({\[)]))'
OPENING = re.compile(
    rf"<(?P<xml>{_XML})(?:\s[^<>]*)?>|(?P<function>{_HEAD_OF_FUNCTION})|<\|(?P<dsml>{_PIPED})(?:\s[^<>]*)?>"
    r"|<\|(?P<piped>tool_calls_section_begin|tool_calls?_begin|tool_call_start|tool_call|start_action)\|>"
    r"|<\|python_tag\|>|\[TOOL_CALLS\]"
    r"|(?:<\|start\|>\s*assistant|<\|channel\|>\s*(?:commentary|analysis))"
    r"(?=[^{]{0,80}\bto=)[^{]{0,160}?<\|message\|>",
    re.IGNORECASE,
)
"""What opens a call; in text whose signs are ``SAME``."""
PARTIAL = re.compile(
    r"(?:<\|?[\w:|=.\-]{0,60}|<(?:\|dsml\|\s*)?(?:[\w:]*(?:invoke|call|calls|tool[_-]use))\s[^<>]{0,200}"
    r"|<function[=/(:]\s*\"?[\w.:-]{0,60}\"?"
    r"|\[(?:T(?:O(?:O(?:L(?:_(?:C(?:A(?:L(?:LS?)?)?)?)?)?)?)?)?)?"
    r"|<\|(?:channel|start)\|>(?:(?!<\|message\|>)[^{]){0,160})\Z",
    re.IGNORECASE,
)
"""What may become an opening, as far as it has come."""
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
_INVOKE = re.compile(r"<(?:\|dsml\|\s*)?invoke\s+name=[\"']?([^\"'<>]++)[^<>]*+>", re.IGNORECASE)
_FUNCTION = re.compile(_HEAD_OF_FUNCTION, re.IGNORECASE)
_PARAMETER = re.compile(
    r"<(?:\|dsml\|\s*)?parameter(?:=|\s+name=)[\"']?([^\"'<> ]++)[^<>]*+>(.*?)"
    r"(?:</(?:\|dsml\|\s*)?parameter>|(?=<(?:\|dsml\|\s*)?parameter\b)|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_PAIR = re.compile(
    r"<arg_key>([^<]*+)</arg_key>\s*+<arg_value>(.*?)(?:</arg_value>|(?=<arg_key>)|\Z)", re.DOTALL
)
_HEAD = re.compile(r"\s*([\w.:-]+)\s*(?=<arg_key>|\Z)")
_ATTRIBUTE = re.compile(r"\bname=[\"']?([\w.:-]+)")
_ADDRESS = re.compile(r"\bto=([\w.:-]+)")
_SIGN = re.compile(r"<\|[^<>|]*\|>|\[(?:ARGS|TOOL_CALLS)\]|\[CALL_ID\]\w*|```(?:json)?")
_LEADING = re.compile(r"[\s,;]*(?:function\s+)?([A-Za-z_][\w.:-]*)\s*(?=[{\[])")


def closing(opening: re.Match[str]) -> re.Pattern[str]:
    """Return what closes ``opening``."""
    if name := opening["xml"]:
        return re.compile(rf"</{re.escape(name)}>", re.IGNORECASE)
    if name := opening["dsml"]:
        return re.compile(rf"</\|{re.escape(name)}>", re.IGNORECASE)
    if name := opening["piped"]:
        return re.compile(_PIPED_ENDS[name.lower()], re.IGNORECASE)
    if opening["function"]:
        return re.compile(r"</function>", re.IGNORECASE)
    is_channel = "<|message|>" in opening[0].lower()
    return re.compile(_END_OF_MESSAGE if is_channel else _END_OF_TURN, re.IGNORECASE)


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
    if address := _ADDRESS.search(opening):
        return [Written(tool_name(address[1], reader.names), body.strip() or "{}")]
    whole = opening + body
    if found := _by_heads(_INVOKE, whole, reader) or _by_heads(_FUNCTION, whole, reader):
        return found
    if pairs := _PAIR.findall(body):
        named = _HEAD.match(body)
        return [_with(tool_name(named[1] if named else "", reader.names), pairs, reader)]
    plain = _SIGN.sub(" ", body)
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
    body = re.split(r"</?(?:function|invoke|\|dsml)", body, flags=re.IGNORECASE)[0].strip()
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
        value = first_value(rest)
        if value is None:
            return [*found, Written(name, rest.strip())]
        found.append(Written(name, rest[: value[1]]))
        place = match.end() + value[1]
    return found


def _bare_name(body: str, reader: CallReader) -> list[Written]:
    name = tool_name(body.strip(), reader.names)
    return [Written(name, "{}")] if name in reader.names else []
