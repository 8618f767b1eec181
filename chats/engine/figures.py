"""Figures: the numbers in a refusal that say how much a server takes."""

import re
from collections.abc import Iterable

from chats.engine.refusals import Refusal

_NUMBER = r"(\d[\d,_]*)"
_WINDOWS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"> ?{_NUMBER} maximum",
        rf"maximum (?:context|prompt|input|sequence) length\D{{0,12}}{_NUMBER}",
        rf"{_NUMBER} maximum context",
        rf"n_ctx\D{{0,10}}{_NUMBER}",
        rf"maximum number of (?:input )?tokens\D{{0,30}}{_NUMBER}",
        rf"\[\s*\d+\s*,\s*{_NUMBER}\s*\]",
        rf"context[ _-]?(?:length|window|size|limit)[^\d.]{{0,40}}{_NUMBER}",
        rf"must be <= ?{_NUMBER}",
        rf"(?:less than|cannot exceed|at most|max size:|up to|no more than) {_NUMBER}",
        rf"limit(?:ed)?(?: of| is|:| to)? {_NUMBER}",
        rf"(?:maximum|max)\D{{0,30}}{_NUMBER} tokens",
    )
)
_PROMPTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"{_NUMBER} (?:tokens? )?(?:in|from) the (?:input )?(?:messages|prompt|input)",
        rf"has {_NUMBER} input tokens",
        rf"(?:contains?(?: at least)?|resulted in|given:|received|request \() ?{_NUMBER} ",
        rf"too long: {_NUMBER} tokens",
        rf"token count \({_NUMBER}\)",
        rf"input \({_NUMBER} tokens\)",
        rf"n_keep \({_NUMBER}\)",
        rf"keep the first {_NUMBER} tokens",
        rf"Requested {_NUMBER}",
    )
)
_DECIMAL = r"(\d+(?:\.\d+)?)"
_HIGHEST = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?:less than or equal to|<=|≤) ?`?{_DECIMAL}",
        rf"(?:at most|up to|no more than|not exceed|cannot exceed) `?{_DECIMAL}",
        rf"limit(?: of| is|:)? `?{_DECIMAL}",
        rf"> ?{_DECIMAL}, which is the maximum",
        rf"(?:range|between|from|in)\D{{0,40}}-?\d+(?:\.\d+)?\s*(?:,|\.\.\.?|and|to|-)\s*{_DECIMAL}",
        rf"\[\s*-?\d+(?:\.\d+)?\s*,\s*{_DECIMAL}\s*[\])]",
        rf"(?:maximum|max)(?: allowed)?(?: value| is| of|:)*\D{{0,20}}? {_DECIMAL}",
        rf"lower than {_DECIMAL}",
    )
)


def window(refusal: Refusal) -> int | None:
    """Return how many tokens a model reads, None where it is not said."""
    stated = refusal.counts.get("n_ctx")
    return stated or _first(_WINDOWS, refusal.words)


def prompt(refusal: Refusal) -> int | None:
    """Return how many tokens the server counted in the request, None where it is not said."""
    stated = refusal.counts.get("n_prompt_tokens")
    return stated or _first(_PROMPTS, refusal.words)


def highest(words: str) -> float | None:
    """Return the highest value that is said to be taken, None without one."""
    for pattern in _HIGHEST:
        if found := pattern.search(words):
            return float(found[1])
    return None


def number(value: str) -> float | None:
    """Return a value as a number, None where it is none."""
    try:
        return float(value)
    except ValueError:
        return None


def text(value: float) -> str:
    """Return a number as it is kept."""
    return str(int(value)) if value == int(value) else str(value)


def _first(patterns: Iterable[re.Pattern[str]], words: str) -> int | None:
    for pattern in patterns:
        if found := pattern.search(words):
            return int(re.sub(r"[,_]", "", found[1])) or None
    return None
