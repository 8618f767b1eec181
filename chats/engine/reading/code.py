"""Code: whether a place in Markdown lies within code, where a tag is written and not meant."""

import re

_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_RUN = re.compile(r"`+")


def is_open(before: str) -> bool:
    """Return whether a fence or a code span is open at the end of ``before``."""
    return _is_fence_open(before) or _is_span_open(before)


def opened_in(before: str) -> str:
    """Return the text of the code that is open at the end of ``before``, empty if none is."""
    if _is_fence_open(before):
        return before[[match.end() for match in _FENCE.finditer(before)][-1] :]
    if _is_span_open(before):
        return before[before.rindex("`") + 1 :]
    return ""


def _is_fence_open(before: str) -> bool:
    return len(_FENCE.findall(before)) % 2 == 1


def _is_span_open(before: str) -> bool:
    line = before[before.rfind("\n") + 1 :]
    return len(_RUN.findall(line)) % 2 == 1
