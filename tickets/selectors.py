"""Reading tickets: one by number or id, a page of the list, what belongs to a conversation."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Case, F, Q, QuerySet, When

from channels_layer.access.actors import Actor, Staff
from channels_layer.errors import DomainError, NotFoundError
from conversations import transports
from conversations.models import Attachment, Conversation
from handoff.models import Agent
from tickets import objects
from tickets.models import Change, Comment, Ticket, TicketConversation, TicketQuerySet

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The conversation in which a customer reads public replies, and what stands in the way.

    ``obstacle`` is one of ``Comment.Obstacle``, ``detail`` a source's own words.
    """

    conversation: Conversation | None = None
    obstacle: str = ""
    detail: str = ""


_NUMBER = re.compile(r"[0-9]{1,9}")


def tickets(actor: Actor) -> TicketQuerySet:
    """Return every ticket that the actor may see, last changed first."""
    return Ticket.objects.visible_to(actor).order_by("-changed_at", "-id")


def ticket_for(actor: Actor, key: UUID | str) -> Ticket:
    """Return the ticket of a number or an id; ``NotFoundError`` otherwise."""
    rows = Ticket.objects.visible_to(actor).select_related(*Ticket.SHOWN)
    text = str(key)
    if _NUMBER.fullmatch(text):
        ticket = rows.filter(number=int(text)).first()
    else:
        ticket = rows.filter(pk=_uuid(text)).first()
    if ticket is None:
        raise NotFoundError
    return ticket


def rows(queryset: QuerySet[Ticket]) -> Any:
    """Return list rows as mappings for ``objects``."""
    return queryset.values(*objects.TICKET_FIELDS)


def ticket_objects(values: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Shape list rows into ticket objects, with one further query for their conversations."""
    found = list(values)
    linked: dict[UUID, list[UUID]] = {}
    pairs = TicketConversation.objects.filter(ticket__in=[row["id"] for row in found])
    for ticket, conversation in pairs.order_by("id").values_list("ticket_id", "conversation_id"):
        linked.setdefault(ticket, []).append(conversation)
    return [objects.ticket_object(row, linked.get(row["id"], ())) for row in found]


def ticket_object(ticket: Ticket) -> Row:
    """Shape one loaded ticket."""
    return objects.ticket_object(objects.row_of(ticket), conversation_ids(ticket))


def conversation_ids(ticket: Ticket) -> list[UUID]:
    """Return the ids of the conversations that a ticket belongs to, first linked first."""
    links = TicketConversation.objects.filter(ticket=ticket).order_by("id")
    return list(links.values_list("conversation_id", flat=True))


def tickets_of(conversation: Conversation, actor: Actor) -> TicketQuerySet:
    """Return the tickets that belong to a conversation, last changed first."""
    return tickets(actor).filter(links__conversation=conversation)


def conversations_of(ticket: Ticket, actor: Actor) -> QuerySet[Conversation]:
    """Return the conversations that a ticket belongs to, newest activity first."""
    return (
        Conversation.objects.visible_to(actor)
        .filter(ticket_links__ticket=ticket)
        .select_related("contact", "source", "assistant")
        .order_by("-last_message_at", "-id")
    )


def reach(conversations: Iterable[Conversation], *, at: datetime) -> Reach:
    """Return where a public reply would be read: in the newest active one, else the newest.

    ``conversations`` are those of a ticket, the newest first.
    """
    read = [conversation for conversation in conversations if conversation.contact_id]
    if not read:
        return Reach(obstacle=Comment.Obstacle.NO_CONVERSATION)
    conversation = next((one for one in read if not one.is_ended), read[0])
    if conversation.is_ended:
        return Reach(conversation=conversation, obstacle=Comment.Obstacle.ENDED)
    try:
        transports.transport_of(conversation).refuse(conversation, template=None, at=at)
    except DomainError as refusal:
        return Reach(
            conversation=conversation,
            obstacle=Comment.Obstacle.of(refusal.code),
            detail=str(refusal.detail),
        )
    return Reach(conversation=conversation)


def comments(ticket: Ticket) -> QuerySet[Comment]:
    """Return the comments on a ticket, in order."""
    return Comment.objects.filter(ticket=ticket).order_by("created_at", "id")


def attachments(found: Iterable[Comment]) -> dict[UUID, list[Attachment]]:
    """Return the files of comments, by comment: those of its message, or those it holds itself."""
    holders = {comment.holder: comment.pk for comment in found}
    carriers = {comment.message_id: comment.pk for comment in found}
    files: dict[UUID, list[Attachment]] = {}
    if holders:
        wanted = Q(held_by__in=list(holders)) | Q(message__in=[key for key in carriers if key])
        for file in (
            Attachment.objects.filter(wanted).select_related("reading").order_by("order", "id")
        ):
            comment = holders.get(file.held_by) or carriers[file.message_id]
            files.setdefault(comment, []).append(file)
    return files


def comment_objects(found: list[Comment]) -> list[Row]:
    """Shape comments, with one further query for their files and without links to them."""
    files = attachments(found)
    return [objects.comment_object(comment, files.get(comment.pk, ())) for comment in found]


def changes(ticket: Ticket) -> QuerySet[Change]:
    """Return the changes of a ticket, in order."""
    return Change.objects.filter(ticket=ticket).order_by("created_at", "id")


def shown_changes(ticket: Ticket) -> QuerySet[Any]:
    """Return the changes of a ticket with ``shown_before`` and ``shown_after``.

    Those are empty for descriptions, whose long texts the history does not repeat.
    """
    is_shown = ~Q(field="description")
    return (
        Change.objects.filter(ticket=ticket)
        .defer("before", "after")
        .annotate(
            shown_before=Case(When(is_shown, then=F("before"))),
            shown_after=Case(When(is_shown, then=F("after"))),
        )
    )


def changes_since(
    ticket: Ticket, *, version: int | None = None, seq: int | None = None
) -> list[Change]:
    """Return the changes after ``version`` or ``seq``; none when neither is given."""
    if version is None and seq is None:
        return []
    found = changes(ticket)
    if version is not None:
        found = found.filter(version__gt=version)
    if seq is not None:
        found = found.filter(seq__gt=seq)
    return list(found)


def counts(actor: Staff, *, at_most: int) -> tuple[int, int, int]:
    """Count the unsolved, the actor's own and nobody's, each up to ``at_most``; one query."""
    unsolved = Ticket.objects.visible_to(actor).undone()
    wanted = (unsolved, unsolved.filter(assignee=actor.user), unsolved.filter(assignee=None))
    parts: list[str] = []
    parameters: list[Any] = []
    for queryset in wanted:
        statement, values = queryset.values("id")[:at_most].query.sql_with_params()
        parts.append(f"(SELECT COUNT(*) FROM ({statement}) AS counted)")  # noqa: S608 - ours
        parameters.extend(values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        first, second, third = cursor.fetchone()
    return first, second, third


def assignable(identifier: int) -> User | None:
    """Return the person of this id if tickets may be assigned to them."""
    agent = (
        Agent.objects.filter(user_id=identifier, user__is_active=True)
        .select_related("user")
        .first()
    )
    return agent.user if agent else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError from None
