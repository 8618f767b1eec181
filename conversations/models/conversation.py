"""One thread between a contact (or a staff member) and assistant and agents."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import Actor, Key, Staff, Visitor
from channels_layer.ids import new_id
from conversations import source_kinds
from handoff.models import Control, Floor, Lifecycle, name_of

ACTIVITY_MEDIUM = 5
ACTIVITY_HIGH = 10
WINDOW_CLOSES = timedelta(hours=2)


@dataclass
class Changes:
    """What was changed of a locked conversation and is not saved yet.

    ``listed_at`` is when its row of the list changed; ``shown`` the object that was published.
    """

    fields: set[str] = field(default_factory=set)
    listed_at: datetime | None = None
    shown: dict[str, Any] | None = None


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Named filters over conversations."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what ``actor`` may read: staff and entitled keys all, a visitor its own."""
        match actor:
            case Staff():
                return self
            case Key():
                return self if _may_know(actor) else self.none()
            case Visitor():
                return self.filter(contact_id=actor.contact_id, source_id=actor.source_id)
            case _:
                return self.none()

    def chats_of(self, actor: Actor) -> Self:
        """Keep the actor's own chats with assistants."""
        match actor:
            case Staff():
                return self.filter(author=actor.user)
            case Key():
                return self.filter(author_key=actor.key)
            case _:
                return self.none()

    def waiting(self) -> Self:
        """Keep those whose customer waits: no chats, nor where a colleague joined unasked."""
        requested = self.filter(lifecycle=Lifecycle.ACTIVE, control=Control.REQUESTED)
        return requested.filter(author=None, author_key=None).exclude(requested_by=Staff.kind)

    def with_status(self, status: str) -> Self:
        """Keep one of the inbox's statuses: active, open, closed, transferred."""
        if status == "closed":
            return self.filter(lifecycle=Lifecycle.ENDED)
        active = self.filter(lifecycle=Lifecycle.ACTIVE)
        if status == "open":
            return active.filter(control=Control.AI)
        if status == "transferred":
            return active.filter(control__in=[Control.REQUESTED, Control.AGENT])
        return active

    def with_activity(self, level: str) -> Self:
        """Keep one activity level: low under 5 turns, medium 5 to 10, high above."""
        if level == "low":
            return self.filter(turn_count__lt=ACTIVITY_MEDIUM)
        if level == "medium":
            return self.filter(turn_count__gte=ACTIVITY_MEDIUM, turn_count__lte=ACTIVITY_HIGH)
        return self.filter(turn_count__gt=ACTIVITY_HIGH)

    def with_window(self, state: str, *, at: datetime) -> Self:
        """Keep one state of the reply window: open, closing (within 2 hours), closed.

        A conversation without such a window is none of them.
        """
        if state == "closed":
            return self.filter(window_expires_at__lte=at)
        if state == "closing":
            return self.filter(window_expires_at__gt=at, window_expires_at__lte=at + WINDOW_CLOSES)
        return self.filter(window_expires_at__gt=at)


class Conversation(Floor):
    """One thread: the columns that a list shows and filters on, and the floor."""

    class TitleSource(models.TextChoices):
        """The author of the title; a person's own is never overwritten."""

        NONE = "none", _("None")
        AUTO = "auto", _("Written by the model")
        FALLBACK = "fallback", _("First message")
        PERSON = "person", _("Given by a person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(
        "conversations.Source", verbose_name=_("source"), on_delete=models.PROTECT
    )
    contact = models.ForeignKey(
        "conversations.Contact",
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="conversations",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="chats",
        help_text=_("Whose chat with an assistant this is."),
    )
    author_key = models.ForeignKey(
        "channels_layer.ApiKey",
        verbose_name=_("author key"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
    )
    external_id = models.CharField(
        _("external id"),
        max_length=200,
        blank=True,
        help_text=_("The contact's identity in the source."),
    )
    assistant = models.ForeignKey(
        "conversations.Assistant", verbose_name=_("assistant"), on_delete=models.PROTECT
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    title_source = models.CharField(
        _("title source"), max_length=8, choices=TitleSource, default=TitleSource.NONE
    )
    tags = models.JSONField(_("tags"), default=list, blank=True)
    context = models.JSONField(
        _("context"),
        default=dict,
        blank=True,
        help_text=_("What the source knows of it: page, browser."),
    )
    address = models.CharField(
        _("address"),
        max_length=32,
        blank=True,
        editable=False,
        help_text=_("Keyed hash of the network address it was begun from."),
    )

    last_position = models.PositiveIntegerField(_("last position"), default=0)
    message_count = models.PositiveIntegerField(_("message count"), default=0)
    turn_count = models.PositiveIntegerField(_("turn count"), default=0)
    customer_count = models.PositiveIntegerField(_("customer count"), default=0)
    last_customer_position = models.PositiveIntegerField(_("last customer position"), default=0)
    answered_position = models.PositiveIntegerField(_("answered position"), default=0)
    answer_due_at = models.DateTimeField(_("answer due at"), null=True, blank=True)

    last_message_at = models.DateTimeField(_("last message at"))
    last_message_text = models.CharField(_("last message text"), max_length=160, blank=True)
    last_author_kind = models.CharField(_("last author kind"), max_length=16, blank=True)
    last_author_name = models.CharField(_("last author name"), max_length=200, blank=True)
    window_expires_at = models.DateTimeField(_("window expires at"), null=True, blank=True)
    search_text = models.TextField(_("search text"), blank=True)
    seq = models.PositiveBigIntegerField(_("seq"), default=0)
    changed_at = models.DateTimeField(_("changed at"))
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    # What the outermost ``thread.changing`` block has collected so far; None outside of one.
    changes: Changes | None = None
    # Set at start: what a change of the floor leads to is the services' business, which
    # lie above this module.
    on_floor_change: ClassVar[Callable[..., None]]
    SHOWN: ClassVar[tuple[str, ...]] = ("source", "contact", "assistant", "owner", "author")

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="conversation_newest"),
            models.Index(
                fields=["lifecycle", "control", "-last_message_at", "-id"],
                name="conversation_floor",
            ),
            models.Index(fields=["source", "-last_message_at", "-id"], name="conversation_source"),
            models.Index(
                fields=["assistant", "-last_message_at", "-id"], name="conversation_assistant"
            ),
            models.Index(fields=["contact", "-last_message_at"], name="conversation_contact"),
            models.Index(fields=["author", "-last_message_at", "-id"], name="conversation_author"),
            models.Index(
                fields=["owner", "-last_message_at", "-id"],
                condition=models.Q(owner__isnull=False),
                name="conversation_owner",
            ),
            models.Index(fields=["changed_at"], name="conversation_changed"),
            models.Index(
                fields=["address", "-created_at"],
                condition=~models.Q(address=""),
                name="conversation_address",
            ),
            models.Index(
                fields=["answer_due_at"],
                condition=models.Q(answer_due_at__isnull=False),
                name="conversation_answer_due",
            ),
            models.Index(
                fields=["window_expires_at"],
                condition=models.Q(window_expires_at__isnull=False),
                name="conversation_window",
            ),
            models.Index(
                fields=["requested_at"],
                condition=models.Q(control="requested"),
                name="conversation_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"Conversation {str(self.id)[-4:]}"

    def locked(self) -> Self:
        """Return this row as it is now, locked; this object itself while it is being changed."""
        return self if self.changes is not None else super().locked()

    @property
    def topic(self) -> str:
        """The durable topic of this conversation."""
        return f"conversation:{self.id}"

    @property
    def has_unanswered(self) -> bool:
        """Whether a customer's message is newer than the last answer."""
        return self.last_customer_position > self.answered_position

    def is_window_open(self, at: datetime) -> bool:
        """Whether the reply window is open; false where none was set."""
        return self.window_expires_at is not None and self.window_expires_at > at

    def is_window_closed(self, at: datetime) -> bool:
        """Whether at most a template may be sent: the source has a window, which is not open."""
        has_window = source_kinds.of(self.source.kind).reply_window is not None
        return has_window and not self.is_window_open(at)

    def extend_window(self, *, said_at: datetime) -> None:
        """Extend the reply window, if the source has one, from when the customer wrote.

        It only moves forward; the caller saves it.
        """
        if until := source_kinds.of(self.source.kind).window_until(said_at):
            self.window_expires_at = max(self.window_expires_at or until, until)

    @property
    def is_chat(self) -> bool:
        """Whether somebody tries an assistant out here: there is no customer who waits."""
        return self.author_id is not None or self.author_key_id is not None

    @property
    def is_waiting(self) -> bool:
        """Whether a customer waits for a person here."""
        return not self.is_ended and self.is_request_shown and not self.is_chat

    @property
    def heading(self) -> str:
        """What to call it in a place of its own: its customer, its title, or whose chat it is."""
        if self.contact is not None:
            return self.contact.heading
        return self.title or (name_of(self.author) if self.author else str(self))

    def is_visible_to(self, actor: Actor) -> bool:
        """Whether ``actor`` may read it, as ``visible_to`` says of many."""
        match actor:
            case Staff():
                return True
            case Key():
                return _may_know(actor)
            case Visitor():
                return (self.contact_id, self.source_id) == (actor.contact_id, actor.source_id)
            case _:
                return False

    def is_chat_of(self, actor: Actor) -> bool:
        """Whether the actor owns this chat and writes as its customer."""
        match actor:
            case Staff():
                return self.author_id is not None and self.author_id == actor.user.pk
            case Key():
                return self.author_key_id is not None and self.author_key_id == actor.key.pk
            case _:
                return False

    def changed(
        self,
        *,
        change: str,
        by: Actor,
        reason: str = "",
        is_shown: bool = True,
        at: datetime,
    ) -> None:
        """Write the entry in the thread, the event and the row; see ``Floor.changed``."""
        type(self).on_floor_change(
            self, change=change, by=by, reason=reason, is_shown=is_shown, at=at
        )


def _may_know(key: Key) -> bool:
    """Return whether a key may know that conversations exist: it reads or writes them."""
    return key.may("conversations:read") or key.may("conversations:write")


class ReadState(models.Model):
    """How far one person has read one conversation."""

    conversation = models.ForeignKey(
        Conversation,
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="read_states",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    customer_count = models.PositiveIntegerField(
        _("customer count"),
        default=0,
        help_text=_("How many customer messages there were up to that position."),
    )

    class Meta:
        verbose_name = _("read state")
        verbose_name_plural = _("read states")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "user"], name="read_state_one_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"read to {self.position}"
