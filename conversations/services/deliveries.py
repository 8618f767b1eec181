"""Deliveries to customers who read elsewhere, sent one after the other, never twice.

Code that changes a delivery's state holds its conversation's lock; the claim of a worker and the
moment at which it begins to send are conditional updates of the row alone.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from channels_layer.access.actors import System
from channels_layer.errors import DomainError
from channels_layer.prepared import Prepared, Slot
from channels_layer.work import leases
from channels_layer.work.jobs import Hint, enqueue
from conversations import transports
from conversations.models import AuthorKind, Conversation, Delivery, Message
from conversations.services import thread
from conversations.transports import ReportEffect, SendResult, SendStatus, StatusReport, Transport
from handoff import services as handoff
from handoff.models import Control
from handoff.services import EndedError

TASK = "conversations.deliver"
PREPARING_SECONDS = 60.0
"""How long a worker may prepare a delivery (upload its file) before another one takes it."""
SENDING_SECONDS = 50.0
"""How long a worker may take for the request that sends."""
UNCLEAR_SECONDS = 60.0
"""How long the report of an unclear delivery is waited for."""
MOST_ATTEMPTS = 300
LONGEST_PAUSE = 300.0
SWEPT_AT_ONCE = 200
SENT_AT_ONCE = 20

UNCLEAR_CODE = "unclear"
OTHER_CODE = "other"
"""The code of a failure to which the other side gave none."""
UNCLEAR = gettext_noop(
    "Not known whether this arrived. Send it again if the customer did not get it."
)
NOT_DELIVERED = gettext_noop("An answer was not delivered")
GIVEN_UP = gettext_noop("This could not be sent for a long time. Send it again.")

State = Delivery.State
UNCERTAIN = (State.QUEUED, State.SENDING, State.UNKNOWN)
OPEN = (State.QUEUED, State.SENDING)
AGAIN = (State.FAILED, State.UNKNOWN)
RANKS = {State.SENT.value: 1, State.DELIVERED.value: 2, State.READ.value: 3}


class NotFailedError(DomainError):
    """No delivery of the message failed, so none is sent again."""

    code = "not_failed"
    detail = _("Nothing of this message failed.")


def deliver(*, conversation_id: UUID, clock: Callable[[], datetime]) -> int:
    """Send the due deliveries of a conversation in order; return how many were handled.

    ``clock`` returns the present time, as sending takes a while. Being called twice at the same
    moment does no harm: every delivery is claimed by one. After 20 deliveries it hints at the
    rest, so that a worker can do something else in between.
    """
    rows = Conversation.objects.select_related("source", "contact")
    conversation = rows.filter(pk=conversation_id).first()
    for number in range(SENT_AT_ONCE):
        if conversation is None or not _deliver_next(conversation, clock):
            return number
    enqueue(TASK, conversation=conversation_id)
    return SENT_AT_ONCE


def record_report(*, source_id: UUID, report: StatusReport, at: datetime) -> ReportEffect:
    """Record a provider's report of a source's delivery; ``UNKNOWN``: no such delivery (yet).

    The delivery is found by the provider's id, else by its tracker. It only moves forward; what
    was delivered does not fail any more, and only the present attempt does.
    """
    found = _named(source_id, report)
    if found is None:
        return ReportEffect.UNKNOWN
    with transaction.atomic():
        conversation = Conversation(pk=found.conversation_id).locked()
        delivery = Delivery.objects.select_for_update(no_key=True).get(pk=found.pk)
        if report.state == State.FAILED:
            return _record_failure(conversation, delivery, report, at=at)
        if not _is_forward(delivery, report.state):
            return ReportEffect.UNCHANGED
        known = delivery.provider_id
        keeps = known and (delivery.state not in OPEN or not report.provider_id)
        provider_id = known if keeps else report.provider_id
        _close(conversation, delivery, state=State(report.state), provider_id=provider_id, at=at)
    return ReportEffect.CHANGED


@transaction.atomic
def resend(*, conversation: Conversation, message: Message, at: datetime) -> Message:
    """Queue a message's failed deliveries again, and those of which none knows the outcome."""
    conversation = conversation.locked()
    if conversation.is_ended:
        raise EndedError
    rows = Delivery.objects.filter(message=message, state__in=AGAIN)
    templates = [row.content.get("template") for row in rows]
    if not templates:
        raise NotFailedError
    transports.transport_of(conversation).refuse(conversation, template=templates[0], at=at)
    rows.update(
        state=State.QUEUED,
        attempts=0,
        next_at=at,
        lease_until=None,
        error_code="",
        error="",
        changed_at=at,
    )
    enqueue(TASK, conversation=conversation.pk)
    return _refresh(conversation, message.pk, at=at)


def resume(*, source_id: UUID, at: datetime) -> int:
    """Make the queued deliveries of a source due now; return how many wait."""
    held = Delivery.objects.filter(conversation__source_id=source_id, state=State.QUEUED)
    return held.update(next_at=at)


_DUE = Prepared(
    lambda: (
        Delivery.objects.filter(state__in=OPEN, next_at__lte=Slot(Delivery, "next_at", name="at"))
        .order_by("next_at")
        .values_list("conversation_id", flat=True)[:SWEPT_AT_ONCE]
    )
)


def due(at: datetime) -> Iterable[Hint]:
    """Yield the conversations with deliveries to send or to give up, for the sweeper."""
    for key in dict.fromkeys(_DUE.rows(at=at)):
        yield TASK, {"conversation": str(key)}


def _deliver_next(conversation: Conversation, clock: Callable[[], datetime]) -> bool:
    """Handle the first open delivery; return whether the next one may follow."""
    at = clock()
    first = _first_open(conversation)
    if first is None or (first.next_at is not None and first.next_at > at):
        return False
    if first.state == State.SENDING:
        return _fail(first, code=UNCLEAR_CODE, error=UNCLEAR, at=at)
    transport = transports.transport_of(conversation)
    if pause := transport.pause(conversation, at=at):
        _postpone(conversation, until=at + timedelta(seconds=pause))
        return False
    return _attempt(transport, first, clock)


def _attempt(transport: Transport, delivery: Delivery, clock: Callable[[], datetime]) -> bool:
    at = clock()
    mine = leases.claimed(
        Delivery.objects.select_related("message", "conversation__source"),
        delivery.pk,
        seconds=PREPARING_SECONDS,
        where=Q(state=State.QUEUED),
        next_at=at + timedelta(seconds=PREPARING_SECONDS),
    )
    if mine is None:
        return False
    if mine.attempts > MOST_ATTEMPTS:
        return _fail(mine, code="unreachable", error=GIVEN_UP, at=at)
    result = transport.send(mine, begin=partial(_begin, mine, clock), at=at)
    return result is not None and _note(mine, result, at=clock())


def _begin(delivery: Delivery, clock: Callable[[], datetime]) -> bool:
    """Mark the delivery as being sent, right before it; false: another worker has it."""
    at = clock()
    mine = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state=State.QUEUED)
    return bool(
        mine.update(
            state=State.SENDING,
            sending_at=at,
            changed_at=at,
            lease_until=Now() + timedelta(seconds=SENDING_SECONDS),
            next_at=at + timedelta(seconds=UNCLEAR_SECONDS),
        )
    )


def _note(delivery: Delivery, result: SendResult, *, at: datetime) -> bool:
    """Record the result of an attempt; return whether the next delivery may follow."""
    match result.status:
        case SendStatus.SENT:
            return _sent(delivery, result.provider_id, at=at)
        case SendStatus.FAILED:
            return _fail(delivery, code=result.error_code, error=result.error, at=at)
        case SendStatus.AGAIN:
            _try_later(delivery, result, at=at)
        case SendStatus.UNCLEAR:
            wait = timedelta(seconds=UNCLEAR_SECONDS)
            _mine(delivery).update(lease_until=None, next_at=at + wait)
    return False


@transaction.atomic
def _sent(delivery: Delivery, provider_id: str, *, at: datetime) -> bool:
    """Record that the provider took the delivery, whatever its state became meanwhile."""
    conversation = Conversation(pk=delivery.conversation_id).locked()
    row = Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    state = State.SENT if row.state in UNCERTAIN else State(row.state)
    _close(conversation, row, state=state, provider_id=provider_id, at=at)
    return True


@transaction.atomic
def _fail(delivery: Delivery, *, code: str, error: str, at: datetime) -> bool:
    conversation = Conversation(pk=delivery.conversation_id).locked()
    row = _mine(delivery).select_for_update(no_key=True).first()
    if row is None:
        return False
    row.error_code, row.error = code, error
    state = State.UNKNOWN if row.state == State.SENDING and code == UNCLEAR_CODE else State.FAILED
    _close(conversation, row, state=state, provider_id=row.provider_id, at=at)
    return True


@transaction.atomic
def _try_later(delivery: Delivery, result: SendResult, *, at: datetime) -> None:
    """Queue the delivery again; from the second attempt the message shows the reason."""
    conversation = Conversation(pk=delivery.conversation_id).locked()
    pause = max(result.retry_in, min(2.0**delivery.attempts, LONGEST_PAUSE))
    until = at + timedelta(seconds=pause)
    won = _mine(delivery).update(
        state=State.QUEUED,
        lease_until=None,
        next_at=until,
        error_code=result.error_code,
        error=result.error[:300] if delivery.attempts > 1 else "",
        changed_at=at,
    )
    if won:
        _postpone(conversation, until=until)
        _refresh(conversation, delivery.message_id, at=at)


def _record_failure(
    conversation: Conversation, delivery: Delivery, report: StatusReport, *, at: datetime
) -> ReportEffect:
    if not _is_of_present_attempt(delivery, report):
        return ReportEffect.UNCHANGED
    delivery.error_code, delivery.error = report.error_code, report.error
    _close(conversation, delivery, state=State.FAILED, provider_id=report.provider_id, at=at)
    return ReportEffect.CHANGED


def _is_of_present_attempt(delivery: Delivery, report: StatusReport) -> bool:
    """Return whether a failure is of the present attempt, not of one before a resend."""
    if delivery.state == State.SENT:
        return report.provider_id == delivery.provider_id
    return delivery.state in (State.SENDING, State.UNKNOWN) and report.tracker == delivery.tracker


def _close(
    conversation: Conversation, row: Delivery, *, state: State, provider_id: str, at: datetime
) -> None:
    """Close a delivery of a locked conversation, and let the next one leave."""
    was_open = row.state in OPEN
    row.state, row.provider_id = state, provider_id or row.provider_id
    row.lease_until, row.next_at, row.changed_at = None, None, at
    if state in RANKS:
        row.error_code, row.error = "", ""
    row.error = row.error[:300]
    row.save(
        update_fields=[
            "state",
            "provider_id",
            "lease_until",
            "next_at",
            "changed_at",
            "error_code",
            "error",
        ]
    )
    _refresh(conversation, row.message_id, at=at)
    waiting = Delivery.objects.filter(conversation=conversation, state=State.QUEUED)
    if was_open and waiting.filter(next_at__gt=at, lease_until=None).update(next_at=at):
        enqueue(TASK, conversation=conversation.pk)


def _refresh(conversation: Conversation, message_id: UUID, *, at: datetime) -> Message:
    """Update a message of a locked conversation from its deliveries, and publish it."""
    message = Message.objects.get(pk=message_id)
    found = summed_up(message, message.deliveries.all())
    was_lost = message.status == Message.Status.FAILED
    with thread.changing(conversation):
        if found != (message.status, message.error, message.error_code):
            message.status, message.error, message.error_code = found
            message.save(update_fields=["status", "error", "error_code"])
            thread.revise(conversation, message, at=at)
        if message.status == Message.Status.FAILED and not was_lost:
            _escalate(conversation, message, at=at)
    return message


def _escalate(conversation: Conversation, message: Message, *, at: datetime) -> None:
    """Request a person where an assistant's message did not arrive, as it cannot notice."""
    is_alone = conversation.control == Control.AI and not conversation.is_ended
    if message.author_kind == AuthorKind.ASSISTANT and is_alone:
        by = System(name=message.author_name)
        handoff.join(floor=conversation, by=by, reason=NOT_DELIVERED, at=at)


def summed_up(message: Message, parts: Iterable[Delivery]) -> tuple[str, str, str]:
    """Return a message's status, error and its code: the least of its deliveries', what failed.

    Where one waits longer than an attempt, the error says why; that an answer was cut short, which
    has no code, is said first.
    """
    rows = sorted(parts, key=lambda part: part.part)
    lost = next((row for row in rows if row.state in AGAIN), None)
    if lost is not None:
        return Message.Status.FAILED, *_reason(lost)
    rank = min((RANKS.get(row.state, 0) for row in rows), default=0)
    names = [Message.Status.QUEUED, Message.Status.SENT, Message.Status.DELIVERED]
    status = [*names, Message.Status.READ][rank]
    if message.error and not message.error_code:
        return status, message.error, ""
    waiting = next((row for row in rows if row.state in OPEN and row.error), None)
    return status, *(_reason(waiting) if waiting else ("", ""))


def _reason(delivery: Delivery) -> tuple[str, str]:
    """Return why a delivery failed or waits: in plain words, and as a code."""
    return delivery.error[:200], delivery.error_code or OTHER_CODE


def _first_open(conversation: Conversation) -> Delivery | None:
    rows = Delivery.objects.filter(conversation=conversation, state__in=OPEN)
    return rows.order_by("message__position", "part").first()


def _postpone(conversation: Conversation, *, until: datetime) -> None:
    """Postpone all queued deliveries of a conversation, so that the sweeper skips them."""
    waiting = Delivery.objects.filter(conversation=conversation, state=State.QUEUED)
    waiting.filter(lease_until=None, next_at__lt=until).update(next_at=until)


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state__in=OPEN)


def _is_forward(delivery: Delivery, state: str) -> bool:
    if delivery.state == State.FAILED:
        return False
    return RANKS.get(state, 0) > RANKS.get(delivery.state, 0)


def _named(source_id: UUID, report: StatusReport) -> Delivery | None:
    """Find a delivery of a source by the provider's id, else by our tracker."""
    rows = Delivery.objects.filter(conversation__source_id=source_id)
    found = rows.filter(provider_id=report.provider_id).first() if report.provider_id else None
    if found is not None:
        return found
    try:
        key = UUID(report.tracker.partition(".")[0])
    except ValueError:
        return None
    return rows.filter(pk=key).first()
