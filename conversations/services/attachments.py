"""Attachments: storing files, attaching them to messages, deleting those that are unused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Min, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from channels_layer import formats, times
from channels_layer.access.actors import Actor, Visitor
from channels_layer.errors import DomainError, InvalidError, TooFastError
from channels_layer.ids import new_id
from channels_layer.prepared import Prepared, Slot
from channels_layer.work.jobs import Hint, enqueue
from conversations.files import images, kinds, names
from conversations.files.kinds import Sniffed
from conversations.files.processes import BusyError, Claim
from conversations.files.remaking import Remade
from conversations.models import Attachment, Conversation, FileRemoval, new_path
from conversations.services import pictures, readings, thread

MOST_PER_MESSAGE = 10
UNUSED_KEPT = timedelta(hours=24)
UPLOAD_TIME = timedelta(hours=1)
MOST_WAITING = 30
"""How many unused files a visitor may have within ``WAITING_TIME``."""
WAITING_TIME = timedelta(hours=1)
DAY = timedelta(days=1)
MOST_BYTES_A_DAY = 100 * 1024 * 1024
MOST_FILES_A_DAY = 200
"""What one visitor may store within a day."""
REMOVED_AT_ONCE = 200
BUSY_SECONDS = 10
REQUEST_PATIENCE = 10.0
"""Seconds that an image waits for others while a person's request waits for it."""
FETCH_PATIENCE = 30.0
"""Seconds that an image waits for others where a worker brings it in."""
LONGEST_TYPE = 100
LONGEST_ERROR = 200
NOT_STORED = gettext_noop("The file could not be stored.")

_WRITTEN = (
    "name",
    "content_type",
    "kind",
    "file_type",
    "size",
    "path",
    "small",
    "thumbnail",
    "width",
    "height",
    "error",
    "preview",
    "kept",
    "stills",
    "page_count",
    "motion",
)


class FileTooLargeError(DomainError):
    """The file is larger than the limit."""

    code = "too_large"
    status = 413

    def __init__(self, detail: str | None = None) -> None:
        """Name the limit, or what else about the file is too large."""
        limit = formats.size(settings.UPLOAD_MAX_BYTES)
        detail = detail or _("A file may have at most %(limit)s.") % {"limit": limit}
        super().__init__(detail, fields={"file": [detail]})


class TypeRefusedError(DomainError):
    """Files of this kind are refused."""

    code = "unsupported_media_type"
    status = 415

    def __init__(self) -> None:
        """Name what is refused."""
        detail = _("Programs and scripts are not taken.")
        super().__init__(detail, fields={"file": [detail]})


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it was sent: its bytes and the name it was given."""

    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class _Content:
    """The parts of an upload that are stored."""

    name: str
    data: bytes
    sniffed: Sniffed
    picture: Remade | None = None
    kept: bytes = b""
    error: str = ""


def store(*, upload: Upload, by: Actor, at: datetime) -> Attachment:
    """Store a file; a message of the same actor may carry it within 24 hours.

    The bytes decide what it is. Images are made anew; nothing is ever unpacked. An image that
    cannot be shown is kept as a file, and its ``error`` says why.
    """
    _check(upload)
    _refuse_hoard(by, size=len(upload.data), at=at)
    content = _content(upload, _claim(by))
    if content.error == images.TOO_MANY_PIXELS:
        raise FileTooLargeError(_("The image has too many pixels."))
    attachment = Attachment(actor=by.reference, created_at=at)
    _fill(attachment, content, at=at)
    _write(attachment, content, at=at)
    _keep(attachment)
    return attachment


def expect(*, name: str, content_type: str, kind: str, by: Actor, at: datetime) -> Attachment:
    """Write a row for a file whose bytes come later; a message may carry it at once.

    ``content_type`` and ``kind`` are as announced; the bytes decide when they are here.
    """
    return Attachment.objects.create(
        actor=by.reference,
        name=names.cleaned(name),
        content_type=content_type[:LONGEST_TYPE],
        kind=kind if kind in Attachment.Kind.values else Attachment.Kind.DOCUMENT,
        size=0,
        path=new_path(at),
        status=Attachment.Status.FETCHING,
        created_at=at,
    )


def arrived(*, attachment: Attachment, upload: Upload, at: datetime) -> Attachment:
    """Store the bytes of an expected file, checked as any upload, and publish its message.

    How large it may be is the caller's business. Twice does no harm: the first bytes stay.

    :raises DomainError: for a refused file; the row stays as it was (see ``lost``).
    """
    _refuse_empty_and_programs(upload)
    sender = str(attachment.conversation_id or attachment.actor)
    claim = Claim(sender=sender, patience=FETCH_PATIENCE)
    content = _content(upload, claim, declared=attachment.kind)
    fresh = Attachment(pk=attachment.pk)
    _fill(fresh, content, at=at)
    _write(fresh, content, at=at)
    return _take_in(fresh, at=at)


@transaction.atomic
def lost(*, attachment: Attachment, error: str, at: datetime, is_final: bool = False) -> Attachment:
    """Give up on the bytes of an expected file; ``error`` says why, in plain words.

    ``is_final`` says that another try would fail as this one did; nobody is offered one.
    """
    conversation, found = _locked(attachment)
    if found is None or found.status == Attachment.Status.READY:
        return found or attachment
    found.status = Attachment.Status.FAILED
    found.error, found.is_final = error[:LONGEST_ERROR], is_final
    found.save(update_fields=["status", "error", "is_final"])
    _publish(conversation, found, at=at)
    return found


def carried(*, by: Actor, identifiers: Sequence[UUID]) -> list[Attachment]:
    """Return the files that the actor is about to send, in the given order, locked.

    :raises InvalidError: for ``attachments``: too many, unknown, used, or another actor's.
    """
    wanted = list(dict.fromkeys(identifiers))
    if len(wanted) > MOST_PER_MESSAGE:
        detail = _("At most %(most)d files at once.") % {"most": MOST_PER_MESSAGE}
        raise InvalidError(detail, fields={"attachments": [detail]})
    rows = Attachment.objects.select_for_update(no_key=True).order_by("id")
    found = {row.pk: row for row in rows.filter(pk__in=wanted)}
    for identifier in wanted:
        attachment = found.get(identifier)
        is_own = attachment is not None and attachment.actor == by.reference
        if attachment is None or not is_own or attachment.message_id or attachment.held_by:
            detail = _("This is no file of yours that can be sent here.")
            raise InvalidError(detail, fields={"attachments": [detail]})
    return [found[identifier] for identifier in wanted]


def hold(attachments: Sequence[Attachment], *, holder: str) -> None:
    """Let something other than a message keep ``attachments``, such as ``ticket-comment:<id>``."""
    for order, attachment in enumerate(attachments):
        attachment.held_by = holder
        attachment.order = order
        attachment.save(update_fields=["held_by", "order"])


def forget_files(*, instance: Attachment, **_signal: Any) -> None:
    """Put the files of a deleted attachment on the list of files to remove; receives the signal."""
    at = times.now()
    FileRemoval.objects.bulk_create(
        [FileRemoval(path=path, due_at=at) for path in instance.paths], ignore_conflicts=True
    )
    enqueue("conversations.remove_files")


_TO_REMOVE = Prepared(
    lambda: FileRemoval.objects.filter(
        due_at__lte=Slot(FileRemoval, "due_at", name="at")
    ).values_list("pk")[:1]
)


def removals_due(at: datetime) -> list[Hint]:
    """Return the one hint there is when the time of any file to remove has come."""
    return [("conversations.remove_files", {})] if _TO_REMOVE.rows(at=at) else []


def remove_files(*, at: datetime) -> int:
    """Remove files whose time has come; doing it twice does no harm."""
    due = FileRemoval.objects.filter(due_at__lte=at).order_by("due_at", "path")
    paths = list(due.values_list("path", flat=True)[:REMOVED_AT_ONCE])
    for path in paths:
        default_storage.delete(path)
        FileRemoval.objects.filter(path=path).delete()
    return len(paths)


def drop_unused(*, at: datetime) -> int:
    """Delete uploads that no message has carried within 24 hours."""
    old = Attachment.objects.unused().uploaded_before(at - UNUSED_KEPT).order_by("created_at")
    keys = list(old.values_list("pk", flat=True)[:REMOVED_AT_ONCE])
    deleted, _rows = Attachment.objects.unused().filter(pk__in=keys).delete()
    return deleted


def _check(upload: Upload) -> None:
    if len(upload.data) > settings.UPLOAD_MAX_BYTES:
        raise FileTooLargeError
    _refuse_empty_and_programs(upload)


def _refuse_empty_and_programs(upload: Upload) -> None:
    if not upload.data:
        detail = _("The file is empty.")
        raise InvalidError(detail, fields={"file": [detail]})
    if kinds.is_program(upload.data, names.cleaned(upload.name)):
        raise TypeRefusedError


def _refuse_hoard(by: Actor, *, size: int, at: datetime) -> None:
    """Refuse a visitor who stores too much: files that wait for a message, files of a day."""
    if not isinstance(by, Visitor):
        return
    own = Attachment.objects.filter(actor=by.reference, created_at__gt=at - DAY)
    waiting = own.unused().filter(created_at__gt=at - WAITING_TIME)
    if waiting.count() >= MOST_WAITING:
        raise TooFastError(retry_after=60, detail=_("Send some of these files first."))
    today = own.aggregate(files=Count("pk"), bytes=Sum("size", default=0), first=Min("created_at"))
    if today["files"] >= MOST_FILES_A_DAY or today["bytes"] + size > MOST_BYTES_A_DAY:
        detail = _("You have sent as many files as a day allows.")
        wait = (
            (today["first"] + DAY - at).total_seconds() if today["first"] else DAY.total_seconds()
        )
        raise TooFastError(retry_after=wait, detail=detail)


def _claim(by: Actor) -> Claim:
    """Return the claim to a process: a stranger has one at a time, whoever is known more."""
    sender = by.reference if isinstance(by, Visitor) else str(new_id())
    return Claim(sender=sender, patience=REQUEST_PATIENCE)


def _content(upload: Upload, claim: Claim, *, declared: str = "") -> _Content:
    """Return what is stored of an upload, of a kind that the sender has ``declared`` or none."""
    name = names.cleaned(upload.name)
    sniffed = kinds.sniff(upload.data, name, declared=declared)
    if sniffed.kind == kinds.IMAGE:
        content = _image(upload.data, name, claim)
        return replace(content, sniffed=replace(content.sniffed, file_type=sniffed.file_type))
    error = images.RAW if sniffed.file_type == kinds.RAW else ""
    return _named(_Content(name=name, data=upload.data, sniffed=sniffed, error=error))


def _image(data: bytes, name: str, claim: Claim) -> _Content:
    try:
        remade = images.remake(data, claim=claim)
    except images.TooManyPixelsError:
        return _unshown(data, name, error=images.TOO_MANY_PIXELS)
    except BusyError:
        detail = _("Many images are being prepared. Send it again in a moment.")
        raise TooFastError(retry_after=BUSY_SECONDS, detail=detail) from None
    except images.UnreadableError:
        return _unshown(data, name, error=images.NOT_SHOWN)
    return _shown(data, name, remade)


def _shown(data: bytes, name: str, remade: Remade) -> _Content:
    """Return an image as it was written anew; where that is less than the file, as it came."""
    sniffed = Sniffed(remade.content_type, kinds.IMAGE)
    if not remade.original:
        return _named(_Content(name=name, data=remade.data, sniffed=sniffed, picture=remade))
    kept = images.blanked(data, remade.spans)
    name = kinds.harmless_name(name, remade.original)
    if remade.is_less:
        sniffed = Sniffed(remade.original, kinds.IMAGE)
        return _Content(name=name, data=kept, sniffed=sniffed, picture=remade)
    return _Content(name=name, data=remade.data, sniffed=sniffed, picture=remade, kept=kept)


def _unshown(data: bytes, name: str, *, error: str) -> _Content:
    """Return an image that cannot be shown as bytes that no browser shows."""
    sniffed = Sniffed(kinds.UNKNOWN)
    return _named(_Content(name=name, data=data, sniffed=sniffed, error=error))


def _named(content: _Content) -> _Content:
    """Set an ending that fits the file's type, so that no other program opens it."""
    name = kinds.harmless_name(content.name, content.sniffed.content_type)
    return replace(content, name=name)


def _fill(attachment: Attachment, content: _Content, *, at: datetime) -> None:
    """Set the row's fields from the content, with a new path in the storage."""
    attachment.name = content.name
    attachment.content_type = content.sniffed.content_type
    attachment.kind = content.sniffed.kind
    attachment.file_type = content.sniffed.file_type
    attachment.size = len(content.data)
    attachment.path = new_path(at)
    attachment.error = content.error
    if content.picture is not None:
        pictures.fill(attachment, content.picture, at=at)


def _write(attachment: Attachment, content: _Content, *, at: datetime) -> None:
    _announce_removal(attachment, at=at)
    default_storage.save(attachment.path, ContentFile(content.data))
    if content.picture is not None:
        for path, data in pictures.files_of(attachment, content.picture, content.kept):
            default_storage.save(path, ContentFile(data))


@transaction.atomic
def _take_in(fresh: Attachment, *, at: datetime) -> Attachment:
    """Save the stored file on the row, unless other bytes were faster or the row is gone."""
    conversation, found = _locked(fresh)
    if found is None or found.status == Attachment.Status.READY:
        return found or fresh
    for name in _WRITTEN:
        setattr(found, name, getattr(fresh, name))
    found.status = Attachment.Status.READY
    found.save(update_fields=[*_WRITTEN, "status"])
    FileRemoval.objects.filter(path__in=found.paths).delete()
    _publish(conversation, found, at=at)
    return found


def _locked(attachment: Attachment) -> tuple[Conversation | None, Attachment | None]:
    """Lock the conversation of a file, where it has one, then the file."""
    key = Attachment.objects.filter(pk=attachment.pk).values_list("conversation_id", flat=True)
    conversation_id = key.first()
    try:
        conversation = Conversation(pk=conversation_id).locked() if conversation_id else None
    except Conversation.DoesNotExist:
        return None, None
    rows = Attachment.objects.select_for_update(no_key=True, of=("self",))
    return conversation, rows.filter(pk=attachment.pk).first()


def _publish(conversation: Conversation | None, attachment: Attachment, *, at: datetime) -> None:
    if conversation is not None:
        thread.want_reading(attachment, at=at)
        readings.publish(conversation, attachment.message, at=at)


def _announce_removal(attachment: Attachment, *, at: datetime) -> None:
    """Schedule, before they exist, the removal of these files unless the upload finishes."""
    FileRemoval.objects.bulk_create(
        [FileRemoval(path=path, due_at=at + UPLOAD_TIME) for path in attachment.paths]
    )


@transaction.atomic
def _keep(attachment: Attachment) -> None:
    attachment.save(force_insert=True)
    FileRemoval.objects.filter(path__in=attachment.paths).delete()
