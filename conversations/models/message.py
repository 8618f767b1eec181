"""One entry of a conversation."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.access.actors import staff_id_of
from channels_layer.ids import new_id

if TYPE_CHECKING:
    from conversations.models.attachment import Attachment


class AuthorKind(models.TextChoices):
    """The kind of author."""

    CUSTOMER = "customer", _("Customer")
    ASSISTANT = "assistant", _("Assistant")
    AGENT = "agent", _("Agent")
    SYSTEM = "system", _("System")


class Message(models.Model):
    """A message, note or system line.

    ``position`` is the order in which a conversation's entries were written, ``place`` the one in
    which they are read.
    """

    class Kind(models.TextChoices):
        """The kind of entry."""

        MESSAGE = "message", _("Message")
        NOTE = "note", _("Internal note")
        SYSTEM = "system", _("System line")

    class Status(models.TextChoices):
        """How far it has come on its way to the reader; it only moves forward."""

        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        READ = "read", _("Read")
        FAILED = "failed", _("Failed")

    REPLACED: ClassVar[str] = "replaced"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        on_delete=models.CASCADE,
        related_name="messages",
    )
    position = models.PositiveIntegerField(_("position"))
    behind = models.PositiveIntegerField(
        _("behind"),
        null=True,
        blank=True,
        help_text=_("For an answer: position of the newest entry when it began."),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.MESSAGE)
    author_kind = models.CharField(_("author kind"), max_length=16, choices=AuthorKind)
    author_id = models.CharField(_("author id"), max_length=40, blank=True)
    author_name = models.CharField(_("author name"), max_length=200, blank=True)
    author_avatar = models.CharField(_("author avatar"), max_length=500, blank=True)
    actor = models.CharField(
        _("actor"),
        max_length=80,
        db_column="sender",
        help_text=_("The actor who wrote it, such as user:5."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    text = models.TextField(_("text"), blank=True)
    cards = models.JSONField(_("cards"), default=list, blank=True)
    reactions = models.JSONField(
        _("reactions"),
        default=list,
        blank=True,
        help_text=_("What was put to it: an emoji, and who put it."),
    )
    reply_to = models.ForeignKey(
        "self", verbose_name=_("reply to"), null=True, blank=True, on_delete=models.SET_NULL
    )
    client_id = models.CharField(_("client id"), max_length=100, null=True, blank=True)  # noqa: DJ001 - unique when set
    run_id = models.UUIDField(_("run id"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.SENT)
    error = models.CharField(
        _("error"),
        max_length=200,
        blank=True,
        help_text=_("Why it failed, or how an answer was cut short."),
    )
    error_code = models.CharField(
        _("error code"),
        max_length=40,
        blank=True,
        help_text=_("Why it was not delivered, as a code; empty for an answer that was cut short."),
    )
    change = models.CharField(
        _("change"),
        max_length=24,
        blank=True,
        help_text=_("For a system line: what happened, such as accepted."),
    )
    detail = models.CharField(
        _("detail"),
        max_length=200,
        blank=True,
        help_text=_("For a system line: the reason, shown to staff only."),
    )
    is_public = models.BooleanField(
        _("public"), default=True, help_text=_("Whether the customer sees it.")
    )
    created_at = models.DateTimeField(_("created at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "position"], name="message_position_unique"
            ),
            models.UniqueConstraint(
                fields=["conversation", "actor", "client_id"],
                condition=models.Q(client_id__isnull=False),
                name="message_once_per_client_id",
            ),
            models.UniqueConstraint(
                fields=["run_id"],
                condition=models.Q(run_id__isnull=False),
                name="message_one_per_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:40]}"

    @property
    def place(self) -> float:
        """Where it stands in its thread."""
        return place_of(self.position, self.behind)

    files: "Sequence[Attachment] | None" = None
    """Its attachments as they were written with it; None where it was read."""

    @property
    def is_of_staff(self) -> bool:
        """Whether a person of the staff wrote it, in a chat of theirs too."""
        return staff_id_of(self.actor) is not None

    @property
    def quoted(self) -> "Message | None":
        """The message that this one answers, unless only this one is public."""
        if self.reply_to is None or (self.is_public and not self.reply_to.is_public):
            return None
        return self.reply_to


def place_of(position: int, behind: int | None) -> float:
    """Return where an entry stands in its thread: an answer right behind what came before it."""
    return position if behind is None else behind + 0.5
