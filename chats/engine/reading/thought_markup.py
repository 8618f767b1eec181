"""Thought markup: the marks by which a model's reasoning is told from its answer in one text."""

import re
from dataclasses import dataclass

import orjson

from chats.engine.reading.call_markup import SAME

_NAME = (
    r"(?:[a-z]{1,12}[:_])?(?:think(?:ing)?|reasoning|thoughts?|reflection|inner_monologue"
    r"|thought_process|scratchpad|antthinking)"
)
_GAP = r"\s{0,8}"
_ATTRIBUTES = r"(?:\s[^<>=]{1,30}=[^<>]{0,80}?)?"
_TAG = rf"<{_GAP}{_NAME}{_ATTRIBUTES}{_GAP}>"
_ESCAPED = rf"&lt;{_GAP}{_NAME}{_ATTRIBUTES}{_GAP}&gt;"
_OPEN = (
    rf"{_TAG}|◁{_GAP}think{_GAP}▷|\[(?:begin_)?think\]"
    r"|<\|(?:start_thinking|(?:begin_(?:of_)?)?(?:think(?:ing)?|thought)|inner_prefix)\|>"
    r"|<unused94>(?:thought\b)?"
)
_START = r"(?:<\|start\|>\s*assistant\s*)?"
_HARMONY = rf"{_START}<\|channel\|>\s*analysis\b[^<]{{0,40}}<\|message\|>"
_GEMMA = r"<\|channel>\s{0,8}thought\b"
_DETAILS = r"<details\s(?=[^<>]{0,80}\btype\s{0,4}=\s{0,4}[\"']?reasoning\b)[^<>]{0,160}>"
_FINAL = (
    rf"{_START}<\|channel\|>\s*final\b[^<]{{0,40}}(?:<\|constrain\|>[^<]{{0,40}})?<\|message\|>"
)
_CLOSE = (
    rf"<{_GAP}/{_GAP}{_NAME}{_GAP}>|◁{_GAP}/{_GAP}think{_GAP}▷"
    r"|\[(?:/|end_)think\]|<\|(?:end_thinking|(?:end_(?:of_)?|/)(?:think(?:ing)?|thought)"
    rf"|inner_suffix)\|>|<unused95>|{_FINAL}"
)
_WRAPPERS = r"(?:answer|final_answer|output|response)"
_FLAGS = re.IGNORECASE
TAG = re.compile(_TAG, _FLAGS)
CLOSE = re.compile(_CLOSE, _FLAGS)
"""What closes a reasoning, also one that nothing opened."""


@dataclass(frozen=True)
class Form:
    """How reasoning ends that was opened in one way.

    So many code points at the end of a text are ``kept`` as they may become its mark. One in
    ``words`` is reasoning only if it ends, since answers may begin so.
    """

    close: re.Pattern[str] | None
    kept: int = 0
    is_words: bool = False


TAGGED_FORM = Form(CLOSE)
FORMS = {
    "harmony": Form(
        re.compile(rf"{_CLOSE}|<\|end\|>|<\|return\|>|(?=<\|start\|>|<\|channel\|>)", re.IGNORECASE)
    ),
    "gemma": Form(re.compile(r"<channel\|>", _FLAGS)),
    "details": Form(re.compile(r"</details\s{0,8}>", _FLAGS)),
    "element": Form(
        re.compile(r"</(?:reason|analysis)>(?=[^ ,;.)]| +(?-i:[^ a-zß-ÿа-я]))", _FLAGS),
        is_words=True,
    ),
    "square": Form(re.compile(r"\[/(?:thinking|reasoning)\]", _FLAGS), is_words=True),
    "tag": TAGGED_FORM,
    "escaped": Form(re.compile(rf"&lt;{_GAP}/{_GAP}{_NAME}{_GAP}&gt;", _FLAGS), is_words=True),
    "fence": Form(re.compile(r"\n {0,3}```[ ]{0,8}\n(?=\s{0,20}\S)"), is_words=True),
    "bare": Form(re.compile(r"assistantfinal"), len("assistantfinal")),
    "ollama": Form(re.compile(r"\.\.\.\s?done thinking\.", _FLAGS), is_words=True),
    "granite": Form(re.compile(r"\bhere(?: is|'s) my response:", _FLAGS), is_words=True),
    "json": Form(None, is_words=True),
}
"""The forms by the names of the groups in ``OPENING`` and ``MARKS``."""
_KEYS = ("thinking", "reasoning", "thought", "thoughts", "analysis")
_ANSWERS = ("answer", "response", "final_answer", "reply", "output")
_ANYWHERE = rf"(?P<harmony>{_HARMONY})|(?P<gemma>{_GEMMA})|(?P<details>{_DETAILS})|(?P<tag>{_OPEN})"
OPENING = re.compile(
    rf"{_ANYWHERE}|(?P<escaped>{_ESCAPED})|(?P<element><(?:reason|analysis)>)|(?P<square>\[(?:thinking|reasoning)\](?=[^(]))"
    r"|(?P<fence>```(?:think(?:ing)?|thoughts?|reasoning)[ ]*(?=\n))"
    r"|(?P<bare>(?-i:analysis(?=[A-Z])))|(?P<ollama>thinking\.\.\.[ ]*\n)"
    r"|(?P<granite>here(?: is|'s) my thought process:)"
    rf"|(?P<json>\{{\s{{0,20}}\"(?:{'|'.join(_KEYS)})\"\s{{0,8}}:\s{{0,8}}\")",
    _FLAGS,
)
"""What opens reasoning at the beginning of a text."""
MARKS = re.compile(
    rf"(?P<open>{_ANYWHERE})|(?P<close>{_CLOSE})|(?P<wrapped></(?P<name>{_WRAPPERS})>)"
    r"|(?P<box><\|(?:begin|end)_of_box\|>)",
    _FLAGS,
)
"""What may stand further on: openings, closings, and marks that are no part of an answer."""
BESIDE = re.compile(
    rf"{_FINAL}|<\|(?:start\|>\s*assistant\s*<\|)?channel\|>\s*commentary\s*<\|message\|>|<\|end\|>"
    rf"|<\|begin_of_solution\|>|<\|start_response\|>|<{_GAP}answer{_GAP}>|<{_WRAPPERS}>(?=[^ ])",
    _FLAGS,
)
"""What may stand before the answer."""
WRAPPER = re.compile(rf"<{_GAP}(?P<name>{_WRAPPERS}){_GAP}>", _FLAGS)
"""An element that the answer is put into."""
HEADER = re.compile(
    r"<\|im_start\|>\s{0,8}assistant\b[ ]*\n?|<\|start_header_id\|>assistant<\|end_header_id\|>",
    _FLAGS,
)
"""What a template puts before an answer, whatever it begins with."""
SENTENCES = re.compile(r"(?<=[.!?:\n\u3002\uff01\uff1f])\s*")
"""What stands between sentences."""
BOUNDARY = re.compile(r"(?:\A|\n|[.!?\u2026\u3002\uff01\uff1f][\"'*_)\]]{0,4})[ \t]*\Z")
"""What stands before the beginning of a line or a sentence."""
_PARTIAL = re.compile(
    rf"(?:<{_GAP}/{_GAP}{_NAME}{_GAP}>"
    r"|<\s*/?\s*[a-z]{0,16}[:_]?[a-z_]{0,16}\s*|<\|?/?[a-z_]{0,20}\|?|<unused9?[45]?"
    r"|\[(?:/|b(?:e(?:g(?:i(?:n(?:_)?)?)?)?)?|e(?:n(?:d(?:_)?)?)?)?"
    r"|\[(?:/|begin_|end_)?t(?:h(?:i(?:nk?)?)?)?"
    rf"|◁\s*/?\s*(?:t(?:h(?:i(?:nk?)?)?)?)?\s*|<(?:{_NAME}|details)\s[^<>]{{0,160}}"
    r"|&(?:l(?:t(?:;\s{0,8}/?\s{0,8}[a-z:_]{0,24}\s{0,8}(?:&(?:g(?:t)?)?)?)?)?)?"
    r"|<\|channel>\s{0,8}[a-z]{0,8}|<\|(?:channel|start)\|>(?:(?!<\|message\|>).){0,140})\Z",
    re.IGNORECASE | re.DOTALL,
)
"""What may become one of these, as far as it has come."""
_PARTIAL_START = re.compile(
    rf"<{_WRAPPERS}>|<\|im_start\|>\s{{0,8}}[a-z]{{0,9}}|<\|start_header_id\|>[a-z]{{0,9}}"
    r"(?:<[a-z_|]{0,16})?|\{\s{0,20}(?:\"[a-z_]{0,10}(?:\"\s{0,8}(?::\s{0,8})?)?)?|<unused94>[a-z]{0,7}",
    _FLAGS,
)
_WORDS = (
    *("thinking...   \n", "here is my thought process:", "here's my thought process:"),
    *("```thinking   \n", "```thoughts   \n", "```reasoning   \n", "```think   \n"),
    *("```thought   \n", "[thinking]", "[reasoning]"),
)
_LONGEST_WORDS = 40


def plain(text: str) -> str:
    """Return ``text`` with the signs of marks in their usual form, as long as it was."""
    return text if text.isascii() else text.translate(SAME)


def form_of(match: re.Match[str]) -> Form:
    """Return the form of what ``match`` opens."""
    found = match.groupdict()
    return next(form for name, form in FORMS.items() if found.get(name) is not None)


def may_begin(text: str) -> bool:
    """Return whether ``text`` may become an opening, or another mark of the beginning."""
    if _PARTIAL.fullmatch(text) or "analysis".startswith(text):
        return True
    if len(text) > _LONGEST_WORDS:
        return False
    low = text.lower()
    if match := _PARTIAL_START.fullmatch(low):
        key = match[0].partition('"')[2].partition('"')[0]
        return not low.startswith("{") or any(one.startswith(key) for one in _KEYS)
    return any(one.startswith(low) for one in _WORDS)


def cut(text: str, form: Form | None = None) -> tuple[str, str]:
    """Return what is certain of ``text``, and its end where that may become a mark."""
    if form and form.kept:
        return text[: -form.kept], text[-form.kept :]
    match = _PARTIAL.search(plain(text[-180:]))
    if match is None or not match[0]:
        return text, ""
    length = len(match[0])
    return text[:-length], text[-length:]


def end_in(form: Form, text: str, behind: str = " ") -> re.Match[str] | None:
    """Return the first mark in ``text`` that ends ``form`` and is no code, nor can become code.

    ``behind`` is what stands before ``text``.
    """
    if form.close is None:
        return None
    for match in form.close.finditer(plain(text)):
        before = text[match.start() - 1] if match.start() else behind
        if not (before == "`" and text[match.end() : match.end() + 1] in {"", "`"}):
            return match
    return None


def parts_of(text: str) -> tuple[str, str] | None:
    """Return the reasoning and the answer of an object that holds nothing else."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict) or len(value) != len(("reasoning", "answer")):
        return None
    (key, thought), (other, answer) = value.items()
    is_known = key.lower() in _KEYS and other.lower() in _ANSWERS
    if is_known and isinstance(thought, str) and isinstance(answer, str):
        return thought, answer
    return None
