"""Reading attachments: what a link opens, and what a model gets to know of them."""

import io
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.files.storage import default_storage
from PIL import Image

from conversations.files import kinds, texts
from conversations.models import Attachment, Message

MOST_IMAGES = 8
IMAGE_SIDE = 1024
_KILO = 1024


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What of a message's files goes to a model: images as data URLs, lines about the rest."""

    images: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def attachment(identifier: UUID) -> Attachment | None:
    """Return one attachment; who may open it is the link's business."""
    return Attachment.objects.filter(pk=identifier).first()


def read(path: str, *, start: int = 0, end: int | None = None) -> bytes:
    """Return the bytes of a stored file from ``start`` up to but not including ``end``."""
    with default_storage.open(path, "rb") as file:
        file.seek(start)
        data: bytes = file.read() if end is None else file.read(end - start)
        return data


def shown_to_model(messages: Iterable[Message], *, can_see: bool) -> dict[UUID, Shown]:
    """Return what a model gets of the files of ``messages``, by the message's id.

    The newest images alone are shown, at most eight; files that are gone are named like others.
    """
    order = {message.pk: message.position for message in messages}
    rows = list(Attachment.objects.filter(message__in=list(order)).order_by("order", "id"))
    images = [row for row in rows if row.kind == Attachment.Kind.IMAGE and can_see]
    images.sort(key=lambda row: (order[_message_of(row)], row.order))
    seen = {row.pk for row in images[-MOST_IMAGES:]}
    by_message: dict[UUID, list[Attachment]] = {}
    for row in rows:
        by_message.setdefault(_message_of(row), []).append(row)
    return {message: _shown(files, seen) for message, files in by_message.items()}


def line_of(file: Attachment) -> str:
    """Return what a model reads of a file that it cannot see."""
    parts = [f"[{file.get_kind_display()} attached: {file.name} ({size_of(file.size)})]"]
    if file.transcript:
        parts.append(f"What is said in it: {file.transcript}")
    if file.description:
        parts.append(f"What is seen in it: {file.description}")
    if texts.is_readable(file.content_type) and (text := _text(file)):
        parts.append(f"Its text:\n{text}")
    return "\n".join(parts)


def size_of(size: int) -> str:
    """Write a size for people."""
    if size < _KILO:
        return f"{size} B"
    if size < _KILO * _KILO:
        return f"{size / _KILO:.0f} KB"
    return f"{size / _KILO / _KILO:.1f} MB"


def _message_of(row: Attachment) -> UUID:
    assert row.message_id is not None  # noqa: S101 - the query asks for those of messages
    return row.message_id


def _shown(files: Sequence[Attachment], seen: set[UUID]) -> Shown:
    images, lines = [], []
    for file in files:
        url = _data_url(file) if file.pk in seen else None
        if url:
            images.append(url)
        else:
            lines.append(line_of(file))
    return Shown(images=tuple(images), lines=tuple(lines))


def _data_url(file: Attachment) -> str | None:
    """Return the image, made small, as JPEG or PNG, which every model reads."""
    try:
        with Image.open(io.BytesIO(read(file.path))) as image:
            image.thumbnail((IMAGE_SIDE, IMAGE_SIDE))
            has_alpha = "A" in image.getbands()
            target = io.BytesIO()
            small = image.convert("RGBA" if has_alpha else "RGB")
            small.save(target, format="PNG" if has_alpha else "JPEG")
    except (OSError, ValueError):
        return None
    content_type = "image/png" if has_alpha else "image/jpeg"
    return f"data:{content_type};base64,{b64encode(target.getvalue()).decode()}"


def _text(file: Attachment) -> str:
    try:
        return texts.text_of(read(file.path, end=texts.MOST * 4))
    except OSError:
        return ""


def served_type(file: Attachment, variant: str) -> str:
    """Return the content type under which a file or its thumbnail leaves."""
    return (
        "image/webp" if variant == "thumbnail" else kinds.served_type(file.content_type, file.kind)
    )
