"""Packets: a short report of a conversation whose lines say who wrote."""

import re

_LINE = re.compile(r"^(customer|assistant|agent): (.+)$", re.MULTILINE)
_SENTENCE = re.compile(r".+?[.!?](?=\s|$)|.+$")
_FACT = re.compile(r"\b[A-Z]{2,5}-\d{3,}\b|[€$£]\s?\d+(?:[.,]\d+)*|\b\d+(?:[.,]\d+)*\s?[€$£]")
_MARKS = re.compile(r"[*_`#]+")
_SUBSTANTIAL = 4  # words; what is shorter, such as a thank-you, says nothing
_LONGEST = 160
_MOST = 4


def field(name: str, material: str) -> str | list[str] | None:
    """Return the field ``name`` of a packet on ``material``; None where it is no field of one."""
    said = [(who, _plain(text)) for who, text in _LINE.findall(material)]
    questions = [text for who, text in said if who == "customer"]
    answered = [text for who, text in said if who != "customer"]
    if not said:
        return None
    if name == "summary":
        first = [_short(text, 2) for text in questions[:1]]
        return " ".join(dict.fromkeys([*first, *map(_short, answered[-1:])]))
    if name == "goal" and questions:
        return _short(next((text for text in reversed(questions) if "?" in text), questions[-1]), 2)
    if name == "facts":
        return list(dict.fromkeys(_FACT.findall(material)))[:_MOST]
    return [_short(text) for text in answered[-_MOST:]] if name == "tried" else None


def _plain(text: str) -> str:
    return _MARKS.sub("", text).strip()


def _short(text: str, sentences: int = 1) -> str:
    """Return the first sentences of ``text``."""
    parts = [part.strip() for part in _SENTENCE.findall(text)]
    substantial = [part for part in parts if len(part.split()) >= _SUBSTANTIAL] or parts
    first = " ".join(substantial[:sentences])
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1].rstrip()}…"
