"""Blocks of an answer that is still being written: each is rendered once, then remembered.

Whoever looks at the answer sends the whole of it again and again.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from conversations import markdown

REMEMBERED = 128
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)")
_GOES_ON = re.compile(r"\s|[-*+>|]|\d{1,9}[.)]")
"""The beginning of a line that may belong to the list, quote or table before a blank line."""


def render(text: str) -> str:
    """Render ``text`` as ``markdown.render`` would, but for definitions of links."""
    return "".join(rendered(block) for block in _blocks(text))


@lru_cache(maxsize=REMEMBERED)
def typed(text: str) -> str:
    """Render a text that a person of the staff typed, and that is stored nowhere as HTML."""
    return markdown.render_typed(text)


@lru_cache(maxsize=REMEMBERED)
def rendered(block: str) -> str:
    """Render a block, or any text that is shown again and again and stored nowhere as HTML."""
    return markdown.render(block)


def _blocks(text: str) -> Iterator[str]:
    """Yield the parts between blank lines after which something new begins."""
    block: list[str] = []
    fence, is_after_blank = "", False
    for line in text.splitlines(keepends=True):
        if block and is_after_blank and not fence and not _GOES_ON.match(line):
            yield "".join(block)
            block = []
        block.append(line)
        is_after_blank = not line.strip()
        fence = _fence_after(line, fence)
    yield "".join(block)


def _fence_after(line: str, fence: str) -> str:
    """Return the fence that is open behind ``line``, where ``fence`` was before it.

    Only a bare fence of the same mark and at least the same length closes one.
    """
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return found["mark"]
    is_end = found["mark"].startswith(fence) and not found["info"].strip()
    return "" if is_end else fence
