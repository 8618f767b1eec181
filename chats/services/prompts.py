"""Prompts: what a run's model reads of a conversation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, cast
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from channels_layer import names
from channels_layer.prepared import Prepared, Slot
from chats import tools
from chats.engine import context
from chats.engine.context import Context, Turn
from chats.engine.instructions import SystemPrompt
from chats.engine.parts import ModelRequest
from chats.models import Run, Summary
from chats.selectors import customers
from chats.services import backgrounds, windows
from chats.tools import Offer, Tool
from conversations import cards, origins
from conversations.models import AuthorKind, Message
from conversations.models.message import place_of
from conversations.selectors import attachments, messages
from conversations.selectors.attachments import Shown

OUTPUT = 2000
"""Tokens that are kept free for the answer, at least."""
TOOLS_SHARE = 0.2
"""The share of the window that is kept free for results of tools."""
MOST_MESSAGES = 1000


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """The input of a run's model; ``overflow`` are messages that have to be summarised first.

    ``room`` is the number of tokens left for results of tools; ``seconds`` are the limits of time
    that differ from the deployment's.
    """

    model: str
    context: Context
    tools: list[Tool]
    options: dict[str, Any]
    overflow: list[Turn]
    summary: str
    room: int
    seconds: dict[str, float]

    def request(self) -> ModelRequest:
        """Return what the model is asked first."""
        definitions = [tool.definition() for tool in self.tools]
        return ModelRequest(self.model, self.context.messages, definitions, self.options)


class _Said(NamedTuple):
    """What is read of a message: there may be a thousand of them, and an answer waits for it."""

    id: UUID
    position: int
    behind: int | None
    author_kind: str
    author_name: str
    text: str
    cards: list[dict[str, Any]]
    reply_to__text: str | None
    reply_to__author_kind: str | None
    reply_to__is_public: bool | None

    @property
    def place(self) -> float:
        """Where it stands in the thread."""
        return place_of(self.position, self.behind)


def _newest() -> QuerySet[Message, tuple[Any, ...]]:
    """Select the newest messages behind a position, without questions that a run did not see."""
    rows = messages.history(Slot(Message, "conversation"))
    rows = rows.filter(position__gt=Slot(Message, "position", name="after"))
    seen = Slot(Message, "position", name="answers_to")
    rows = rows.exclude(author_kind=AuthorKind.CUSTOMER, position__gt=seen)
    return rows.order_by("-position").values_list(*_Said._fields)[:MOST_MESSAGES]


_NEWEST = Prepared(_newest)
_SUMMARY = Prepared(lambda: Summary.objects.filter(conversation=Slot(Summary, "conversation")))


@dataclass(frozen=True, kw_only=True)
class _Head:
    """What a prompt begins with: the system prompt and the background."""

    system: str
    background: str

    def followed_by(self, turns: Sequence[Turn], window: int) -> Context:
        """Return the context of the newest ``turns`` for which ``window`` has room."""
        return context.build(
            self.system,
            turns,
            window=window,
            output=OUTPUT + int(window * TOOLS_SHARE),
            background=self.background,
        )


def build(*, run: Run, at: datetime, window: int | None = None) -> Prompt:
    """Build the prompt of ``run``: the history up to the message it answers, variables, tools.

    When not everything fits into ``window`` tokens, ``overflow`` names what to summarise first: so
    much that half of the window is free again, so that this is not to be done with every message.
    """
    conversation = run.conversation
    window = window or windows.window_of(run)
    summary = _SUMMARY.first(conversation=conversation.pk)
    turns = _turns(run, after=summary.position if summary else 0)
    offer = tools.offer(run.assistant)
    text = summary.text if summary else ""
    customer = customers.customer_of(conversation)
    head = _Head(
        system=_system(run, customer.known, turns, offer=offer, at=at),
        background=backgrounds.background(conversation, stated=customer.stated, summary=text),
    )
    built = head.followed_by(turns, window)
    overflow: list[Turn] = []
    if built.dropped:
        overflow = _whole_questions(head.followed_by(turns, window // 2).dropped, turns)
    room = int(window * (1 - context.RESERVE)) - built.tokens
    longest = _longest_answer(room, window)
    options: dict[str, Any] = {"max_tokens": longest}
    if run.assistant.temperature is not None:
        options["temperature"] = run.assistant.temperature
    return Prompt(
        model=_model(run, turns[len(built.dropped) :]),
        context=built,
        tools=offer.tools,
        options=options,
        overflow=overflow,
        summary=text,
        room=room - longest,
        seconds=run.assistant.seconds,
    )


def _longest_answer(room: int, window: int) -> int:
    """Return how many tokens the answer may have in the ``room`` that a prompt leaves.

    What results of tools may take is not given away.
    """
    return min(settings.LLM_MAX_TOKENS, max(OUTPUT, room - int(window * TOOLS_SHARE)))


def _model(run: Run, turns: Sequence[Turn]) -> str:
    """Return the run's model; where there are images, the one that reads them."""
    has_images = any(turn.images for turn in turns)
    return settings.LLM_VISION_MODEL if has_images and not run.assistant.model else run.model


def _turns(run: Run, *, after: int) -> list[Turn]:
    """Return the turns up to the message that ``run`` answers, in the order of the thread."""
    newest = _NEWEST.rows(conversation=run.conversation_id, after=after, answers_to=run.answers_to)
    found = messages.in_order(_Said(*row) for row in newest)
    positions = {said.id: said.position for said in found}
    files = attachments.shown_to_model(run.conversation, positions, can_see=True)
    shown = {name: names.shown(name) for name in {said.author_name for said in found}}
    turns = [
        _turn(said, asked=asked, name=shown[said.author_name], files=files.get(said.id))
        for said, asked in _with_questions(found, after=after)
    ]
    return [turn for turn in turns if turn.position > after]


def _with_questions(found: Sequence[_Said], *, after: int) -> Iterator[tuple[_Said, int]]:
    """Yield each message with the position of what it answers, or else its own.

    An answer without a question among them belongs to the one at ``after``, if that is a position.
    """
    asked = after
    for said in found:
        if said.author_kind != AuthorKind.ASSISTANT:
            asked = said.position
        yield said, asked or said.position


def _whole_questions(dropped: Sequence[Turn], turns: Sequence[Turn]) -> list[Turn]:
    """Shorten ``dropped`` to end with the last answer to a question.

    A question is summarised with its answers, but for the newest, which stays to be answered.
    """
    end = dropped[-1].position
    if end == turns[-1].position:
        return [turn for turn in dropped if turn.position < end]
    return [turn for turn in turns if turn.kind == "message" and turn.position <= end]


def _turn(said: _Said, *, asked: int, name: str, files: Shown | None) -> Turn:
    """Return one message as a turn; what is not public is not quoted."""
    author = cast("Literal['customer', 'assistant', 'agent', 'system']", said.author_kind)
    return Turn(
        position=asked,
        author=author,
        text=_words(said),
        name=name,
        images=files.images if files else (),
        image_lines=files.image_lines if files else (),
        attachments=files.lines if files else (),
        quoted=(said.reply_to__text or "") if said.reply_to__is_public else "",
        quoted_author=(said.reply_to__author_kind or "") if said.reply_to__is_public else "",
        origin=origins.words_of(said.cards),
    )


def _words(said: _Said) -> str:
    """Return the text of a message, and the cards below an assistant's as their reader saw them."""
    if said.author_kind != AuthorKind.ASSISTANT or not said.cards:
        return said.text
    return "\n\n".join(filter(None, (said.text, cards.as_text(said.cards))))


def _system(
    run: Run,
    known: Mapping[str, str],
    turns: list[Turn],
    *,
    offer: Offer,
    at: datetime,
) -> str:
    assistant = run.assistant
    return SystemPrompt(
        name=assistant.name,
        instructions=assistant.instructions,
        today=at.date(),
        known=known,
        tools=[tool.name for tool in offer.tools],
        out_of_order=offer.out_of_order,
        has_colleagues=any(turn.author in {"agent", "system"} for turn in turns),
    ).text()
