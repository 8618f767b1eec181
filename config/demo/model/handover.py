"""What one tells the next about a conversation whose lines say who spoke."""

import re

_LINE = re.compile(r"^(customer|assistant|agent): (.+)$", re.MULTILINE)
_SENTENCE = re.compile(r".+?[.!?](?=\s|$)|.+$")
_FACT = re.compile(r"\b[A-Z]{2,5}-\d{3,}\b|[€$£]\s?\d+(?:[.,]\d+)*|\b\d+(?:[.,]\d+)*\s?[€$£]")
_MARKS = re.compile(r"[*_`#]+")
_TELLING = 4  # words; what is shorter, such as a thank-you, tells nothing
_LONGEST = 160
_MOST = 4


def field(name: str, material: str) -> str | list[str] | None:
    """Return the field ``name`` of a packet on ``material``; None where it is no field of one."""
    said = [(who, _plain(text)) for who, text in _LINE.findall(material)]
    asked = [text for who, text in said if who == "customer"]
    answered = [text for who, text in said if who != "customer"]
    if not asked:
        return None
    if name == "summary":
        return " ".join(dict.fromkeys([_short(asked[0], 2), *map(_short, answered[-1:])]))
    if name == "goal":
        return _short(next((text for text in reversed(asked) if "?" in text), asked[-1]), 2)
    if name == "facts":
        return list(dict.fromkeys(_FACT.findall(material)))[:_MOST]
    return [_short(text) for text in answered[-_MOST:]] if name == "tried" else None


def _plain(text: str) -> str:
    return _MARKS.sub("", text).strip()


def _short(text: str, sentences: int = 1) -> str:
    """Return the first sentences of ``text``."""
    parts = [part.strip() for part in _SENTENCE.findall(text)]
    telling = [part for part in parts if len(part.split()) >= _TELLING] or parts
    first = " ".join(telling[:sentences])
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1].rstrip()}…"
