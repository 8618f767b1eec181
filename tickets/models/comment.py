"""Comments on tickets."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id


class Comment(models.Model):
    """One comment on a ticket: public, which the customer gets, or internal."""

    class Kind(models.TextChoices):
        """Who reads it."""

        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal")

    class Obstacle(models.TextChoices):
        """Why a public comment was not sent to the customer."""

        NO_CONVERSATION = "no_conversation", _("there is no conversation to send it in")
        ENDED = "ended", _("the conversation has ended")
        RIGHTS = "not_allowed", _("this key may not write to conversations")
        WINDOW = "window_closed", _("the customer wrote too long ago")
        RESTRICTED = "restricted", _("the number is restricted")
        REFUSED = "refused", _("the source does not take it")

        @classmethod
        def of(cls, code: str) -> Self:
            """Return the obstacle that a source's refusal is."""
            return cls(code if code in cls.values else cls.REFUSED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(
        "tickets.Ticket",
        verbose_name=_("ticket"),
        on_delete=models.CASCADE,
        related_name="comments",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.INTERNAL)
    text = models.TextField(_("text"), blank=True)
    actor = models.CharField(
        _("actor"),
        max_length=80,
        db_column="sender",
        help_text=_("The actor who wrote it, such as user:5."),
    )
    author_name = models.CharField(_("author name"), max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    client_id = models.CharField(_("client id"), max_length=100, null=True, blank=True)  # noqa: DJ001 - unique when set
    message = models.ForeignKey(
        "conversations.Message",
        verbose_name=_("message"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="ticket_comments",
        help_text=_("The message in which the customer got it."),
    )
    undelivered = models.CharField(
        _("undelivered"),
        max_length=16,
        blank=True,
        choices=Obstacle,
        help_text=_("Why the customer did not get a public comment."),
    )
    seq = models.PositiveBigIntegerField(_("seq"), default=0)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "actor", "client_id"],
                condition=models.Q(client_id__isnull=False),
                name="ticket_comment_once_per_client_id",
            ),
        ]
        indexes = [models.Index(fields=["ticket", "created_at", "id"], name="ticket_comment_time")]

    def __str__(self) -> str:
        """Show who said what."""
        return f"{self.author_name}: {self.text[:40]}"

    @property
    def holder(self) -> str:
        """The name under which this comment keeps files that no message carries."""
        return f"ticket-comment:{self.pk}"
