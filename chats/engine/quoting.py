"""Quoting: other people's words in a prompt, between tags that they cannot open or close.

Whatever a customer wrote stands in messages of the user's role, and never outside of its tags.
"""

import re
import unicodedata
from collections.abc import Iterable

from channels_layer import unseen

ABOUT, BEFORE, COLLEAGUES = "about_customer", "said_before", "said_by_colleagues"
CHECKED = "checked_by_colleagues"
CONVERSATION, CUSTOMER, QUESTION, ANSWER = "conversation", "customer", "question", "answer"
FILE, QUOTE, ORIGIN = "attached_file", "quoted_message", "message_origin"
INSTRUCTIONS, TOOL_RESULT = "instructions", "tool_result"
TAGS = (
    *(ABOUT, BEFORE, COLLEAGUES, CONVERSATION, CUSTOMER, QUESTION, ANSWER, FILE, QUOTE, ORIGIN),
    *(INSTRUCTIONS, TOOL_RESULT, CHECKED),
)

BESIDE = "beside the customer's next words"
LONGEST_BESIDE = 600
"""Code points of what a source says beside one message, in a list of what was said."""
OPENING = "\u2039"
"""What stands in the place of the first sign of a tag that is not ours."""

_TAG = re.compile(rf"<(?=[\s/\\\u2044\u2215]*(?:{'|'.join(TAGS)})\b)", re.IGNORECASE)


def fenced(tag: str, text: str) -> str:
    """Return ``text`` between the tags named ``tag``."""
    return f"<{tag}>\n{defused(text)}\n</{tag}>"


def defused(text: str) -> str:
    """Return ``text`` without tags like ours, and without signs that nobody sees."""
    text = unseen.removed(text)
    if not _TAG.search(unicodedata.normalize("NFKC", unseen.bare(text))):
        return text
    signs = list(text)
    read = [(sign, at) for at, kept in enumerate(text) for sign in _plain(kept)]
    for tag in _TAG.finditer("".join(sign for sign, _ in read)):
        signs[read[tag.start()][1]] = OPENING
    return "".join(signs)


def said(speaker: str, text: str) -> str:
    """Return what ``speaker`` said as one entry of a list, whose further lines are indented."""
    return f"{speaker}: " + "\n    ".join(text.splitlines())


def beside(origin: str) -> str:
    """Return where the customer's next words come from as an entry of the same list."""
    return said(BESIDE, origin[:LONGEST_BESIDE])


def in_one_line(text: str, longest: int) -> str:
    """Return ``text`` as one line of at most ``longest`` code points."""
    line = " ".join(unseen.removed(text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def listed(lines: Iterable[str]) -> str:
    """Return ``lines`` as a list, each of them on a line of its own."""
    return "\n".join(f"- {line}" for line in lines)


def _plain(sign: str) -> str:
    """Return the plain signs that one stands for, as a model may read it; none for a joiner."""
    return unicodedata.normalize("NFKC", unseen.bare(sign))
