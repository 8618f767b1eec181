"""Attachments: files that people and systems send along with messages."""

from datetime import datetime
from secrets import token_hex
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from channels_layer.ids import new_id
from conversations.files.kinds import table
from conversations.files.kinds.types import Content, FileType

Json = dict[str, Any]

FILES_FOLDER = "attachments"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Named filters over attachments."""

    def unused(self) -> Self:
        """Keep attachments that no message carries yet and nothing else holds."""
        return self.filter(message__isnull=True, held_by="")

    def uploaded_before(self, at: datetime) -> Self:
        """Keep attachments uploaded before ``at``."""
        return self.filter(created_at__lt=at)


class Attachment(models.Model):
    """One file: uploaded first, carried by a message later, gone with it."""

    class Kind(models.TextChoices):
        """The kind of file, by which it is shown: inline, or as a download."""

        IMAGE = "image", _("Image")
        AUDIO = "audio", _("Audio")
        VIDEO = "video", _("Video")
        DOCUMENT = "document", _("Document")

    class Status(models.TextChoices):
        """Whether its bytes are here; only a source that brings files in later leaves ``ready``."""

        READY = "ready", _("Ready")
        FETCHING = "fetching", _("On its way")
        FAILED = "failed", _("Did not arrive")

    class Motion(models.TextChoices):
        """Whether a picture moves; empty for one that never did."""

        MOVING = "moving", _("Moving picture")
        STILL = "still", _("Still of a moving picture")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation",
        verbose_name=_("conversation"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="attachments",
    )
    message = models.ForeignKey(
        "conversations.Message",
        verbose_name=_("message"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="attachments",
    )
    held_by = models.CharField(
        _("held by"),
        max_length=80,
        blank=True,
        help_text=_("What else keeps it, such as ticket-comment:<id>."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Its place in the message.")
    )
    actor = models.CharField(
        _("actor"),
        max_length=80,
        db_column="sender",
        help_text=_("The actor who uploaded it, as user:5."),
    )
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(
        _("content type"), max_length=100, help_text=_("Judged by the bytes.")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    file_type = models.CharField(
        _("file type"),
        max_length=24,
        blank=True,
        help_text=_("Its row in the table of files, such as xlsx; empty if it is older than that."),
    )
    size = models.PositiveBigIntegerField(_("size"), help_text=_("Bytes, as stored."))
    path = models.CharField(_("path"), max_length=120, unique=True, editable=False)
    thumbnail = models.CharField(_("thumbnail"), max_length=120, blank=True, editable=False)
    small = models.CharField(
        _("small image"),
        max_length=120,
        blank=True,
        editable=False,
        help_text=_("Where the image lies as models are shown it."),
    )
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    preview = models.CharField(
        _("preview"),
        max_length=120,
        blank=True,
        editable=False,
        help_text=_("Where the picture lies that is shown; empty where that is the file itself."),
    )
    kept = models.CharField(
        _("kept file"),
        max_length=120,
        blank=True,
        editable=False,
        help_text=_("Where the file lies as it came, beside a picture that shows all of it."),
    )
    stills = models.JSONField(
        _("stills"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("Where its further pages lie, or the middle of a picture that moves."),
    )
    page_count = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    motion = models.CharField(_("motion"), max_length=6, choices=Motion, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.READY)
    error = models.CharField(
        _("error"),
        max_length=200,
        blank=True,
        help_text=_("Why it did not arrive, in plain words."),
    )
    is_final = models.BooleanField(
        _("final"), default=False, help_text=_("Another try would fail as this one did.")
    )
    transcript = models.TextField(_("transcript"), blank=True, help_text=_("What is said in it."))
    description = models.TextField(_("description"), blank=True, help_text=_("What is seen in it."))
    text = models.TextField(
        _("text"), blank=True, help_text=_("What is written in it, or its beginning.")
    )
    extent = models.CharField(
        _("extent"),
        max_length=80,
        blank=True,
        help_text=_("How much of it was read, such as 12 pages."),
    )
    created_at = models.DateTimeField(_("created at"))

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(message__isnull=True),
                name="attachment_unused",
            ),
            models.Index(fields=["actor", "-created_at"], name="attachment_sender"),
            models.Index(
                fields=["held_by"], condition=~models.Q(held_by=""), name="attachment_held"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def row(self) -> FileType:
        """Return its row in the table of files."""
        return table.row_of(self.file_type, self.content_type, self.kind)

    @property
    def content(self) -> Content:
        """Return what can be found out of it; nothing of an image that is kept as a file."""
        return self.row.content if self.row.kind == self.kind else Content.NOTHING

    @property
    def is_shown_inline(self) -> bool:
        """Whether browsers are given it to show or play; everything else is a download."""
        return self.kind in {self.Kind.IMAGE, self.Kind.AUDIO, self.Kind.VIDEO}

    @property
    def paths(self) -> list[str]:
        """Where its bytes lie in the storage."""
        if self.status != self.Status.READY:
            return []
        known = (self.path, self.preview, self.kept, self.small, self.thumbnail)
        return [path for path in (*known, *(one["path"] for one in self.stills)) if path]

    @property
    def shown_pages(self) -> list[Json]:
        """Its pages after the first, each with path, width and height, as far as they are shown."""
        return self.stills if self.page_count else []


class FileRemoval(models.Model):
    """A file to remove: its upload did not finish, or its attachment was deleted.

    It is written before the file is, and in the transaction that deletes the attachment, so that
    every file is named by a row whatever dies when.
    """

    path = models.CharField(_("path"), primary_key=True, max_length=120)
    due_at = models.DateTimeField(_("due at"), db_index=True)

    class Meta:
        verbose_name = _("file removal")
        verbose_name_plural = _("file removals")

    def __str__(self) -> str:
        return self.path


def new_path(at: datetime) -> str:
    """Return a new random path in the storage; nothing of the file's own name is in it."""
    return f"{FILES_FOLDER}/{at:%Y/%m/%d}/{token_hex(16)}"
