"""Shortening: a request cut to what its model reads, saying where something is left out."""

import re
from collections.abc import Sequence

from chats.engine import context, limits, quoting
from chats.engine.parts import Json, cut

LEFT_OUT = "[Earlier messages were left out.]"
SHORTEST = 200
"""Code points that are kept of the newest message, however little room there is."""
_BACKGROUND = re.compile(
    rf"(?:<({quoting.ABOUT}|{quoting.BEFORE}|{quoting.COLLEAGUES})>\n.*?\n</\1>\s*)+", re.S
)


def fitted(messages: Sequence[Json], room: int) -> list[Json]:
    """Return ``messages`` shortened to ``room`` tokens.

    Long results of tools go first, then the oldest messages, then the middle of the newest. What
    the system says stays, as does what follows the customer's newest message.
    """
    if tokens_of(messages) <= room:
        return list(messages)
    shorter = limits.fitted(messages, room)
    if tokens_of(shorter) <= room:
        return shorter
    newest = _newest(shorter)
    start = 1 if shorter and shorter[0].get("role") == "system" else 0
    kept = _without_oldest(shorter, start, newest, room)
    over = tokens_of(kept) - room
    if over <= 0:
        return kept
    at = _newest(kept)
    return [*kept[:at], _cut(kept[at], over), *kept[at + 1 :]]


def tokens_of(messages: Sequence[Json]) -> int:
    """Estimate the tokens of ``messages``."""
    return sum(context.tokens_of(message) for message in messages)


def _newest(messages: Sequence[Json]) -> int:
    """Return the place of the customer's newest message, else of the last one."""
    places = [at for at, message in enumerate(messages) if message.get("role") == "user"]
    return places[-1] if places else max(len(messages) - 1, 0)


def _without_oldest(messages: Sequence[Json], start: int, newest: int, room: int) -> list[Json]:
    """Leave the oldest messages from ``start`` to ``newest`` out until the rest fits."""
    over = tokens_of(messages) - room
    said = [*_background(messages[start:newest]), {"role": "user", "content": LEFT_OUT}]
    over += tokens_of(said)
    at = start
    while at < newest and (over > 0 or messages[at].get("role") == "tool"):
        over -= context.tokens_of(messages[at])
        at += 1
    if at == start:
        return list(messages)
    return [*messages[:start], *said, *messages[at:]]


def _background(messages: Sequence[Json]) -> list[Json]:
    """Return what a conversation's first message tells of the time before it."""
    content = messages[0].get("content") if messages else ""
    found = _BACKGROUND.match(content) if isinstance(content, str) else None
    return [{"role": "user", "content": found[0].strip()}] if found else []


def _cut(message: Json, over: int) -> Json:
    """Return ``message`` with the middle of its longest text left out, ``over`` tokens less."""
    content = message.get("content")
    if isinstance(content, str):
        return {**message, "content": _shortened(content, over)}
    if not isinstance(content, list):
        return message
    texts = [at for at, part in enumerate(content) if part.get("type") == "text"]
    if not texts:
        return message
    longest = max(texts, key=lambda at: len(content[at]["text"]))
    part = {**content[longest], "text": _shortened(content[longest]["text"], over)}
    return {**message, "content": [*content[:longest], part, *content[longest + 1 :]]}


def _shortened(text: str, over: int) -> str:
    """Return ``text`` with so much less in its middle, by the bytes that its signs take."""
    bytes_each = max(len(text.encode()) / max(len(text), 1), 1)
    fewer = int((over + 10) * context.BYTES_PER_TOKEN / bytes_each) + 1
    return cut(text, max(len(text) - fewer, SHORTEST))
