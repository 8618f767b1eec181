"""Audits of conversations: whole threads, floors that agree, files with rows."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db.models import Count, Exists, Max, OuterRef, Q

from channels_layer.models import TopicHead
from channels_layer.work.audits import Scope
from conversations.models import (
    FILES_FOLDER,
    Attachment,
    AuthorKind,
    Conversation,
    Delivery,
    FileRemoval,
    Message,
    Reading,
)
from conversations.services import deliveries
from handoff.models import Control, Handoff, Lifecycle

OVERDUE = timedelta(seconds=15)
"""After this the sweeper has seen everything that was due."""
PARTS = 2
"""Words of a line that names the conversation beside the client id."""


def threads_are_whole(scope: Scope) -> Iterator[str]:
    """Compare every conversation with its messages: positions without gaps, counters."""
    spoken = Q(messages__kind=Message.Kind.MESSAGE)
    by_customer = spoken & Q(messages__author_kind=AuthorKind.CUSTOMER)
    rows = Conversation.objects.order_by().annotate(
        number=Count("messages"),
        highest=Max("messages__position"),
        spoken=Count("messages", filter=spoken),
        from_customer=Count("messages", filter=by_customer),
    )
    fields = ("last_position", "number", "highest", "message_count", "spoken", "customer_count")
    for row in rows.values("pk", "from_customer", *fields).iterator():
        name = f"conversation {row['pk']}"
        if not row["number"] == (row["highest"] or 0) == row["last_position"]:
            yield (
                f"{name} has {row['number']} messages up to position {row['highest']},"
                f" its row says {row['last_position']}"
            )
        counted = (row["spoken"], row["from_customer"])
        if counted != (row["message_count"], row["customer_count"]):
            yield f"{name} miscounts its messages: {counted} are stored"
    if scope.is_strict:
        yield from _heads(scope)


def floors_agree(scope: Scope) -> Iterator[str]:
    """Compare every floor with its owner and its handoff."""
    del scope
    handoffs = Handoff.objects.filter(conversation=OuterRef("pk"))
    rows = Conversation.objects.annotate(
        waits=Exists(handoffs.filter(state=Handoff.State.WAITING)),
        helped=Exists(handoffs.filter(state=Handoff.State.ACTIVE)),
        helped_outside=Exists(handoffs.filter(state=Handoff.State.ACTIVE, agent=None)),
    )
    wrong = {
        "is an agent's without an owner": Q(control=Control.AGENT, owner__isnull=True)
        & Q(helped_outside=False),
        "has an owner and is no agent's": ~Q(control=Control.AGENT) & Q(owner__isnull=False),
        "is an agent's without a handoff": Q(control=Control.AGENT, helped=False),
        "waits for a person without a handoff": Q(control=Control.REQUESTED, waits=False),
        "is the assistant's while a handoff is open": Q(control=Control.AI)
        & (Q(waits=True) | Q(helped=True)),
        "has ended and is not the assistant's": Q(lifecycle=Lifecycle.ENDED)
        & ~Q(control=Control.AI),
    }
    for what, condition in wrong.items():
        for key in rows.filter(condition).order_by("id").values_list("pk", flat=True).iterator():
            yield f"conversation {key} {what}"


def acknowledged_messages_are_there(scope: Scope) -> Iterator[str]:
    """Check that every acknowledged client id is stored, and stored once.

    A line is a client id, or the conversation's id and the client id.
    """
    for line, times in Counter(scope.client_ids).items():
        parts = line.split(maxsplit=1)
        rows = Message.objects.filter(client_id=parts[-1])
        if len(parts) == PARTS:
            rows = rows.filter(conversation_id=parts[0])
        number = rows.count()
        if number != 1:
            said = f"acknowledged {times} times" if times > 1 else "acknowledged"
            yield f"client id {line} was {said} and is stored {number} times"


def files_have_rows(scope: Scope) -> Iterator[str]:
    """Compare the files with the rows that name them, both ways."""
    known = set(FileRemoval.objects.values_list("path", flat=True))
    for attachment in Attachment.objects.order_by("id").iterator():
        for path in attachment.paths:
            known.add(path)
            if not default_storage.exists(path):
                yield f"attachment {attachment.pk} has lost its file {path}"
            elif scope.is_strict and path == attachment.path:
                yield from _size(attachment)
    for path in _stored(FILES_FOLDER):
        if path not in known:
            yield f"file {path} has no row"


def files_are_read(scope: Scope) -> Iterator[str]:
    """Find files that no worker has read yet, once the system is at rest."""
    if scope.is_strict:
        queued = Reading.objects.filter(state=Reading.State.QUEUED).order_by("created_at")
        for key in queued.values_list("attachment_id", flat=True):
            yield f"attachment {key} was not read"


def deliveries_agree(scope: Scope) -> Iterator[str]:
    """Compare messages' status with that of their deliveries; at rest, none is overdue.

    What waits for its time (``next_at``) is at rest: a number that may not send holds it back.
    """
    sent = Message.objects.filter(deliveries__isnull=False).distinct().order_by("id")
    for message in sent.prefetch_related("deliveries").iterator(chunk_size=500):
        status, *_reason = deliveries.summed_up(message, message.deliveries.all())
        if status != message.status:
            yield f"message {message.pk} says {message.status}, its deliveries {status}"
    if scope.is_strict:
        rows = Delivery.objects.filter(state__in=Delivery.OPEN, next_at__lt=scope.at - OVERDUE)
        for key, state in rows.order_by("id").values_list("pk", "state").iterator():
            yield f"delivery {key} is {state} past its time"


def _heads(scope: Scope) -> Iterator[str]:
    """Compare the heads that conversations store with those of their topics."""
    del scope
    heads = dict(
        TopicHead.objects.filter(topic__startswith="conversation:").values_list("topic", "head")
    )
    for conversation in Conversation.objects.only("id", "seq").order_by("id").iterator():
        head = heads.get(conversation.topic, 0)
        if conversation.seq != head:
            yield f"{conversation.topic} has the head {head}, its row says {conversation.seq}"


def _size(attachment: Attachment) -> Iterator[str]:
    size = default_storage.size(attachment.path)
    if size != attachment.size:
        yield f"attachment {attachment.pk} has {size} bytes, its row says {attachment.size}"


def _stored(folder: str) -> Iterator[str]:
    """Walk the files below ``folder``."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _stored(f"{folder}/{name}")
