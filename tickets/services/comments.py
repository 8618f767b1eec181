"""Comments: what is said on a ticket, and what of it reaches the customer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import InvalidError
from conversations.models import Conversation, Message
from conversations.services import attachments, messages
from tickets import selectors
from tickets.models import Comment, Ticket
from tickets.services import notifications, publishing


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A comment to add: validated text, its kind, and the sender's own id."""

    text: str
    kind: Comment.Kind = Comment.Kind.INTERNAL
    client_id: str | None = None
    attachments: tuple[UUID, ...] = ()


@transaction.atomic
def add(*, ticket: Ticket, remark: Remark, by: Actor, at: datetime) -> tuple[Comment, bool]:
    """Comment; return the comment and whether it is new.

    A public one is sent to the customer as a message of the linked conversation that was active
    last, with all that follows from writing there. Where there is none, its source would refuse it,
    or a key may not write to conversations, it stays on the ticket, marked with the reason.
    A ``client_id`` seen before returns the first comment.
    """
    is_public = remark.kind == Comment.Kind.PUBLIC
    conversation = _reached(ticket, by, at=at) if is_public and _may_write(by) else None
    ticket = ticket.locked()
    if seen := _seen(ticket, remark, by):
        return seen, False
    if not remark.text and not remark.attachments:
        detail = gettext("Say something, or send a file.")
        raise InvalidError(detail, fields={"text": [detail]})
    comment = Comment(
        ticket=ticket,
        kind=remark.kind,
        text=remark.text,
        actor=by.reference,
        author_name=by.label[:200],
        user=by.user if isinstance(by, Staff) else None,
        client_id=remark.client_id,
        seq=publishing.following_seq(ticket),
        created_at=at,
    )
    if is_public and not (obstacle := _obstacle(conversation, by, at=at)) and conversation:
        comment.message = _send(conversation, comment, remark, by=by, at=at)
    elif is_public:
        comment.undelivered = obstacle
    comment.save(force_insert=True)
    if comment.message is None:
        files = attachments.carried(by=by, identifiers=remark.attachments)
        attachments.hold(files, holder=comment.holder)
    publishing.commented(ticket, comment, *_count(ticket, comment, at=at), at=at)
    notifications.commented(ticket, by=by, at=at)
    return comment, True


def _may_write(by: Actor) -> bool:
    """Return whether the actor may write to customers at all; tickets are no way around that."""
    return isinstance(by, Staff) or (isinstance(by, Key) and by.may("conversations:write"))


def _reached(ticket: Ticket, by: Actor, *, at: datetime) -> Conversation | None:
    """Return the conversation in which the customer would read it, locked."""
    linked = selectors.conversations_of(ticket, by)
    conversation = selectors.reach(linked, at=at).conversation
    return conversation.locked() if conversation else None


def _obstacle(conversation: Conversation | None, by: Actor, *, at: datetime) -> str:
    """Return why the customer does not get a public comment; empty: they do."""
    if not _may_write(by):
        return Comment.Obstacle.RIGHTS
    return selectors.reach([conversation] if conversation else [], at=at).obstacle


def _seen(ticket: Ticket, remark: Remark, by: Actor) -> Comment | None:
    if remark.client_id is None:
        return None
    return Comment.objects.filter(
        ticket=ticket, actor=by.reference, client_id=remark.client_id
    ).first()


def _send(
    conversation: Conversation, comment: Comment, remark: Remark, *, by: Actor, at: datetime
) -> Message:
    draft = messages.Draft(
        text=comment.text, client_id=f"comment:{comment.pk}", attachments=remark.attachments
    )
    message, _ = messages.post(conversation=conversation, by=by, draft=draft, at=at)
    return message


def _count(ticket: Ticket, comment: Comment, *, at: datetime) -> list[str]:
    """Count a new comment on its ticket; return the fields to save."""
    ticket.comment_count += 1
    fields = ["comment_count"]
    if comment.message_id is not None and ticket.first_reply_at is None:
        ticket.first_reply_at = at
        fields.append("first_reply_at")
    return fields
