"""Quotations: whether a model may only repeat the tags of reasoning that it was asked about."""

import re
from collections.abc import Sequence
from functools import cached_property

from chats.engine.parts import Json
from chats.engine.reading.shapes import text_of

_INSTRUCTING = frozenset({"system", "developer"})
_NAME = r"(?:think(?:ing)?|reasoning|thoughts?|reflection|inner_monologue)"
_TAG = re.compile(
    rf"[<\[/|;◁]\s{{0,4}}/?\s{{0,4}}(?:[a-z_]{{1,16}}[:_])?{_NAME}\b"
    rf"|{_NAME}\s{{0,4}}(?:[>\]|▷]|&gt;|tags?\b)|\btags?\s{{1,4}}[\"'`]?{_NAME}\b",
    re.IGNORECASE,
)
"""A tag of reasoning, or the words for one."""


class Quotable:
    """What a model was asked; it is looked at only where an answer has such a tag."""

    def __init__(self, messages: Sequence[Json]) -> None:
        """Keep ``messages``, in OpenAI's form."""
        self._messages = messages

    @cached_property
    def has_tags(self) -> bool:
        """Whether somebody's words, or those of a tool, hold a tag of reasoning."""
        return any(
            _TAG.search(text)
            for message in self._messages
            if message.get("role") not in _INSTRUCTING
            for text in _texts(message.get("content"))
        )


def _texts(content: object) -> list[str]:
    if not isinstance(content, list):
        return [text_of(content)]
    return [text_of(part.get("text")) for part in content if isinstance(part, dict)]
