"""Readings: the results of reading customers' files, and the answers that wait for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from channels_layer.models import Event
from channels_layer.work import leases
from channels_layer.work.jobs import enqueue
from conversations import transports
from conversations.events import MESSAGE_CREATED
from conversations.models import Attachment, Changes, Conversation, Message, Reading
from conversations.selectors import attachments as selectors
from conversations.services import thread

LONGEST_ERROR = 200
_QUEUED = {"state": Reading.State.QUEUED, "error": "", "is_final": False, "attempts": 0}
_FOUND = ("transcript", "description", "text", "extent")


@dataclass(frozen=True, kw_only=True)
class Found:
    """The result of a reading: words said, seen or written in a file, and its extent."""

    transcript: str = ""
    description: str = ""
    text: str = ""
    extent: str = ""


@transaction.atomic
def done(*, reading: Reading, found: Found, at: datetime) -> bool:
    """Save the result on the attachment; false when another worker was faster.

    ``reading`` carries the fence of the claim.
    """
    conversation = _conversation_of(reading)
    if not _finish(reading, state=Reading.State.DONE, error=""):
        return False
    attachment = Attachment.objects.get(pk=reading.attachment_id)
    for name in _FOUND:
        setattr(attachment, name, getattr(found, name))
    attachment.save(update_fields=_FOUND)
    publish(conversation, attachment.message, at=at)
    return True


@transaction.atomic
def failed(*, reading: Reading, error: str, at: datetime, is_final: bool = False) -> bool:
    """Give up on a reading until a person tries again; ``error`` says why, in plain words.

    ``is_final`` says that another try would fail as this one did; nobody is offered one.
    """
    conversation = _conversation_of(reading)
    told = error[:LONGEST_ERROR]
    if not _finish(reading, state=Reading.State.FAILED, error=told, is_final=is_final):
        return False
    publish(conversation, reading.attachment.message, at=at)
    return True


@transaction.atomic
def retry(*, attachment: Attachment, at: datetime) -> Attachment:
    """Fetch the file, or read it, once more.

    :raises transports.NothingToRetryError: where neither has failed.
    """
    assert attachment.conversation_id is not None  # noqa: S101 - the loader requires one
    conversation = Conversation(pk=attachment.conversation_id).locked()
    attachment.refresh_from_db()
    if attachment.status == Attachment.Status.FAILED:
        transports.transport_of(conversation).fetch_again(attachment, at=at)
        attachment.status, attachment.error = Attachment.Status.FETCHING, ""
        attachment.is_final = False
        attachment.save(update_fields=["status", "error", "is_final"])
    elif not _again(attachment, at=at):
        raise transports.NothingToRetryError
    publish(conversation, attachment.message, at=at)
    return attachment


def publish(conversation: Conversation, message: Message | None, *, at: datetime) -> None:
    """Publish a file's message in a locked conversation, and queue an answer that waited."""
    with thread.changing(conversation) as changes:
        if message is not None:
            thread.revise(conversation, message, at=at)
        _plan_answer(conversation, changes, at=at)


def _plan_answer(conversation: Conversation, changes: Changes, *, at: datetime) -> None:
    """Let an answer that waited for files begin once there is none to wait for."""
    if conversation.answer_due_at is None or selectors.awaited_since(conversation) is not None:
        return
    conversation.answer_due_at = min(conversation.answer_due_at, _gathered_at(conversation, at=at))
    changes.fields.add("answer_due_at")
    enqueue("chats.answer", conversation=conversation.pk)


def _gathered_at(conversation: Conversation, *, at: datetime) -> datetime:
    """Return when an answer is due that waits for no file: now, or when the burst is over."""
    created = Event.objects.filter(topic=conversation.topic, type=MESSAGE_CREATED)
    last = created.order_by("-seq").values_list("at", flat=True).first() or at
    return max(at, last + timedelta(seconds=conversation.source.gather_seconds))


def _conversation_of(reading: Reading) -> Conversation:
    conversation_id = reading.attachment.conversation_id
    assert conversation_id is not None  # noqa: S101 - only carried files are read
    return Conversation(pk=conversation_id).locked()


def _finish(reading: Reading, **values: Any) -> bool:
    return leases.finish(Reading, reading.pk, fence=reading.fence, **values)


def _again(attachment: Attachment, *, at: datetime) -> bool:
    rows = Reading.objects.filter(attachment=attachment, state=Reading.State.FAILED)
    if not rows.update(**_QUEUED, next_at=at):
        return False
    enqueue("chats.read_attachment", attachment=attachment.pk)
    return True
