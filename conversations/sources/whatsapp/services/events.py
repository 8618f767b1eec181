"""Webhook events: stored as they came, then worked item by item, with retries.

One worker at a time works a sender's events, in the order in which they came; an event that has
to wait for something holds up no other.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Now

from channels_layer import prepared
from channels_layer.prepared import Prepared, Slot
from channels_layer.work import leases
from channels_layer.work.jobs import Hint, enqueue
from conversations.sources.whatsapp import parser
from conversations.sources.whatsapp.models import Sender, WebhookEvent
from conversations.sources.whatsapp.parser import MalformedError
from conversations.sources.whatsapp.services import items
from conversations.sources.whatsapp.services.items import Step

logger = logging.getLogger(__name__)

TASK = "conversations.work_webhooks"
LEASE_SECONDS = 8.0
"""How long a worker may go without renewing before another one takes an event over."""
PATIENCE = timedelta(seconds=60)
"""For how long, from the first attempt, an item that came too early waits for another."""
TRIED_FOR = timedelta(hours=24)
"""For how long, from the first attempt, an item that fails is retried."""
LEAST_ATTEMPTS = 3
PAUSE_SECONDS = 2.0
LONGEST_PAUSE = 10.0
LONGEST_LATER_PAUSE = 3600.0
"""Seconds between attempts beyond the patience; they grow with the time that has gone by."""
BODIES_KEPT = timedelta(days=30)
WORKED_AT_ONCE = 100
READ_AT_ONCE = 50
LONGEST_ERROR = 4000

State = WebhookEvent.State


@dataclass
class _Tally:
    """The result of working an event: unreadable parts, failures, and whether an item waits."""

    problems: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    waits: bool = False
    about: str = ""

    def fail(self, name: str, error: Exception) -> None:
        """Record that ``name`` failed."""
        self.faults.append(f"{name}: {type(error).__name__}: {error}")

    @property
    def error(self) -> str:
        """All problems and failures, by lines."""
        return "\n".join([*self.problems, *self.faults])[:LONGEST_ERROR]


def store(*, sender: Sender, body: bytes, at: datetime) -> bool:
    """Store a webhook as it came, and hint at it; false: the same is stored already.

    A body that is no UTF-8 is stored legibly; it is no JSON either, so no meaning is lost.
    """
    digest = sha256(body).hexdigest()
    text = body.decode("utf-8", "backslashreplace").replace("\0", "\\x00")
    event = WebhookEvent(sender=sender, digest=digest, body=text, received_at=at, next_at=at)
    with transaction.atomic():
        is_new = prepared.insert_new(event)
        if is_new:
            enqueue(TASK, sender=sender.pk)
    return is_new


def work(*, sender_id: UUID, clock: Callable[[], datetime]) -> int:
    """Work a sender's events, oldest first; return how many were handled.

    Being called twice at the same moment does no harm: the second worker leaves the rest to
    the first. After 100 events it hints at the rest, so that a worker can stop in between.
    """
    for number in range(WORKED_AT_ONCE):
        claimed = _claim_next(sender_id, at=clock())
        if claimed is None:
            return number
        _work(claimed, at=clock())
    enqueue(TASK, sender=sender_id)
    return WORKED_AT_ONCE


def work_again(*, events: Iterable[WebhookEvent], at: datetime) -> int:
    """Queue events once more, as long as their bodies are kept; return how many."""
    senders = {event.pk: event.sender_id for event in events if event.body}
    WebhookEvent.objects.filter(pk__in=senders).exclude(body="").update(
        state=State.QUEUED, attempts=0, begun_at=None, next_at=at, lease_until=None
    )
    for sender_id in set(senders.values()):
        enqueue(TASK, sender=sender_id)
    return len(senders)


def prune(*, at: datetime) -> int:
    """Empty bodies that are older than 30 days; the digests stay, so a replay stays one.

    What failed is kept, for it may be worked again once the reason is mended, and so is the
    history of a number from before it was connected, which is shown nowhere else.
    """
    old = WebhookEvent.objects.filter(received_at__lt=at - BODIES_KEPT).exclude(body="")
    is_history = Q(about__startswith=items.HISTORY)
    return old.filter(state=State.DONE).exclude(is_history).update(body="")


def due(at: datetime) -> Iterable[Hint]:
    """Yield the senders with due events that no worker has, for the sweeper."""
    for sender_id in _SENDERS.rows(at=at):
        yield TASK, {"sender": str(sender_id)}


def _senders() -> QuerySet[WebhookEvent, UUID]:
    rows = _due(Slot(WebhookEvent, "next_at", name="at"))
    free = rows.filter(Q(lease_until=None) | Q(lease_until__lte=Now()))
    return free.order_by().values_list("sender_id", flat=True).distinct()


_SENDERS = Prepared(_senders)


def _due(at: datetime | Slot) -> QuerySet[WebhookEvent]:
    return WebhookEvent.objects.filter(state=State.QUEUED, next_at__lte=at)


@transaction.atomic
def _claim_next(sender_id: UUID, *, at: datetime) -> WebhookEvent | None:
    """Claim the oldest due event, unless another worker works one for the first time.

    Workers claim one after the other: a worker that read while another one claims would take the
    next event and work it beside the first.
    """
    if not Sender.objects.select_for_update(no_key=True).filter(pk=sender_id).exists():
        return None
    rows = _due(at).filter(sender_id=sender_id).order_by("received_at", "id")
    held = Q(lease_until__gt=Now())
    seen = rows.annotate(is_held=held).values_list("pk", "attempts", "is_held")[:READ_AT_ONCE]
    for pk, attempts, is_held in seen:
        if is_held and attempts <= 1:
            return None
        begun_at = Coalesce("begun_at", Value(at, output_field=DateTimeField()))
        mine = leases.claimed(
            WebhookEvent.objects.select_related("sender__source__assistant"),
            pk,
            seconds=LEASE_SECONDS,
            where=Q(state=State.QUEUED),
            begun_at=begun_at,
        )
        if mine is not None:
            return mine
    return None


def _work(event: WebhookEvent, *, at: datetime) -> None:
    fence = event.fence
    waited = at - (event.begun_at or at)
    is_last = event.attempts >= LEAST_ATTEMPTS and waited >= PATIENCE
    tally = _Tally()
    try:
        steps = _steps(event, tally, at=at)
    except MalformedError as refusal:
        leases.finish(WebhookEvent, event.pk, fence=fence, state=State.FAILED, error=str(refusal))
        return
    for name, step in steps:
        if not leases.renew(WebhookEvent, event.pk, fence=fence, seconds=LEASE_SECONDS):
            return
        _take_step(name, step, tally, is_last=is_last)
    is_over = event.attempts >= LEAST_ATTEMPTS and waited >= TRIED_FOR
    if (tally.faults and not is_over) or (tally.waits and not is_last):
        mine = WebhookEvent.objects.filter(pk=event.pk, fence=fence)
        next_at = at + _pause(event.attempts, waited)
        mine.update(lease_until=None, next_at=next_at, error=tally.error)
        return
    state = State.FAILED if tally.error else State.DONE
    leases.finish(
        WebhookEvent, event.pk, fence=fence, state=state, error=tally.error, about=tally.about
    )


def _steps(event: WebhookEvent, tally: _Tally, *, at: datetime) -> list[tuple[str, Step]]:
    """Return the steps of an event; a fault of our own in parsing it is retried, too.

    :raises MalformedError: it can never be parsed.
    """
    try:
        parsed = parser.parse(event.body)
        tally.problems += parsed.problems
        tally.about = items.about(parsed)
        return list(items.steps(event.sender, parsed, at=at))
    except MalformedError:
        raise
    except Exception as error:
        logger.exception("Reading webhook %s failed", event.pk)
        tally.fail("reading", error)
        return []


def _take_step(name: str, step: Step, tally: _Tally, *, is_last: bool) -> None:
    """Take one step; one that fails stops no other."""
    try:
        tally.waits = not step(is_last=is_last) or tally.waits
    except Exception as error:
        logger.exception("Working %s failed", name)
        tally.fail(name, error)


def _pause(attempts: int, waited: timedelta) -> timedelta:
    """Return how long to wait before the next attempt: briefly at first, then ever longer."""
    pause = min(PAUSE_SECONDS * attempts, LONGEST_PAUSE)
    if waited >= PATIENCE:
        pause = min(max(pause, waited.total_seconds() / 2), LONGEST_LATER_PAUSE)
    return timedelta(seconds=pause)
