"""The context: the messages of a conversation that a model reads.

Everything here is pure: the same turns and the same window give the same messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from chats.engine import quoting
from chats.engine.parts import Json

RESERVE = 0.05
"""The share of the window that stays free, since tokens are estimated."""

LONGEST_QUOTE = 300
BYTES_PER_TOKEN = 3
_TOKENS_PER_MESSAGE = 6
_TOKENS_PER_IMAGE = 1000


@dataclass(frozen=True)
class Turn:
    """One entry of a conversation, as a model may read it.

    ``position`` is that of the entry, of an answer that of its question. ``kind`` is ``message``,
    ``note`` or ``system``; notes and system lines, which report handoffs, are never sent.
    ``images`` are data URLs, ``image_lines`` what is known of each; ``attachments`` are lines about
    other files; ``quoted`` is the text that it answers, written by ``quoted_author``; ``origin`` is
    what stands beside the words.
    """

    position: int
    author: Literal["customer", "assistant", "agent", "system"]
    text: str
    kind: str = "message"
    name: str = ""
    images: tuple[str, ...] = ()
    image_lines: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    quoted: str = ""
    quoted_author: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Context:
    """The messages for the model; ``dropped`` are the turns for which there was no room."""

    messages: list[Json]
    dropped: list[Turn]
    tokens: int


def build(
    system: str, turns: Sequence[Turn], *, window: int, output: int, background: str = ""
) -> Context:
    """Return the newest ``turns`` that fit beside ``system`` and ``output`` tokens of answer.

    The customer's last turn is always there, however long it is. The ``background`` stands before
    all turns, in the user's role, for it holds customers' words.
    """
    spoken = [turn for turn in turns if turn.kind == "message"]
    head: Json = {"role": "system", "content": system}
    fixed = tokens_of(head) + (tokens_of(_user(background)) if background else 0)
    room = int(window * (1 - RESERVE)) - output - fixed
    kept: list[Json] = []
    used = 0
    for turn in reversed(spoken):
        message = _message(turn)
        cost = tokens_of(message)
        if kept and used + cost > room:
            break
        kept.append(message)
        used += cost
    dropped = spoken[: len(spoken) - len(kept)]
    messages = _behind(background, kept[::-1]) if background else kept[::-1]
    return Context([head, *messages], dropped, used + fixed)


def tokens_of(message: Json) -> int:
    """Estimate the tokens of ``message``, rather too high than too low."""
    content = message["content"] or ""
    if isinstance(content, str):
        calls = (call["function"]["arguments"] for call in message.get("tool_calls", ()))
        size = len(content.encode()) + sum(len(written.encode()) for written in calls)
        return size // BYTES_PER_TOKEN + _TOKENS_PER_MESSAGE
    images = sum(1 for part in content if part["type"] == "image_url")
    size = sum(len(part["text"].encode()) for part in content if part["type"] == "text")
    return size // BYTES_PER_TOKEN + _TOKENS_PER_IMAGE * images + _TOKENS_PER_MESSAGE


def _behind(background: str, messages: Sequence[Json]) -> list[Json]:
    """Return ``messages`` behind the background, as one message with a first one of the user."""
    if not messages or messages[0]["role"] != "user":
        return [_user(background), *messages]
    first, content = messages[0], messages[0]["content"]
    if isinstance(content, str):
        return [_user(f"{background}\n\n{content}"), *messages[1:]]
    return [{**first, "content": [_text(background), *content]}, *messages[1:]]


def _message(turn: Turn) -> Json:
    """Return ``turn`` in the role that a model knows."""
    text = "\n".join(
        part for part in (_quote(turn), _origin(turn), _words(turn), *_files(turn)) if part
    )
    if turn.author == "assistant":
        return {"role": "assistant", "content": text}
    if turn.author in {"agent", "system"}:
        return {"role": "assistant", "content": f"[{colleague(turn.name)}]: {text}"}
    if not turn.images:
        return _user(text)
    parts: list[Json] = [_text(text)] if text else []
    parts += [_image(*one) for one in zip_longest(turn.images, turn.image_lines)]
    return {"role": "user", "content": parts}


def _image(url: str, words: str | None) -> Json:
    """Return an image with the words that stand for it where a model sees none."""
    shown: Json = {"type": "image_url", "image_url": {"url": url}}
    return {**shown, "words": words} if words else shown


def colleague(name: str) -> str:
    """Return the prefix of a message that a person called ``name`` wrote, not the assistant."""
    return f"human colleague {name}".strip()


def _user(text: str) -> Json:
    return {"role": "user", "content": text}


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _words(turn: Turn) -> str:
    return quoting.defused(turn.text) if turn.author == "customer" else turn.text


def _origin(turn: Turn) -> str:
    """Return where the customer's words come from; in no other role, for others wrote it."""
    is_told = turn.origin and turn.author == "customer"
    return quoting.fenced(quoting.ORIGIN, turn.origin) if is_told else ""


def _files(turn: Turn) -> list[str]:
    return [quoting.fenced(quoting.FILE, line) for line in turn.attachments]


def _quote(turn: Turn) -> str:
    """Return what the turn answers; a customer's words stand in no message of another role."""
    is_customer = turn.author == "customer"
    if not turn.quoted or (not is_customer and turn.quoted_author == "customer"):
        return ""
    text = quoting.in_one_line(turn.quoted, LONGEST_QUOTE)
    return quoting.fenced(quoting.QUOTE, f"{turn.quoted_author}: {text}")
