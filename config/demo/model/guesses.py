"""Guesses: what the demo model reads out of a customer's words."""

import re
from typing import Any

Json = dict[str, Any]
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_REFERENCE = re.compile(r"\b[A-Z]{0,4}-?#?\d{3,}\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_VERBS = frozenset(re.findall(r"\w+", "get find lookup look up search list check create open read"))
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
a about again all already also am an and any are as at be been but by can could dear did do does for
from get give had has have hello help hey hi how i if in into is it its know let like make long may
many me much my need no not of on one or our please question show so some such tell than thank
thanks that the their them then there these they this those to too understand us use want was
way we were what when where which who whom why will with would yes you your
""",
    )
)


def keywords(text: str) -> list[str]:
    """Return the words of ``text`` that carry meaning, in order, each once, in lower case."""
    found = dict.fromkeys(word.lower() for word in _WORD.findall(text))
    return [word for word in found if word not in _EMPTY_WORDS]


def best_tool(tools: dict[str, Json], text: str) -> str | None:
    """Return the tool whose name ``text`` speaks of and whose arguments it can fill, if any."""
    said = {_singular(word.lower()) for word in _WORD.findall(text)}
    best: tuple[int, float, str] = (0, 0.0, "")
    for name, tool in tools.items():
        nouns = {_singular(part) for part in name.lower().split("_")} - _VERBS
        hits = len(nouns & said)
        if hits and _can_fill(tool, text):
            best = max(best, (hits, hits / len(nouns), name))
    return best[2] or None


def arguments(tool: Json, text: str) -> Json:
    """Arguments for ``tool``, guessed from ``text``: all that it requires."""
    properties, required = _schema(tool)
    return {name: _value(name, properties.get(name, {}), text) for name in required}


def _schema(tool: Json) -> tuple[dict[str, Json], list[str]]:
    parameters = tool.get("parameters") or {}
    properties = parameters.get("properties") or {}
    return properties, parameters.get("required") or list(properties)


def _can_fill(tool: Json, text: str) -> bool:
    _, required = _schema(tool)
    return all(not _is_reference(name) or _REFERENCE.search(text) for name in required)


def _is_reference(name: str) -> bool:
    return bool(re.search(r"(^|_)(id|number|order|reference|code)$", name))


def _value(name: str, schema: Json, text: str) -> Any:
    kind = schema.get("type", "string")
    if "enum" in schema:
        named = [option for option in schema["enum"] if str(option).lower() in text.lower()]
        return (named or schema["enum"])[0]
    if kind in {"integer", "number"}:
        found = _NUMBER.search(text)
        number = float(found[0]) if found else 1.0
        return int(number) if kind == "integer" else number
    if kind in {"boolean", "array", "object"}:
        return {"boolean": True, "array": [], "object": {}}[kind]
    if _is_reference(name) and (reference := _REFERENCE.search(text)):
        return reference[0]
    return text[: schema.get("maxLength", 300)] or name


def _singular(word: str) -> str:
    return word[:-1] if re.search(r"\w{3}[^s]s$", word) else word
