"""Sweeps: due answers, runs without a worker or a right to speak, decisions, titles."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from channels_layer.prepared import Prepared, Slot
from channels_layer.work.jobs import Hint
from chats.models import Run, Titling, ToolCall
from chats.selectors.parties import PER_CONTACT
from conversations.models import Conversation

MOST = 200


def _unanswered() -> QuerySet[Conversation, UUID]:
    running = Run.objects.filter(conversation=OuterRef("pk"), status=Run.Status.RUNNING)
    place = Window(
        RowNumber(), partition_by=Coalesce("contact_id", "id"), order_by=["answer_due_at", "id"]
    )
    at = Slot(Conversation, "answer_due_at", name="at")
    due = Conversation.objects.filter(~Exists(running), answer_due_at__lte=at)
    rows = due.annotate(place=place).filter(place__lte=PER_CONTACT)
    return rows.order_by("place", "answer_due_at").values_list("pk", flat=True)[:MOST]


def _abandoned() -> QuerySet[Run, Any]:
    at: Any = Slot(Run, "lease_until", name="at")
    return Run.objects.abandoned(at).order_by("id").values_list("conversation_id", flat=True)[:MOST]


_UNANSWERED = Prepared(_unanswered)
_ABANDONED = Prepared(_abandoned)
_STALE = Prepared(
    lambda: (
        Run.objects.filter(status=Run.Status.WAITING)
        .exclude(epoch=F("conversation__epoch"))
        .order_by("id")
        .values_list("pk", flat=True)[:MOST]
    )
)
_UNDECIDED = Prepared(
    lambda: (
        ToolCall.objects.pending()
        .filter(expires_at__lte=Slot(ToolCall, "expires_at", name="at"))
        .order_by("expires_at", "id")
        .values_list("pk", flat=True)[:MOST]
    )
)
_UNTITLED = Prepared(
    lambda: (
        Titling.objects.filter(next_at__lte=Slot(Titling, "next_at", name="at"))
        .order_by("next_at")
        .values_list("conversation_id", flat=True)[:MOST]
    )
)


def unanswered(at: datetime) -> Iterable[Hint]:
    """Name conversations whose answer is due and that have no worker.

    Of each contact no more than it may hold at once, and everybody's first before anybody's second:
    whoever asks in hundreds of conversations keeps nobody else from being seen.
    """
    for pk in _UNANSWERED.rows(at=at):
        yield "chats.answer", {"conversation": str(pk)}


def abandoned(at: datetime) -> Iterable[Hint]:
    """Name conversations with a run that needs a worker."""
    for pk in _ABANDONED.rows(at=at):
        yield "chats.answer", {"conversation": str(pk)}


def stale(at: datetime) -> Iterable[Hint]:
    """Name waiting runs whose conversation has moved on."""
    del at
    for pk in _STALE.rows():
        yield "chats.settle", {"run": str(pk)}


def undecided(at: datetime) -> Iterable[Hint]:
    """Name calls on which nobody decided in time."""
    for pk in _UNDECIDED.rows(at=at):
        yield "chats.expire", {"call": str(pk)}


def untitled(at: datetime) -> Iterable[Hint]:
    """Name conversations that lack a title."""
    for pk in _UNTITLED.rows(at=at):
        yield "chats.title", {"conversation": str(pk)}
