"""The pace of this machine: bounds of computing hold for a core of ordinary speed.

A shared machine computes at half its speed for seconds or hours, so seconds alone say little. What
was measured is divided by how much slower than an ordinary core a reference is computed beside it:
a library's own parser on a short text, since most of what is bounded here parses texts.
"""

import time

from markdown_it import MarkdownIt

REFERENCE = "- **warm** `light` [lamp](https://shop.example)\n" * 40
ORDINARY = 0.006
"""Seconds in which an ordinary server's core (3 GHz, Python 3.11) parses the reference."""


def slowness() -> float:
    """Return how many times as long as an ordinary core this thread takes now; at least 1."""
    parser = MarkdownIt()
    begun = time.thread_time()
    parser.parse(REFERENCE)
    return max(1.0, (time.thread_time() - begun) / ORDINARY)
