"""The ticket, the number it bears, and the conversations it belongs to."""

from datetime import UTC, datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from channels_layer import locking
from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.ids import new_id

NEVER_DUE = datetime(9000, 1, 1, tzinfo=UTC)


class Status(models.TextChoices):
    """Where a ticket stands."""

    OPEN = "open", _("Open")
    PENDING = "pending", _("Pending")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


class Priority(models.IntegerChoices):
    """The urgency, rising with the number. The API names them by ``word``."""

    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")

    @property
    def word(self) -> str:
        """The name by which the API knows it."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Priority":
        """Return the priority called ``word``; ``KeyError`` for none."""
        return cls[word.upper()]


UNDONE = (Status.OPEN, Status.PENDING)
DONE = (Status.SOLVED, Status.CLOSED)
PRIORITY_WORDS = tuple(priority.word for priority in Priority)


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Named filters over tickets."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what ``actor`` may see: all for staff and entitled keys, else nothing."""
        match actor:
            case Staff():
                return self
            case Key():
                may_know = actor.may("tickets:read") or actor.may("tickets:write")
                return self if may_know else self.none()
            case _:
                return self.none()

    def undone(self) -> Self:
        """Keep what is open or pending.

        ``is_done=False`` would become ``NOT is_done``, for which SQLite uses no index.
        """
        return self.filter(is_done__in=[False])

    def done(self) -> Self:
        """Keep what is solved or closed."""
        return self.filter(is_done__in=[True])

    def with_statuses(self, statuses: set[str]) -> Self:
        """Keep these statuses; the two pairs have an index of their own."""
        if not statuses or statuses == set(Status.values):
            return self
        if statuses == set(UNDONE):
            return self.undone()
        if statuses == set(DONE):
            return self.done()
        if len(statuses) == 1:
            (status,) = statuses
            # Both, so that an order by priority or due date finds its index.
            rows = self.done() if status in DONE else self.undone()
            return rows.filter(status=status)
        return self.filter(status__in=sorted(statuses))


class Ticket(models.Model):
    """Something that has to be done for a customer, until it is solved.

    ``version`` rises with every change of a field and guards against overwriting a colleague's;
    ``seq`` is the head of the ticket's topic, which comments raise, too.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(_("number"), unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    is_done = models.BooleanField(
        _("done"), default=False, help_text=_("Whether it is solved or closed.")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assignee"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_tickets",
    )
    requester = models.ForeignKey(
        "conversations.Contact",
        verbose_name=_("requester"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
    )
    tags = models.JSONField(_("tags"), default=list, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    due_order = models.GeneratedField(
        verbose_name=_("due order"),
        expression=Coalesce("due_at", models.Value(NEVER_DUE, output_field=models.DateTimeField())),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    conversations = models.ManyToManyField(
        "conversations.Conversation",
        verbose_name=_("conversations"),
        through="tickets.TicketConversation",
        related_name="tickets",
    )

    created_by = models.CharField(
        _("created by"), max_length=80, help_text=_("The actor's reference, such as user:5.")
    )
    created_by_name = models.CharField(_("created by name"), max_length=200, blank=True)
    comment_count = models.PositiveIntegerField(_("comment count"), default=0)
    search_text = models.TextField(_("search text"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    seq = models.PositiveBigIntegerField(_("seq"), default=0)
    created_at = models.DateTimeField(_("created at"))
    changed_at = models.DateTimeField(_("changed at"))
    opened_at = models.DateTimeField(
        _("opened at"), help_text=_("When it was made or last opened again.")
    )
    first_reply_at = models.DateTimeField(
        _("first reply at"),
        null=True,
        blank=True,
        help_text=_("When the customer was first answered here."),
    )
    solved_at = models.DateTimeField(_("solved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reopen_count = models.PositiveIntegerField(_("reopen count"), default=0)

    objects = TicketQuerySet.as_manager()

    SHOWN: ClassVar[tuple[str, ...]] = ("assignee", "requester")

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_done=False, status__in=["open", "pending"])
                | models.Q(is_done=True, status__in=["solved", "closed"]),
                name="ticket_done_is_solved_or_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="ticket_newest"),
            models.Index(fields=["is_done", "-changed_at", "-id"], name="ticket_done"),
            models.Index(fields=["status", "-changed_at", "-id"], name="ticket_status"),
            models.Index(
                fields=["assignee", "is_done", "-changed_at", "-id"], name="ticket_assignee"
            ),
            models.Index(fields=["requester", "-changed_at", "-id"], name="ticket_requester"),
            models.Index(
                fields=["is_done", "-priority", "-changed_at", "-id"], name="ticket_priority"
            ),
            models.Index(fields=["is_done", "due_order", "id"], name="ticket_due"),
            models.Index(fields=["is_done", "-number"], name="ticket_number"),
            models.Index(fields=["assignee", "-changed_at", "-id"], name="ticket_assignee_all"),
            models.Index(fields=["-priority", "-changed_at", "-id"], name="ticket_priority_all"),
            models.Index(fields=["due_order", "id"], name="ticket_due_all"),
        ]

    def __str__(self) -> str:
        """Show number and subject."""
        return f"#{self.number} {self.subject}"

    @property
    def topic(self) -> str:
        """The durable topic of this ticket's events."""
        return f"ticket:{self.id}"

    def locked(self) -> "Ticket":
        """Return this row as it is now, locked until the transaction ends."""
        return locking.locked(Ticket, self.pk, shown=self.SHOWN)

    def move_to(self, status: str, *, at: datetime) -> None:
        """Change the status and set when it was opened, solved or closed."""
        was_done = self.is_done
        self.status = status
        self.is_done = status in DONE
        if self.is_done:
            self.solved_at = self.solved_at if was_done and self.solved_at else at
            self.closed_at = at if status == Status.CLOSED else None
        elif was_done:
            self.opened_at, self.solved_at, self.closed_at = at, None, None
            self.reopen_count += 1

    def write_tags(self) -> None:
        """Write the rows of ``tags``; the ticket is saved."""
        TicketTag.objects.filter(ticket=self).exclude(name__in=self.tags).delete()
        TicketTag.objects.bulk_create(
            [TicketTag(ticket=self, name=name) for name in self.tags], ignore_conflicts=True
        )

    def write_search_text(self) -> None:
        """Set the text that a search reads, in lower case."""
        contact = self.requester
        known = [contact.name, contact.email, contact.phone] if contact else []
        parts = [f"#{self.number}", self.subject, *known, *self.tags, self.description[:2000]]
        self.search_text = " ".join(part for part in parts if part).lower()


class TicketConversation(models.Model):
    """A link between a ticket and a conversation."""

    ticket = models.ForeignKey(
        Ticket, verbose_name=_("ticket"), on_delete=models.CASCADE, related_name="links"
    )
    conversation = models.ForeignKey(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="ticket_links",
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("ticket conversation")
        verbose_name_plural = _("ticket conversations")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "ticket"], name="ticket_linked_once_per_conversation"
            ),
        ]

    def __str__(self) -> str:
        """Show both ends."""
        return f"{self.ticket_id} in {self.conversation_id}"


class TicketTag(models.Model):
    """A tag of a ticket as a row, so that a filter finds it; ``Ticket.tags`` is what is shown."""

    ticket = models.ForeignKey(
        Ticket, verbose_name=_("ticket"), on_delete=models.CASCADE, related_name="tag_rows"
    )
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        verbose_name = _("ticket tag")
        verbose_name_plural = _("ticket tags")
        constraints = [
            models.UniqueConstraint(fields=["name", "ticket"], name="ticket_tag_once"),
        ]

    def __str__(self) -> str:
        """Show the tag."""
        return self.name


class Counter(models.Model):
    """The last number given; its row is the lock that keeps numbers without gaps."""

    name = models.CharField(_("name"), primary_key=True, max_length=20)
    value = models.PositiveIntegerField(_("value"), default=0)

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")

    def __str__(self) -> str:
        """Show where it stands."""
        return f"{self.name} at {self.value}"
