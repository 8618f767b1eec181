"""Queries of attachments: the bytes behind a link, and the parts shown to a model."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest

from channels_layer.access.actors import Actor
from channels_layer.errors import NotFoundError
from channels_layer.prepared import Prepared, Slot
from conversations import cards
from conversations.files import kinds, links, remaking
from conversations.files.stored import read
from conversations.models import Attachment, AuthorKind, Conversation, Message, Reading
from conversations.selectors import file_lines

MOST_IMAGES = 8
_PAGE = re.compile(r"[0-9]{1,3}")


def _awaited() -> QuerySet[Attachment, tuple[datetime]]:
    at_work = Q(status=Attachment.Status.FETCHING) | Q(reading__state=Reading.State.QUEUED)
    rows = Attachment.objects.filter(
        at_work,
        message__conversation=Slot(Message, "conversation"),
        message__author_kind=AuthorKind.CUSTOMER,
        message__position__gt=Slot(Message, "position"),
    )
    # A message may bear its sender's time; what was uploaded may have waited for its message.
    here = rows.annotate(here=Greatest("message__created_at", "created_at"))
    return here.values_list("here")


_AWAITED = Prepared(_awaited)
_SINCE = Prepared(
    lambda: (
        Attachment.objects.filter(
            message__conversation=Slot(Message, "conversation"),
            message__position__gte=Slot(Message, "position"),
        )
        .select_related("reading")
        .order_by("order", "id")
    )
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message's files as a model gets them: images as data URLs, lines about the rest.

    ``image_lines`` are about the images, for a model that sees none.
    """

    images: tuple[str, ...] = ()
    image_lines: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def attachment(identifier: UUID) -> Attachment | None:
    """Return one attachment; the link decides who may open it."""
    return Attachment.objects.filter(pk=identifier).first()


def attachment_for(actor: Actor, identifier: UUID) -> Attachment:
    """Return a file of a conversation that ``actor`` may read; ``NotFoundError`` otherwise."""
    seen = Conversation.objects.visible_to(actor).values("pk")
    rows = Attachment.objects.filter(message__isnull=False, conversation__in=seen)
    found = rows.select_related("message", "reading").filter(pk=identifier).first()
    if found is None:
        raise NotFoundError
    return found


def awaited_since(conversation: Conversation) -> datetime | None:
    """Return when the oldest file was sent that is still fetched or read for an open question."""
    sent = _AWAITED.rows(conversation=conversation.pk, position=conversation.answered_position)
    return min((here for (here,) in sent), default=None)


def shown_to_model(
    conversation: Conversation, positions: Mapping[UUID, int], *, can_see: bool
) -> dict[UUID, Shown]:
    """Return what a model is shown of the files of a conversation's messages, by the message's id.

    ``positions`` are those of the messages, by id. The newest images alone are shown, at most
    eight; files that are gone are named like others.
    """
    first = min(positions.values(), default=0)
    found = _SINCE.rows(conversation=conversation.pk, position=first)
    rows = [row for row in found if row.message_id in positions]
    visible = [row for row in rows if can_see and _is_visible(row)]
    visible.sort(key=lambda row: (positions[_message_of(row)], row.order))
    seen = _shared(visible)
    by_message: dict[UUID, list[Attachment]] = {}
    for row in rows:
        by_message.setdefault(_message_of(row), []).append(row)
    return {message: _shown(files, seen) for message, files in by_message.items()}


def words_of(message: Message) -> str:
    """Return the words of a message: its text, its cards, and what is said or seen in its files.

    Reads ``message.attachments``, which the caller has prefetched for many messages.
    """
    found = [
        f"[{file.get_kind_display()}] {said}"
        for file in message.attachments.all()
        if (said := file.transcript or file.description)
    ]
    shown = [] if message.author_kind == AuthorKind.CUSTOMER else message.cards
    return "\n".join(filter(None, (message.text, cards.as_text(shown), *found)))


def _is_visible(file: Attachment) -> bool:
    return file.kind == Attachment.Kind.IMAGE and file.status == Attachment.Status.READY


def _message_of(row: Attachment) -> UUID:
    assert row.message_id is not None  # noqa: S101 - the query asks for those of messages
    return row.message_id


def _shared(visible: Sequence[Attachment]) -> dict[UUID, int]:
    """Return how many pictures of each file are shown: one of each, the newest first, then more."""
    seen = {file.pk: 1 for file in visible[-MOST_IMAGES:]}
    left = MOST_IMAGES - len(seen)
    for file in reversed(visible):
        more = min(len(file.stills), left) if file.pk in seen else 0
        seen[file.pk] = seen.get(file.pk, 0) + more
        left -= more
    return seen


def _shown(files: Sequence[Attachment], seen: Mapping[UUID, int]) -> Shown:
    urls: list[str] = []
    words: list[str] = []
    lines = []
    for file in files:
        own = data_urls(file, most=seen.get(file.pk, 0))
        urls += own
        # The first picture of a file carries what is known of all its pages.
        words += [file_lines.line_of(file), *[""] * (len(own) - 1)] if own else []
        if not own:
            lines.append(file_lines.line_of(file))
        elif file.motion or file.page_count:
            lines.append(file_lines.line_beside(file, shown=len(own)))
    return Shown(images=tuple(urls), image_lines=tuple(words), lines=tuple(lines))


def data_urls(file: Attachment, *, most: int = MOST_IMAGES) -> list[str]:
    """Return the pictures of an image as models are shown them, at most ``most``, pages in order.

    None if they are gone. Nothing is decoded here.
    """
    paths = [_path_for_model(file), *(one["path"] for one in file.stills)][:most]
    try:
        return [_data_url(read(path), file) for path in paths]
    except OSError:
        return []


def _data_url(data: bytes, file: Attachment) -> str:
    return f"data:{kinds.sniff(data, file.name).content_type};base64,{b64encode(data).decode()}"


def _path_for_model(file: Attachment) -> str:
    """Return where the small image lies; where there is none, the image or its thumbnail."""
    is_fit = remaking.is_shown_as_stored(file.content_type, file.size)
    return file.small or file.preview or (file.path if is_fit else file.thumbnail) or file.path


def path_of(file: Attachment, variant: str) -> str:
    """Return where the bytes of a variant lie; empty where the file has none."""
    if variant.startswith(links.PAGE):
        return _page_of(file, variant.removeprefix(links.PAGE))
    known = {
        links.THUMBNAIL: file.thumbnail,
        links.PREVIEW: file.preview or file.path,
        links.KEPT: file.kept,
        links.ORIGINAL: file.path,
    }
    return known.get(variant, "")


def _page_of(file: Attachment, number: str) -> str:
    """Return where a further page lies; the second is the first of those."""
    place = int(number) - 2 if _PAGE.fullmatch(number) else -1
    pages = file.shown_pages
    return str(pages[place]["path"]) if 0 <= place < len(pages) else ""


def served_type(file: Attachment, variant: str, data: bytes = b"") -> str:
    """Return the content type under which a variant of a file, with these bytes, is served."""
    if variant == links.THUMBNAIL:
        return "image/webp"
    if variant == links.KEPT:
        return kinds.UNKNOWN
    if variant != links.ORIGINAL and path_of(file, variant) != file.path:
        return kinds.sniff(data, file.name).content_type
    return kinds.served_type(file.content_type, file.kind, file.name)


def served_name(file: Attachment, variant: str, content_type: str) -> str:
    """Return the name under which a variant of a file is served."""
    if variant == links.KEPT:
        return kinds.harmless_name(file.name, kinds.UNKNOWN)
    if file.kind != Attachment.Kind.IMAGE:
        return kinds.harmless_name(file.name, file.content_type)
    stem = file.name.rpartition(".")[0] or file.name
    page = f" {variant}" if variant.startswith(links.PAGE) else ""
    return kinds.harmless_name(f"{stem}{page}", content_type)
