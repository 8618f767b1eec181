"""Bare heads: how lines begin in which models write calls with nothing around them but words."""

import re
from collections.abc import Set
from dataclasses import dataclass

LONGEST_HEAD = 200
"""Characters in which a line must show that it may be a bare call."""
LEADS = (
    *("assistantcommentary to=", "commentary to=", "to=", "calling the tool", "calling tool"),
    *("calling function", "calling", "call tool", "using tool", "use tool", "invoking tool"),
    *("tool calls", "tool call", "tool_calls", "tool_call", "function call", "function_call"),
    *("tool name", "tool", "function", "action", "call", ""),
)
"""Words with which models announce a call."""
_LEADS_BY_SIGN = {
    sign: tuple(lead for lead in LEADS if lead.startswith(sign) or not lead)
    for sign in {lead[:1] for lead in LEADS if lead}
}
_SPACES = ("functions.", "tools.", "default_api.", "tool_code.")
_DECORATION = re.compile(r" {0,3}(?:[*_]{1,3}|`{1,2}(?!`)|\[|> ?)?")
_BETWEEN = re.compile(r"[ \t*_`\"']{0,4}(:?)\s{0,4}(?:[*_\"']{1,3}|`(?!`))?[ ]?")
_CONNECTION = re.compile(
    r"(?::\d{1,3})?[*_`\"'\]]{0,3}\s{0,9}(?:[:,]|=>|->)?\s{0,9}"
    r"(?:(?:with|json|code|and|(?:action[ _]|tool[ _])?input|arguments|args|parameters|params)"
    r"[\s:*=`]{1,9}|json(?=\{)){0,3}(?:```(?:json)?\s{1,9})?(?=\{)",
    re.IGNORECASE,
)
"""What may stand between the name of a tool and its arguments."""
_CONNECTING = re.compile(r"[\w\s:*`\"'\],=>-]{0,80}\Z")
_WORD = re.compile(r"[^\W\d_]+")
_WORDS = (
    *("with", "json", "code", "and", "action", "tool", "input", "arguments", "args"),
    *("parameters", "params"),
)
_PARENTHESIS = re.compile(r"\(\s{0,20}(?:\)|[A-Za-z_]\w{0,60}\s{0,9}=|[{\"'\[\d-])")
_PARENTHESIS_PARTIAL = re.compile(r"\(\s{0,20}\w{0,60}\s{0,9}")
_OTHER = re.compile(r"(?:```\w{0,12}\s{1,4})?(?=[{\[])|(?=<)")
"""What follows a lead where the call itself is in another form."""
_FENCE_PARTIAL = re.compile(r"`{1,3}\w{0,12}\s{0,4}")


@dataclass(frozen=True)
class Head:
    """How a line begins: with ``lead``, then the tool's ``name``; ``place`` is behind both.

    Without a name, the lead is followed by something else that may be a call.
    """

    lead: str
    name: str
    place: int


MAYBE = Head("", "", -1)
"""A line that is too short to tell."""


def head_of(text: str, names: Set[str]) -> Head | None:
    """Return how a line begins that may be a bare call; None for any other."""
    start = match.end() if (match := _DECORATION.match(text)) else 0
    line = text[start : start + LONGEST_HEAD]
    lower = line.lower()
    may_be = None
    for lead in _LEADS_BY_SIGN.get(lower[:1], LEADS if not lower else ("",)):
        if not lead and text[:start].endswith("["):
            continue
        if not lower.startswith(lead):
            may_be = may_be or (MAYBE if lead.startswith(lower) else None)
            continue
        found = _named(line, len(lead), lead, names)
        if found and found.place >= 0:
            return Head(lead, found.name, start + found.place)
        may_be = may_be or found
    if may_be is None and start and line[:1] in {"{", "["} and "*" in text[:start]:
        return Head(text[:start].strip(), "", start)
    return may_be


def _named(line: str, place: int, lead: str, names: Set[str]) -> Head | None:
    """Return the tool that is named behind a lead, or what follows it in place of a name."""
    if lead and not lead.endswith("=") and (match := _BETWEEN.match(line, place)):
        if match.end() in {place, len(line)}:
            return MAYBE if match.end() == len(line) else None
        place = match.end()
        if match[1] and (other := _OTHER.match(line, place)):
            return Head(lead, "", other.end())
    rest = line[place:]
    space = next((one for one in _SPACES if rest.startswith(one)), "")
    rest = rest[len(space) :]
    for name in sorted(names, key=len, reverse=True):
        if rest.startswith(name):
            return _connected(rest, len(name), name, place + len(space))
    is_cut = any(one.startswith(rest) for one in (*names, *_SPACES))
    is_cut = is_cut or (bool(lead) and _FENCE_PARTIAL.fullmatch(rest) is not None)
    return MAYBE if is_cut and len(line) < LONGEST_HEAD else None


def _connected(rest: str, end: int, name: str, before: int) -> Head | None:
    """Return where the arguments begin behind the name of a tool."""
    if rest[end : end + 1] == "(":
        is_cut = _PARENTHESIS_PARTIAL.fullmatch(rest, end) is not None
        found = Head("", name, before + end) if _PARENTHESIS.match(rest, end) else None
        return MAYBE if is_cut else found
    if match := _CONNECTION.match(rest, end):
        return Head("", name, before + match.end())
    match = _CONNECTING.match(rest, end)
    if match is None or rest[end : end + 1] in {"_", "-"} or rest[end : end + 1].isalnum():
        return None
    words = [word.lower() for word in _WORD.findall(match[0])]
    is_known = all(word in _WORDS for word in words[:-1])
    is_known = is_known and any(one.startswith(words[-1]) for one in _WORDS) if words else True
    return MAYBE if is_known else None
