"""Blocks of an answer that is still being written: each is rendered once, then remembered.

Whoever looks at the answer sends the whole of it again and again.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from conversations import markdown

REMEMBERED = 128
_FENCE = re.compile(r" {0,3}(```|~~~)")
_GOES_ON = re.compile(r"\s|[-*+>|]|\d{1,9}[.)]")
"""The beginning of a line that may belong to the list, quote or table before a blank line."""


def render(text: str) -> str:
    """Render ``text`` as ``markdown.render`` would, but for definitions of links."""
    return "".join(rendered(block) for block in _blocks(text))


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
        if mark := _FENCE.match(line):
            fence = {"": mark[1], mark[1]: ""}.get(fence, fence)
    yield "".join(block)
