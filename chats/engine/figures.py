"""Figures: the numbers in a refusal that say how much a server takes."""

import re
from collections.abc import Iterable

from chats.engine.refusals import Refusal
from chats.engine.traits import AT_MOST, TOKENS, WINDOW, Trait

SMALLEST_WINDOW = 1000
"""Tokens: no model reads less, so that a smaller figure means something else."""
SMALLEST_ANSWER = 16
"""Tokens: no server limits answers to less."""
_LEAST_VALUES = {(WINDOW, ""): SMALLEST_WINDOW, (AT_MOST, TOKENS): SMALLEST_ANSWER}
_SIGNS = r",.'\u2019_ \u00a0\u202f"
"""What stands between thousands."""
_NUMBER = rf"(\d{{1,3}}(?:[{_SIGNS}]\d{{3}})+|\d+(?:\.\d+)?)(?:\s?([km])(?![a-z]))?(?!\w|[.,]\d)"
_FIGURE = rf"(?<![\w.-]){_NUMBER}"
"""A number of its own, rather than a part of a name or an id."""
_UNITS = {"": 1, "k": 1000, "m": 1_000_000}
_NO_FIGURES = re.compile(
    r"https?://\S+|(?:\b|_)ids?\b\W{0,4}[\w.-]*\d[\w.-]*|\b\d{4}-\d\d-\d\d\S*"
    r"|\b(?:http|status|code|error)(?:[ _]?(?:code|status))?\W{0,3}[1-5]\d\d\b",
    re.I,
)
"""Addresses, ids, dates and codes."""
_LEAST = re.compile(rf"\bmin(?:imum)?\b[^.;]{{0,40}}?{_FIGURE}", re.I)
_WINDOWS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"> ?{_FIGURE} maximum",
        rf"maximum (?:context|prompt|input|sequence) length\D{{0,12}}{_FIGURE}",
        rf"{_FIGURE} maximum context",
        rf"n_ctx\D{{0,10}}{_FIGURE}",
        rf"maximum number of (?:input )?tokens\D{{0,30}}{_FIGURE}",
        rf"\[\s*\d+\s*,\s*{_FIGURE}\s*\]",
        rf"context[ _-]?(?:length|window|size|limit)[^\d.]{{0,40}}{_FIGURE}",
        rf"must be <= ?{_FIGURE}",
        rf"(?:less than|cannot exceed|at most|max size:|up to|no more than) {_FIGURE}",
        rf"limit(?:ed)?(?: of| is|:| to)? {_FIGURE}",
        rf"(?:maximum|max)\D{{0,30}}{_FIGURE}[ -]tokens",
    )
)
_PROMPTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_FIGURE} (?:tokens? )?(?:in|from) the (?:input )?(?:messages|prompt|input)",
        rf"has {_FIGURE} input tokens",
        rf"(?:contains?(?: at least)?|resulted in|given:|received|request \() ?{_FIGURE} ",
        rf"too long: {_FIGURE} tokens",
        rf"token count \({_FIGURE}\)",
        rf"input \({_FIGURE} tokens\)",
        rf"n_keep \({_FIGURE}\)",
        rf"keep the first {_FIGURE} tokens",
        rf"Requested {_FIGURE}",
    )
)
_LOWEST = r"-?\d+(?:\.\d+)?(?: \((?:in|ex)clusive\))?"
_HIGHEST = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:less than or equal to|<=|≤) ?`?{_FIGURE}",
        rf"(?:at most|up to|no more than|not exceed|cannot exceed) `?{_FIGURE}",
        rf"limit(?: of| is|:)? `?{_FIGURE}",
        rf"> ?{_FIGURE}, which is the maximum",
        rf"(?:range|between|from|in)\D{{0,40}}{_LOWEST}\s*(?:,|\.\.\.?|and|to|-)\s*{_NUMBER}",
        rf"\[\s*-?\d+(?:\.\d+)?\s*,\s*{_NUMBER}\s*[\])]",
        rf"(?:maximum|max)(?: allowed)?(?: value| is| of|:)*\D{{0,20}}? {_FIGURE}",
        rf"lower than {_FIGURE}",
    )
)


def window(refusal: Refusal) -> int | None:
    """Return how many tokens a model reads, None where it is not said."""
    stated = refusal.counts.get("n_ctx") or _first(_WINDOWS, refusal.words)
    return stated if stated and stated >= SMALLEST_WINDOW else None


def prompt(refusal: Refusal) -> int | None:
    """Return how many tokens the server counted in the request, None where it is not said."""
    return refusal.counts.get("n_prompt_tokens") or _first(_PROMPTS, refusal.words)


def longest_answer(words: str) -> int | None:
    """Return how many tokens an answer may have, None where it is not said."""
    found = _highest(words)
    if found is None:
        return None
    most = int(_count(found)) - _is_excluded(found)
    return most if most >= SMALLEST_ANSWER else None


def highest(words: str) -> float | None:
    """Return the highest value that is said to be taken of a parameter, None without one."""
    found = _highest(words)
    return None if found is None or _is_excluded(found) else _value(found)


def has_least(words: str) -> bool:
    """Return whether the lowest value is said that is taken."""
    return _LEAST.search(words) is not None


def is_plausible(trait: Trait) -> bool:
    """Return whether a figure can be what it is kept as, as is all that is no figure."""
    value = number(trait.value)
    least = _LEAST_VALUES.get((trait.kind, trait.subject))
    return value is None or least is None or value >= least


def number(value: str) -> float | None:
    """Return a value as a number, None where it is none."""
    try:
        return float(value)
    except ValueError:
        return None


def text(value: float) -> str:
    """Return a number as it is kept."""
    return str(int(value)) if value == int(value) else str(value)


def _highest(words: str) -> re.Match[str] | None:
    words = _LEAST.sub(" ", _NO_FIGURES.sub(" ", words))
    return next((found for one in _HIGHEST if (found := one.search(words))), None)


def _is_excluded(found: re.Match[str]) -> bool:
    """Return whether the figure itself is no longer taken."""
    return found.string[found.end() :].startswith(" (exclusive)")


def _first(patterns: Iterable[re.Pattern[str]], words: str) -> int | None:
    words = _NO_FIGURES.sub(" ", words)
    found = next((found for one in patterns if (found := one.search(words))), None)
    return int(_count(found)) or None if found else None


def _count(found: re.Match[str]) -> float:
    """Return a whole number, in which a point stands between thousands."""
    digits = found[1]
    if re.fullmatch(r"\d+\.\d{1,2}|\d+\.\d{4,}", digits):
        return float(digits) * _unit(found)
    return int(re.sub(r"\D", "", digits)) * _unit(found)


def _value(found: re.Match[str]) -> float:
    """Return a number, in which a point stands before its fraction."""
    head, point, fraction = re.sub(r"[^\d.]", "", found[1]).rpartition(".")
    return float(f"{head.replace('.', '')}{point}{fraction}") * _unit(found)


def _unit(found: re.Match[str]) -> int:
    return _UNITS[(found[2] or "").lower()]
