"""Tickets: create, update, link, unlink, reopen."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from channels_layer.access.actors import Actor, System, Visitor
from channels_layer.errors import DomainError
from channels_layer.prepared import Prepared, Slot
from conversations.models import AuthorKind, Contact, Conversation, Message
from conversations.services import messages
from tickets import objects, selectors
from tickets.models import Change, Priority, Status, Ticket, TicketConversation
from tickets.services import notifications, numbers, publishing
from tickets.services.publishing import Difference

LINE = "ticket"
CREATED = gettext_noop("{by} created ticket #{number}")
LINKED = gettext_noop("{by} linked ticket #{number}")
UNLINKED = gettext_noop("{by} unlinked ticket #{number}")
WROTE_AGAIN = gettext_noop("The customer wrote again.")
MERGED = gettext_noop("The requester is known under another contact now.")
SEARCHED = frozenset({"subject", "description", "tags", "requester"})
_SOLVED = Prepared(
    lambda: (
        Ticket.objects.filter(
            links__conversation=Slot(TicketConversation, "conversation"),
            status=Status.SOLVED,
            solved_at__gt=Slot(Ticket, "solved_at"),
        )
        .order_by("id")
        .values_list("id")
    )
)
STATUS_FIELDS = ("is_done", "opened_at", "solved_at", "closed_at", "reopen_count")


class StaleVersionError(DomainError):
    """Another actor changed the ticket since the caller read it."""

    code = "stale_version"

    def __init__(self, ticket: Ticket, changes: list[objects.Json], *, by: Actor) -> None:
        """Name the changes since then and the ticket as it is now, to who may read tickets."""
        if not by.may("tickets:read"):
            detail = gettext("This ticket was changed meanwhile. Nothing was saved over it.")
            super().__init__(detail, extra={"version": ticket.version})
            return
        names = ", ".join(dict.fromkeys(change["by"]["name"] for change in changes))
        detail = gettext(
            "%(names)s changed this ticket meanwhile. Nothing of yours was saved over it."
        )
        super().__init__(
            detail % {"names": names},
            extra={
                "version": ticket.version,
                "changes": changes,
                "ticket": selectors.ticket_object(ticket),
            },
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A ticket to be raised: validated values, and the conversation that it comes from."""

    subject: str
    description: str = ""
    status: str = Status.OPEN
    priority: Priority = Priority.NORMAL
    assignee: User | None = None
    requester: Contact | None = None
    tags: list[str] = field(default_factory=list)
    due_at: datetime | None = None
    conversation: Conversation | None = None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The state of a ticket on which a change is based; empty for any state."""

    version: int | None = None
    seq: int | None = None


@transaction.atomic
def create(*, draft: Draft, by: Actor, at: datetime) -> Ticket:
    """Raise a ticket; one from a conversation is linked to it and its contact is requester."""
    conversation = draft.conversation.locked() if draft.conversation else None
    ticket = Ticket(
        number=numbers.following(),
        subject=draft.subject,
        description=draft.description,
        priority=draft.priority,
        assignee=draft.assignee,
        requester=draft.requester or (conversation.contact if conversation else None),
        tags=draft.tags,
        due_at=draft.due_at,
        created_by=by.reference,
        created_by_name=by.label[:200],
        created_at=at,
        changed_at=at,
        opened_at=at,
    )
    ticket.move_to(draft.status, at=at)
    ticket.write_search_text()
    ticket.save(force_insert=True)
    ticket.write_tags()
    if conversation is not None:
        TicketConversation.objects.create(ticket=ticket, conversation=conversation, created_at=at)
        _write_line(conversation, CREATED.format(by=by.mention, number=ticket.number), at=at)
    publishing.created(ticket, by=by, at=at)
    notifications.assigned(ticket, by=by, at=at)
    return ticket


@transaction.atomic
def update(
    *, ticket: Ticket, values: dict[str, Any], seen: Seen, by: Actor, at: datetime
) -> Ticket:
    """Set fields to ``values``; 409 ``stale_version`` when they changed since ``seen``."""
    ticket = ticket.locked()
    if missed := selectors.changes_since(ticket, version=seen.version, seq=seen.seq):
        changes = [objects.change_object(change) for change in missed]
        raise StaleVersionError(ticket, changes, by=by)
    differences = _differences(ticket, values)
    if not differences:
        return ticket
    fields = _apply(ticket, values, differences, at=at)
    publishing.updated(ticket, differences, *fields, by=by, at=at)
    if any(difference.field == "assignee" for difference in differences):
        notifications.assigned(ticket, by=by, at=at)
    return ticket


@transaction.atomic
def link(*, ticket: Ticket, conversation: Conversation, by: Actor, at: datetime) -> Ticket:
    """Link a ticket and a conversation; done already is fine."""
    conversation = conversation.locked()
    ticket = ticket.locked()
    _, is_new = TicketConversation.objects.get_or_create(
        ticket=ticket, conversation=conversation, defaults={"created_at": at}
    )
    if is_new:
        _publish_link(ticket, "linked", after=_named(conversation), by=by, at=at)
        _write_line(conversation, LINKED.format(by=by.mention, number=ticket.number), at=at)
    return ticket


@transaction.atomic
def unlink(*, ticket: Ticket, conversation: Conversation, by: Actor, at: datetime) -> Ticket:
    """Unlink a ticket and a conversation; not linked is fine."""
    conversation = conversation.locked()
    ticket = ticket.locked()
    gone, _ = TicketConversation.objects.filter(ticket=ticket, conversation=conversation).delete()
    if gone:
        _publish_link(ticket, "unlinked", before=_named(conversation), by=by, at=at)
        _write_line(conversation, UNLINKED.format(by=by.mention, number=ticket.number), at=at)
    return ticket


def reopen_of(
    *, conversation: Conversation, message: Message, at: datetime, **_signal: Any
) -> None:
    """Reopen recently solved tickets when their customer writes; receives ``message_written``.

    The conversation is locked. ``settings.TICKET_REOPEN_DAYS`` says how long; 0 means never.
    """
    if message.author_kind != AuthorKind.CUSTOMER or message.kind != Message.Kind.MESSAGE:
        return
    since = at - timedelta(days=settings.TICKET_REOPEN_DAYS)
    by = _customer(conversation, message)
    for (key,) in _SOLVED.rows(conversation=conversation.pk, solved_at=since):
        ticket = Ticket(pk=key).locked()
        if ticket.status != Status.SOLVED:
            continue
        values = {"status": Status.OPEN}
        differences = _differences(ticket, values)
        fields = _apply(ticket, values, differences, at=at)
        publishing.updated(ticket, differences, *fields, by=by, at=at, reason=WROTE_AGAIN)
        notifications.reopened(ticket, by=by, at=at)


@transaction.atomic
def rewrite_of(*, contact: Contact, at: datetime, **_signal: Any) -> None:
    """Rewrite name and search text on the tickets of a contact; receives ``contact_changed``.

    The contact and its conversations are locked.
    """
    for found in Ticket.objects.filter(requester=contact).order_by("id"):
        ticket = found.locked()
        if ticket.requester_id != contact.pk:
            continue
        ticket.write_search_text()
        publishing.renamed(ticket, "search_text", at=at)


@transaction.atomic
def follow_merge(*, former: Contact, contact: Contact, at: datetime, **_signal: Any) -> None:
    """Move the tickets of a merged contact to the other one; receives ``contact_merged``.

    Both contacts and their conversations are locked.
    """
    Change.objects.filter(ticket__links__conversation__contact=contact).filter(
        actor=former.reference
    ).update(actor=contact.reference)
    for found in Ticket.objects.filter(requester=former).order_by("id"):
        ticket = found.locked()
        values = {"requester": contact}
        differences = _differences(ticket, values)
        fields = _apply(ticket, values, differences, at=at)
        publishing.updated(ticket, differences, *fields, by=System(), at=at, reason=MERGED)


def _customer(conversation: Conversation, message: Message) -> Actor:
    if conversation.contact is None:
        return System(name=message.author_name)
    return Visitor(
        contact_id=conversation.contact.pk,
        source_id=conversation.source_id,
        name=conversation.contact.label,
    )


def _differences(ticket: Ticket, values: dict[str, Any]) -> list[Difference]:
    found = []
    for name, value in values.items():
        before = objects.shown(_current(ticket, name))
        after = objects.shown(value)
        if before != after:
            found.append(Difference(field=name, before=before, after=after))
    return found


def _current(ticket: Ticket, name: str) -> Any:
    value = getattr(ticket, name)
    return Priority(value) if name == "priority" else value


def _apply(
    ticket: Ticket, values: dict[str, Any], differences: list[Difference], *, at: datetime
) -> set[str]:
    """Set what differs; return the fields to save."""
    changed = [difference.field for difference in differences]
    for name in changed:
        if name == "status":
            ticket.move_to(values[name], at=at)
        else:
            setattr(ticket, name, values[name])
    fields = set(changed)
    if "status" in changed:
        fields.update(STATUS_FIELDS)
    if SEARCHED.intersection(changed):
        ticket.write_search_text()
        fields.add("search_text")
    if "tags" in changed:
        ticket.write_tags()
    return fields


def _publish_link(
    ticket: Ticket,
    change: str,
    *,
    before: objects.Json | None = None,
    after: objects.Json | None = None,
    by: Actor,
    at: datetime,
) -> None:
    difference = Difference(field=change, before=before, after=after)
    publishing.updated(ticket, [difference], by=by, at=at)


def _named(conversation: Conversation) -> objects.Json:
    contact = conversation.contact
    name = contact.label if contact else conversation.title
    return {"id": str(conversation.pk), "name": name}


def _write_line(conversation: Conversation, text: str, *, at: datetime) -> None:
    """Write a line into the thread that staff alone see."""
    messages.system_line(conversation, text, change=LINE, is_public=False, at=at)
