"""Entries of a thread as the page shows them: days, bubbles, notes, system lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_layer import sentences
from channels_layer.access.actors import Staff
from conversations import failures, origins, panels, reasons, transports
from conversations.models import AuthorKind, Conversation, Message
from conversations.objects.conversation import Json
from conversations.objects.message import message_object
from conversations.objects.rendering import html_of_each
from conversations.origins import Origin
from conversations.selectors.messages import in_order
from conversations.services.deliveries import UNCLEAR_CODE
from conversations.services.floor import ASKED_BY_STAFF, LINES
from conversations.services.thread import STOPPED
from conversations.tool_line import ToolLine
from conversations.views.cards import ShownCard, cards_of, chose
from conversations.views.packets import HandoffPacket, packets_of

GROUP_WITHIN = timedelta(minutes=5)
LATE = frozenset({Message.Status.FAILED, Message.Status.QUEUED})
ICONS = {
    "requested": "person-plus",
    "accepted": "swap",
    "taken": "swap",
    "released": "return",
    "returned": "return",
    "withdrawn": "return",
    "run_ended": "return",
    "ended": "check",
    "reopened": "refresh",
    "paused": "clock",
    "blocked": "stop",
    "failed": "warning",
}
CUTS = {
    "cancelled": _("Stopped"),
    "superseded": _("Interrupted: a person took over"),
    "interrupted": _("Interrupted: the model broke off"),
    "length": _("Cut: the answer reached its longest length"),
    "limit": _("Cut: too many steps"),
    "error": _("Broken off: the model failed"),
    "replaced": _("Answered again below"),
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of the thread; ``day`` and ``is_unread`` put a separator before it.

    ``cut`` says how an answer was cut short, ``cut_detail`` what the model's provider said of it.
    """

    message: Message
    kind: str
    html: str
    icon: str = ""
    cut: str = ""
    cut_detail: str = ""
    day: date | None = None
    is_unread: bool = False
    is_grouped: bool = False
    is_end: bool = False
    tools: Sequence[ToolLine] = field(default_factory=tuple)
    reasoning: str = ""
    """The path at which staff can read what the model thought aloud."""
    attachments: Sequence[Json] = field(default_factory=tuple)
    cards: Sequence[ShownCard] = field(default_factory=tuple)
    handoff: HandoffPacket | None = None
    failure: str = ""
    is_unclear: bool = False
    is_delivered_elsewhere: bool = False
    was_stopped: bool = False

    @property
    def line(self) -> str:
        """The text of a system line in the reader's language."""
        return line_of(self.message)

    @property
    def origins(self) -> list[Origin]:
        """What the source says beside the words: an advertisement, a product, a forwarded text."""
        return origins.of(self.message.cards)

    @property
    def chose(self) -> str:
        """From whose offer the words were chosen; empty where they were typed."""
        return chose(self.message)

    @property
    def detail(self) -> str:
        """Why it happened, in the reader's language, unless the line says as much by itself."""
        is_own = self.message.author_kind == AuthorKind.CUSTOMER
        if self._is_request and is_own:
            return ""
        detail = self.message.detail
        return sentences.translated(reasons.informative(detail) if self._is_request else detail)

    @property
    def _is_request(self) -> bool:
        return self.message.change == "requested"

    @property
    def has_foot(self) -> bool:
        """Whether the foot shows how far the message has come."""
        if self.message.status == Message.Status.FAILED:
            return True
        is_read = self.message.status == Message.Status.READ and self.kind != AuthorKind.CUSTOMER
        return is_read or self.is_delivered_elsewhere


@dataclass(frozen=True, kw_only=True)
class Reader:
    """The reader of a thread: whose side the customer is on, and from where entries are new.

    ``is_elsewhere`` says that the customer reads elsewhere, so that messages are delivered;
    ``answered_at`` is the position of the customer's newest message.
    """

    actor: Staff
    is_mirrored: bool = False
    unread_after: int | None = None
    is_elsewhere: bool = False
    answered_at: int = 0


def is_elsewhere(conversation: Conversation) -> bool:
    """Return whether the customer reads elsewhere."""
    return transports.transport_of(conversation).delivers


def items_of(
    messages: Sequence[Message], *, reader: Reader, previous: Message | None = None
) -> list[Item]:
    """Return ``messages`` as items, in order; ``previous`` is the one before the first."""
    messages = in_order(messages)
    runs = [message.run_id for message in messages if message.run_id is not None]
    tools = panels.tool_lines(runs, reader.actor)
    reasoning = panels.reasoning_links(runs)
    said = panels.failure_words(_failed_runs(messages))
    packets = packets_of(messages)
    marker = _marker(messages, reader)
    days = _new_days(messages, previous)
    apart = {*days, marker.pk} if marker else set(days)
    html = html_of_each(one for one in messages if one.kind != Message.Kind.SYSTEM)
    items = []
    for message in messages:
        items.append(
            Item(
                message=message,
                kind=_kind(message),
                html=html.get(message.pk, ""),
                icon=panels.icon_of(message.change) or ICONS.get(message.change, "swap"),
                cut=_cut(message, reader),
                cut_detail=said.get(message.run_id, "") if message.run_id else "",
                failure=_failure(message, reader),
                is_unclear=message.error_code == UNCLEAR_CODE,
                is_delivered_elsewhere=_is_outward(message, reader),
                was_stopped=message.error in STOPPED,
                day=days.get(message.pk),
                is_unread=message is marker,
                is_grouped=message.pk not in apart and _is_grouped(message, previous),
                is_end=_is_end(message) != reader.is_mirrored,
                tools=tools.get(message.run_id, []) if message.run_id else [],
                reasoning=reasoning.get(message.run_id, "") if message.run_id else "",
                **_shown(message, reader),
                handoff=packets.get(message.pk),
            )
        )
        previous = message
    return items


def _shown(message: Message, reader: Reader) -> Json:
    """Return the files and the cards of a message, with links."""
    shown = message_object(message)
    cards = cards_of(message, shown, answered_at=reader.answered_at)
    return {"attachments": shown["attachments"], "cards": cards}


def _failed_runs(messages: Sequence[Message]) -> list[UUID]:
    """Return the runs of the messages that say that an answer failed."""
    return [one.run_id for one in messages if one.run_id and one.error in failures.FAILURES]


def _kind(message: Message) -> str:
    """Return the template's kind: event, note, customer, assistant, agent."""
    if message.kind == Message.Kind.SYSTEM:
        return "event"
    if message.kind == Message.Kind.NOTE:
        return "note"
    return "agent" if message.author_kind == AuthorKind.SYSTEM else message.author_kind


def _is_outward(message: Message, reader: Reader) -> bool:
    is_ours = message.author_kind != AuthorKind.CUSTOMER and message.is_public
    return reader.is_elsewhere and is_ours and message.kind == Message.Kind.MESSAGE


def _cut(message: Message, reader: Reader) -> str:
    """Return how an answer was cut short; why it did not arrive is shown beside its state."""
    words = _cut_by_code(message.error)
    if words or _is_outward(message, reader):
        return words
    return sentences.translated(message.error)


def _cut_by_code(code: str) -> str:
    return str(CUTS.get(code, "")) or failures.sentence_of(code)


def _failure(message: Message, reader: Reader) -> str:
    """Return why a message did not arrive, or why it still waits."""
    is_late = message.status in LATE and _is_outward(message, reader)
    return (
        sentences.translated(message.error) if is_late and not _cut_by_code(message.error) else ""
    )


def _is_end(message: Message) -> bool:
    return message.author_kind != AuthorKind.CUSTOMER


def _is_grouped(message: Message, previous: Message | None) -> bool:
    if previous is None or message.run_id is not None:
        return False
    return (
        previous.kind == message.kind
        and previous.author_kind == message.author_kind
        and previous.author_id == message.author_id
        and message.created_at - previous.created_at < GROUP_WITHIN
    )


def _new_days(messages: Sequence[Message], previous: Message | None) -> dict[UUID, date]:
    """Return the days that begin with a message, by its id.

    What was written before midnight may stand below an answer that was finished after it.
    """
    days: dict[UUID, date] = {}
    latest = _day_of(previous) if previous else date.min
    for message in messages:
        if _day_of(message) > latest:
            latest = days[message.pk] = _day_of(message)
    return days


def _day_of(message: Message) -> date:
    return timezone.localtime(message.created_at).date()


def _marker(messages: Sequence[Message], reader: Reader) -> Message | None:
    """Find the first customer message that the reader has not seen."""
    if not reader.unread_after:
        return None
    return next(
        (
            message
            for message in messages
            if message.position > reader.unread_after
            and message.author_kind == AuthorKind.CUSTOMER
            and message.kind == Message.Kind.MESSAGE
        ),
        None,
    )


def line_of(message: Message) -> str:
    """Return the text of a system line, which is stored in English, in the reader's language."""
    return sentences.translated(message.text, among=_lines(message.change))


def _lines(change: str) -> tuple[str, ...] | None:
    """Return the lines about a change of the floor; None for other lines, which are registered."""
    if change not in LINES:
        return None
    return (ASKED_BY_STAFF, LINES[change]) if change == "requested" else (LINES[change],)
