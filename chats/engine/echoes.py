"""Echoes: what a refusal quotes of the conversation, which says nothing of the model.

Whoever writes words that a server repeats must not decide how the model is asked from then on.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from chats.engine.parts import Json

_WORD = re.compile(r"\w+")
_QUOTED = re.compile(
    r"'[^']*'|\"[^\"]*\"|`[^`]*`|\u201c[^\u201d]*\u201d|\u2018[^\u2019]*\u2019|«[^»]*»"
)
_SENTENCE = re.compile(r"[.!?;:,\n]+")
_RUN = 5
"""Words in a row that stand in the conversation, too, are no accident."""
_SHORT = range(3, _RUN)
"""Words of a sentence that is repeated as a whole."""
_QUOTED_WORDS = 2
_LONGEST = 200
"""Characters of such a sentence."""


def without(words: str, messages: Sequence[Json]) -> str:
    """Return ``words`` without what they quote of what was said in ``messages``."""
    said = [text for message in messages for text in _texts(message)]
    text = _flat("\n".join(said))
    places = list(_WORD.finditer(words))
    spans = [*_runs(places, text), *_quotes(words, text), *_sentences(places, said)]
    kept, end = "", 0
    for start, stop in sorted(spans):
        if start >= end:
            kept += f"{words[end:start]}…"
        end = max(end, stop)
    return kept + words[end:]


def _runs(places: Sequence[re.Match[str]], text: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand in a row that stand in ``text`` in the same row."""
    for first, last in zip(places, places[_RUN - 1 :], strict=False):
        if _flat(first.string[first.start() : last.end()]) in text:
            yield first.start(), last.end()


def _quotes(words: str, text: str) -> Iterator[tuple[int, int]]:
    for found in _QUOTED.finditer(words):
        quoted = _flat(found[0])
        if quoted.count(" ") > _QUOTED_WORDS and quoted in text:
            yield found.span()


def _sentences(places: Sequence[re.Match[str]], said: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where a short sentence is repeated as a whole."""
    rows = [place[0].lower() for place in places]
    parts = (part for text in said for part in _SENTENCE.split(text))
    sentences = {_flat(part) for part in parts if len(part) < _LONGEST}
    for count in _SHORT:
        for at in range(len(rows) - count + 1):
            if f" {' '.join(rows[at : at + count])} " in sentences:
                yield places[at].start(), places[at + count - 1].end()


def _flat(text: str) -> str:
    """Return the words of ``text`` alone, each between blanks."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _texts(message: Json) -> Iterator[str]:
    """Yield what somebody said in a message; the system's words are the deployment's own."""
    if message.get("role") == "system":
        return
    content = message.get("content")
    if isinstance(content, str):
        yield content
    for part in content if isinstance(content, list) else ():
        if isinstance(part.get("text"), str):
            yield part["text"]
    for call in message.get("tool_calls") or ():
        yield str(call["function"].get("arguments") or "")
